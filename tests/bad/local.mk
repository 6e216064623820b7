# SPDX-License-Identifier: LGPL-2.1-or-later
# A package an attack: good packages, each broken in one way.

bad_tests = \
	%D%/domain.sh \
	%D%/good.sh \
	%D%/manifest.sh \
	%D%/members.sh \
	%D%/qcow2.sh \
	%D%/raw.sh

TESTS += $(bad_tests)
EXTRA_DIST += $(bad_tests) \
	%D%/lib.sh
