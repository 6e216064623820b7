# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/arrival.c \
	%D%/arrival.h \
	%D%/disk.c \
	%D%/disk.h \
	%D%/error.c \
	%D%/error.h \
	%D%/fd.h \
	%D%/journal.c \
	%D%/journal.h \
	%D%/process.c \
	%D%/process.h \
	%D%/progress.c \
	%D%/progress.h \
	%D%/schema.c \
	%D%/schema.h \
	%D%/strings.c \
	%D%/strings.h \
	%D%/xml.c \
	%D%/xml.h
