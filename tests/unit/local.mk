# SPDX-License-Identifier: LGPL-2.1-or-later
# A program a file: tests/unit/test-X.c tests what X holds.

unit_tests = \
	%D%/test-host \
	%D%/test-powers \
	%D%/test-virt

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
LDADD = plugin/libcore.la
tests_unit_test_host_SOURCES = %D%/test-host.c
tests_unit_test_powers_SOURCES = %D%/test-powers.c %D%/powers-rows.h
tests_unit_test_virt_SOURCES = %D%/test-virt.c
