# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/check.c \
	%D%/export.c \
	%D%/import.c \
	%D%/inspect.c \
	%D%/plan.c \
	%D%/prepare.c \
	%D%/prepare.h \
	%D%/revoke.c \
	%D%/undo.c \
	%D%/undo.h \
	%D%/verify.c
