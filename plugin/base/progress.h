/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* progress: counts the bytes of a phase and tells the observer, five times a second at most. */
#pragma once

#include "base/error.h"

typedef struct _VpMeter VpMeter;

/* @observer may be NULL and must outlive the meter; @total in bytes. */
VpMeter *vp_meter_new(const VpObserver *observer, const char *phase, guint64 total);

/* What the bytes that follow belong to: "disk:vda". */
void vp_meter_set_resource(VpMeter *meter, const char *resource);

/* @bytes more are done; NULL @meter is fine. */
void vp_meter_advance(VpMeter *meter, guint64 bytes);

/* Frees, after one last call with what is done. */
void vp_meter_free(VpMeter *meter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpMeter, vp_meter_free)
