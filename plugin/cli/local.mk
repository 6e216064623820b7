# SPDX-License-Identifier: LGPL-2.1-or-later
bin_PROGRAMS += virt-porter
virt_porter_SOURCES = \
	%D%/check.c \
	%D%/command.h \
	%D%/complete.c \
	%D%/export.c \
	%D%/help.c \
	%D%/import-options.h \
	%D%/import.c \
	%D%/info.c \
	%D%/list.c \
	%D%/main.c \
	%D%/output.c \
	%D%/output.h \
	%D%/plan.c \
	%D%/revoke.c \
	%D%/verify.c
virt_porter_LDFLAGS = $(AM_LDFLAGS)
virt_porter_LDADD = \
	plugin/libvirt-porter.la \
	$(GLIB_LIBS) $(JSON_GLIB_LIBS)
