# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/abort.c \
	%D%/abort.h \
	%D%/autoptr.h \
	%D%/backup.c \
	%D%/backup.h \
	%D%/connection.c \
	%D%/connection.h \
	%D%/define.c \
	%D%/define.h \
	%D%/domain.c \
	%D%/domain.h \
	%D%/names.c \
	%D%/names.h \
	%D%/native.c \
	%D%/native.h \
	%D%/network.c \
	%D%/network.h \
	%D%/pool.c \
	%D%/pool.h \
	%D%/restore.c \
	%D%/restore.h \
	%D%/running.c \
	%D%/running.h \
	%D%/save-image.c \
	%D%/save-image.h \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/storage.c \
	%D%/storage.h \
	%D%/tree.c \
	%D%/tree.h
