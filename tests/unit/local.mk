# SPDX-License-Identifier: LGPL-2.1-or-later
# A program a file: tests/unit/test-X.c tests what X holds.

unit_tests = \
	%D%/test-arrival \
	%D%/test-backup \
	%D%/test-check \
	%D%/test-check-nics \
	%D%/test-check-owner \
	%D%/test-check-ram \
	%D%/test-claims \
	%D%/test-copy \
	%D%/test-digest \
	%D%/test-grant \
	%D%/test-header \
	%D%/test-host \
	%D%/test-identity \
	%D%/test-image \
	%D%/test-layer \
	%D%/test-manifest \
	%D%/test-nic \
	%D%/test-option \
	%D%/test-origin \
	%D%/test-plan \
	%D%/test-plan-file \
	%D%/test-powers \
	%D%/test-probe \
	%D%/test-process \
	%D%/test-ram \
	%D%/test-report \
	%D%/test-snapshot \
	%D%/test-stream \
	%D%/test-undo \
	%D%/test-virt \
	%D%/test-wishes \
	%D%/test-xml \
	%D%/test-xmledit

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
LDADD = plugin/libcore.a $(core_libs)
tests_unit_test_arrival_SOURCES = %D%/test-arrival.c
tests_unit_test_backup_SOURCES = %D%/test-backup.c
tests_unit_test_check_SOURCES = %D%/test-check.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_check_nics_SOURCES = %D%/test-check-nics.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_check_owner_SOURCES = %D%/test-check-owner.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_check_ram_SOURCES = %D%/test-check-ram.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_claims_SOURCES = %D%/test-claims.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_copy_SOURCES = %D%/test-copy.c
tests_unit_test_digest_SOURCES = %D%/test-digest.c
tests_unit_test_grant_SOURCES = %D%/test-grant.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_header_SOURCES = %D%/test-header.c
tests_unit_test_host_SOURCES = %D%/test-host.c
tests_unit_test_identity_SOURCES = %D%/test-identity.c
tests_unit_test_image_SOURCES = %D%/test-image.c
tests_unit_test_layer_SOURCES = %D%/test-layer.c
tests_unit_test_manifest_SOURCES = %D%/test-manifest.c
tests_unit_test_nic_SOURCES = %D%/test-nic.c
tests_unit_test_option_SOURCES = %D%/test-option.c
tests_unit_test_origin_SOURCES = %D%/test-origin.c
tests_unit_test_plan_SOURCES = %D%/test-plan.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_plan_file_SOURCES = %D%/test-plan-file.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_powers_SOURCES = %D%/test-powers.c %D%/powers-rows.h
tests_unit_test_probe_SOURCES = %D%/test-probe.c
tests_unit_test_process_SOURCES = %D%/test-process.c
tests_unit_test_ram_SOURCES = %D%/test-ram.c
tests_unit_test_report_SOURCES = %D%/test-report.c
tests_unit_test_snapshot_SOURCES = %D%/test-snapshot.c
tests_unit_test_stream_SOURCES = %D%/test-stream.c
tests_unit_test_undo_SOURCES = %D%/test-undo.c
tests_unit_test_virt_SOURCES = %D%/test-virt.c
tests_unit_test_wishes_SOURCES = %D%/test-wishes.c %D%/model-fixture.c %D%/model-fixture.h
tests_unit_test_xml_SOURCES = %D%/test-xml.c
tests_unit_test_xmledit_SOURCES = %D%/test-xmledit.c
