# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_la_SOURCES += \
	%D%/copy.c \
	%D%/copy.h \
	%D%/digest.c \
	%D%/digest.h \
	%D%/header.c \
	%D%/header.h \
	%D%/layer.c \
	%D%/nbd.c \
	%D%/nbd.h \
	%D%/open.h \
	%D%/probe.c \
	%D%/probe.h \
	%D%/qemu-nbd.c \
	%D%/raw.c \
	%D%/storage-daemon.c
