# SPDX-License-Identifier: LGPL-2.1-or-later
# What holds the rules of the tree: arrows, manual, completion, symbols, style.

meta_tests = \
	%D%/codes.sh \
	%D%/completion.sh \
	%D%/help.sh \
	%D%/layers.sh \
	%D%/names.sh \
	%D%/plan.sh \
	%D%/schema.sh \
	%D%/style.sh \
	%D%/symbols.sh

TESTS += $(meta_tests)
EXTRA_DIST += $(meta_tests) \
	%D%/c-words.awk \
	%D%/functions.awk \
	%D%/tap.sh
