# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/definitions.c \
	%D%/describe.c \
	%D%/disks.c \
	%D%/domain.c \
	%D%/doubt.c \
	%D%/image.c \
	%D%/image.h \
	%D%/join.c \
	%D%/layer.c \
	%D%/leftover.c \
	%D%/live-plan.c \
	%D%/live-ram.c \
	%D%/live-reader.c \
	%D%/live.c \
	%D%/live.h \
	%D%/moment.c \
	%D%/now.c \
	%D%/now.h \
	%D%/overlay.c \
	%D%/package-tree.c \
	%D%/package.c \
	%D%/package.h \
	%D%/parts.h \
	%D%/proof.c \
	%D%/ram.c \
	%D%/source.h \
	%D%/state.c \
	%D%/tree-images.c \
	%D%/tree.c \
	%D%/tree.h \
	%D%/written.c
