# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_a_SOURCES += \
	%D%/devices.c \
	%D%/devices.h \
	%D%/files.c \
	%D%/files.h \
	%D%/firmware.c \
	%D%/firmware.h \
	%D%/paths.c \
	%D%/paths.h \
	%D%/polkit-use.c \
	%D%/polkit.c \
	%D%/polkit.h \
	%D%/profile.c \
	%D%/profile.h \
	%D%/scratch.c \
	%D%/scratch.h \
	%D%/trust.c \
	%D%/trust.h

# Only there, so that all else is the same wherever it is installed.
%D%/profile.o: AM_CPPFLAGS += -DVP_SYSCONFDIR='"$(sysconfdir)"'
