# SPDX-License-Identifier: LGPL-2.1-or-later
# The core is all but cli/: the shared library and the tests link it. Its objects are no objects of
# libtool's, which takes about as long as the compiler that it starts; at the end it therefore
# warns of other systems, where they might not do for a shared library.

noinst_LIBRARIES += %D%/libcore.a
%C%_libcore_a_SOURCES =
core_libs = \
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
%C%_libvirt_porter_la_LIBADD = $(plugin_libcore_a_OBJECTS) $(core_libs)
%C%_libvirt_porter_la_LDFLAGS = \
	$(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(srcdir)/%D%/libvirt-porter.syms
EXTRA_%C%_libvirt_porter_la_DEPENDENCIES = %D%/libvirt-porter.syms
EXTRA_DIST += %D%/libvirt-porter.syms
include_HEADERS += %D%/virt-porter.h

pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = %D%/virt-porter.pc

include %D%/cli/local.mk
