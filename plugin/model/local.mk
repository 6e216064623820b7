# SPDX-License-Identifier: LGPL-2.1-or-later
plugin_libcore_la_SOURCES += \
	%D%/check.c \
	%D%/check.h \
	%D%/domain.c \
	%D%/domain.h \
	%D%/facts.c \
	%D%/facts.h \
	%D%/identity.c \
	%D%/identity.h \
	%D%/machine.c \
	%D%/machine.h \
	%D%/manifest-format.c \
	%D%/manifest-parse.c \
	%D%/manifest.c \
	%D%/manifest.h \
	%D%/nic.c \
	%D%/nic.h \
	%D%/option.c \
	%D%/option.h \
	%D%/origin.c \
	%D%/origin.h \
	%D%/plan-disks.c \
	%D%/plan-nics.c \
	%D%/plan-parts.h \
	%D%/plan.c \
	%D%/plan.h \
	%D%/powers-table.h \
	%D%/powers.c \
	%D%/powers.h \
	%D%/report.c \
	%D%/report.h \
	%D%/retarget.c \
	%D%/retarget.h \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/xmledit.c \
	%D%/xmledit.h
