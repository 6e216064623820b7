# SPDX-License-Identifier: LGPL-2.1-or-later
# Manual pages are made from reST and go into the tarball, which is then built without
# rst2man too.

EXTRA_DIST += \
	%D%/virt-porter.1.rst \
	%D%/virt-porter-package.5.rst

if HAVE_RST2MAN
dist_man1_MANS = %D%/virt-porter.1
dist_man5_MANS = %D%/virt-porter-package.5
MAINTAINERCLEANFILES = $(dist_man1_MANS) $(dist_man5_MANS)

MAKE_MAN = $(AM_V_GEN)$(MKDIR_P) %D% && \
	sed 's/@VERSION''@/$(VERSION)/' $(srcdir)/$@.rst | $(RST2MAN) --halt=2 - $@.tmp && \
	mv $@.tmp $@
%D%/virt-porter.1: %D%/virt-porter.1.rst
	$(MAKE_MAN)
%D%/virt-porter-package.5: %D%/virt-porter-package.5.rst
	$(MAKE_MAN)
else
dist_man1_MANS = $(wildcard $(srcdir)/%D%/virt-porter.1)
dist_man5_MANS = $(wildcard $(srcdir)/%D%/virt-porter-package.5)
endif

dist_bashcomp_DATA = %D%/completion/virt-porter
