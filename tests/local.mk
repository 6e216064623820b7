# SPDX-License-Identifier: LGPL-2.1-or-later
# make check: what needs no guest. The live tests are run by bootstrap.

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	G_SLICE=always-malloc G_DEBUG=fatal-criticals \
	VP_SRCDIR='$(abs_top_srcdir)' VP_BUILDDIR='$(abs_top_builddir)' \
	VIRT_PORTER='$(abs_top_builddir)/virt-porter'

include %D%/unit/local.mk
include %D%/fuzz/local.mk
include %D%/xml/local.mk
include %D%/guest/local.mk
include %D%/live/local.mk
include %D%/demo/local.mk
include %D%/meta/local.mk
include %D%/bad/local.mk
