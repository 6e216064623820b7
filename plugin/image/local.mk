# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_la_SOURCES += \
	%D%/copy.c \
	%D%/copy.h \
	%D%/create.c \
	%D%/digest.c \
	%D%/digest.h \
	%D%/export.c \
	%D%/export.h \
	%D%/header.c \
	%D%/header.h \
	%D%/layer.c \
	%D%/lock.c \
	%D%/lock.h \
	%D%/nbd.c \
	%D%/nbd.h \
	%D%/network.c \
	%D%/network.h \
	%D%/open.c \
	%D%/open.h \
	%D%/probe.c \
	%D%/probe.h \
	%D%/qcow2.c \
	%D%/qcow2.h \
	%D%/qemu-nbd.c \
	%D%/qemu-nbd.h \
	%D%/raw.c \
	%D%/raw.h \
	%D%/save-image.c \
	%D%/save-image.h \
	%D%/serve.c \
	%D%/serve.h \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/tool.c \
	%D%/tool.h \
	%D%/vmstate.c \
	%D%/vmstate.h
