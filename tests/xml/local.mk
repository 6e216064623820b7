# SPDX-License-Identifier: LGPL-2.1-or-later
# Rows: a domain, a host, options, and the domain and the findings that must come of them.

check_PROGRAMS += %D%/retarget %D%/powers
tests_xml_retarget_SOURCES = %D%/retarget.c
tests_xml_powers_SOURCES = %D%/powers.c
TESTS += %D%/rows.sh %D%/schema.sh %D%/grown.sh
EXTRA_DIST += \
	%D%/schema.sh \
	%D%/grown.sh \
	%D%/grow.pl \
	%D%/schema.pl \
	%D%/contexts.pl \
	%D%/harmless.pl \
	%D%/harmless.txt \
	%D%/rows.sh \
	%D%/rows.txt \
	%D%/differ.pl \
	%D%/system.ini \
	%D%/session.ini \
	%D%/domains \
	%D%/expected
