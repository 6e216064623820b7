# SPDX-License-Identifier: LGPL-2.1-or-later
# The core is all but cli/: the shared library and the tests link it.

noinst_LTLIBRARIES += %D%/libcore.la
%C%_libcore_la_SOURCES =
%C%_libcore_la_LIBADD = \
	$(GLIB_LIBS) $(LIBVIRT_LIBS) $(LIBXML_LIBS) \
	$(JSON_GLIB_LIBS) $(CRYPTO_LIBS) $(NBD_LIBS) $(ZSTD_LIBS)

include %D%/base/local.mk
include %D%/model/local.mk
include %D%/virt/local.mk
include %D%/image/local.mk
include %D%/pack/local.mk
include %D%/host/local.mk
include %D%/source/local.mk
include %D%/sink/local.mk
include %D%/ops/local.mk

# The library exports what virt-porter.h declares: the list holds just that.
lib_LTLIBRARIES += %D%/libvirt-porter.la
%C%_libvirt_porter_la_SOURCES =
%C%_libvirt_porter_la_LIBADD = %D%/libcore.la
%C%_libvirt_porter_la_LDFLAGS = \
	$(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(srcdir)/%D%/libvirt-porter.syms
EXTRA_%C%_libvirt_porter_la_DEPENDENCIES = %D%/libvirt-porter.syms
EXTRA_DIST += %D%/libvirt-porter.syms
include_HEADERS += %D%/virt-porter.h

pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = %D%/virt-porter.pc

include %D%/cli/local.mk
