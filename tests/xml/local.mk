# SPDX-License-Identifier: LGPL-2.1-or-later
# Rows: a domain, a host, options, and the domain and the findings that must come of them.

check_PROGRAMS += %D%/retarget
tests_xml_retarget_SOURCES = %D%/retarget.c
TESTS += %D%/rows.sh
EXTRA_DIST += \
	%D%/rows.sh \
	%D%/rows.txt \
	%D%/differ.pl \
	%D%/system.ini \
	%D%/session.ini \
	%D%/domains \
	%D%/expected
