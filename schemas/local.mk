# SPDX-License-Identifier: LGPL-2.1-or-later
# The schemas are installed for others, and built into the library for itself.

schemadir = $(pkgdatadir)/schemas
dist_schema_DATA = \
	%D%/package.rng \
	%D%/plan.rng \
	%D%/ram.rng

RESOURCE_XML = %D%/schemas.gresource.xml
EXTRA_DIST += $(RESOURCE_XML)
COMPILE_RESOURCE = $(AM_V_GEN)mkdir -p %D% && $(GLIB_COMPILE_RESOURCES) \
	--sourcedir=$(srcdir)/%D% --c-name=vp_schemas --internal

%D%/vp-schemas.h: $(RESOURCE_XML)
	$(COMPILE_RESOURCE) --generate-header --target=$@ $(srcdir)/$(RESOURCE_XML)
%D%/vp-schemas.c: $(RESOURCE_XML) $(dist_schema_DATA)
	$(COMPILE_RESOURCE) --generate-source --target=$@ $(srcdir)/$(RESOURCE_XML)

BUILT_SOURCES += %D%/vp-schemas.h
CLEANFILES += %D%/vp-schemas.h %D%/vp-schemas.c
nodist_plugin_libcore_a_SOURCES = \
	%D%/vp-schemas.c \
	%D%/vp-schemas.h
