# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/chains.c \
	%D%/facts-capabilities.c \
	%D%/facts-cpu.c \
	%D%/facts-domain.c \
	%D%/facts-files.c \
	%D%/facts-network.c \
	%D%/facts-owner.c \
	%D%/facts-parts.h \
	%D%/facts-path.c \
	%D%/facts-pool.c \
	%D%/facts.c \
	%D%/grants.c \
	%D%/grants.h \
	%D%/host.c \
	%D%/package.c \
	%D%/package.h \
	%D%/place.c \
	%D%/place.h \
	%D%/ram.c \
	%D%/ram.h \
	%D%/sink.h \
	%D%/take.c \
	%D%/take.h \
	%D%/tree-host.c \
	%D%/tree-package.c \
	%D%/tree.h
