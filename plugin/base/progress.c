/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/progress.h"

#define INTERVAL (G_USEC_PER_SEC / 5)

struct _VpMeter {
    const VpObserver *observer;
    const char *phase; /* a literal */
    char *resource;
    guint64 done;
    guint64 total;
    gint64 started; /* microseconds, monotonic */
    gint64 told;
};

VpMeter *
vp_meter_new(const VpObserver *observer, const char *phase, guint64 total)
{
    VpMeter *meter = g_new0(VpMeter, 1);
    meter->observer = observer;
    meter->phase = phase;
    meter->total = total;
    meter->started = g_get_monotonic_time();
    return meter;
}

void
vp_meter_set_resource(VpMeter *meter, const char *resource)
{
    g_free(meter->resource);
    meter->resource = g_strdup(resource);
}

static void
tell(VpMeter *meter, gint64 now)
{
    if (!meter->observer || !meter->observer->progress || !meter->resource)
        return;
    double seconds = (double)(now - meter->started) / G_USEC_PER_SEC;
    guint64 rate = seconds > 0 ? (guint64)((double)meter->done / seconds) : 0;
    guint64 left = meter->total > meter->done ? meter->total - meter->done : 0;
    VpProgress progress = {
        .phase = meter->phase,
        .resource = meter->resource,
        .done = meter->done,
        .total = MAX(meter->total, meter->done),
        .bytes_per_second = rate,
        .seconds_left = rate > 0 ? (gint64)((left + rate - 1) / rate) : -1,
    };
    meter->observer->progress(&progress, meter->observer->data);
    meter->told = now;
}

void
vp_meter_advance(VpMeter *meter, guint64 bytes)
{
    if (!meter)
        return;
    meter->done += bytes;
    gint64 now = g_get_monotonic_time();
    if (now - meter->told >= INTERVAL)
        tell(meter, now);
}

void
vp_meter_free(VpMeter *meter)
{
    tell(meter, g_get_monotonic_time());
    g_free(meter->resource);
    g_free(meter);
}
