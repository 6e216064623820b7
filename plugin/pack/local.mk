# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/package.c \
	%D%/package.h \
	%D%/stream.c \
	%D%/stream.h \
	%D%/taken.c \
	%D%/taken.h \
	%D%/writer.c \
	%D%/writer.h
