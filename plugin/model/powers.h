/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * powers: what a domain XML asks of the host beyond the harmless. Each element and
 * attribute is held against one table; what the table does not know is a power too.
 */
#pragma once

#include "base/xml.h"

typedef enum {
    VP_POWER_EMULATOR,
    VP_POWER_COMMANDLINE,
    VP_POWER_KERNEL,
    VP_POWER_LOADER,
    VP_POWER_HOSTDEV,
    VP_POWER_HOSTPATH,
    VP_POWER_BLOCKDEV,
    VP_POWER_CHARDEV,
    VP_POWER_SCRIPT,
    VP_POWER_SECLABEL,
    VP_POWER_LISTEN,
    VP_POWER_SECRET,
    VP_POWER_RESOURCE,
    VP_POWER_RAM,
    VP_POWER_UNKNOWN,
    VP_POWER_LAST,
} VpPower;

/* A power is named at so many places of one domain at most, a hostile one has
 * millions; the first of each power is always named. */
#define VP_POWER_MAX_PLACES 64

/* The name of @power, as in `--allow`. */
const char *vp_power_to_string(VpPower power);

/* FALSE, and @ret_power untouched, when there is no power named @text. */
gboolean vp_power_parse(const char *text, VpPower *ret_power);

/* One place that asks for a power. */
typedef struct {
    VpPower power;
    char *place; /* "/domain/devices/disk[2]/source/@file" */
    char *what;  /* "<emulator> /usr/bin/x" or "rawio='yes'": escaped, one line, short */
} VpPowerUse;

void vp_power_use_free(VpPowerUse *use);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPowerUse, vp_power_use_free)

/* Every place in @domain that asks for a power, in document order; caller frees.
 * What the importer marked as his own (vp_xml_mark_own()), an element or an attribute,
 * is passed over, but not what lies inside. What lies below an element of the same power
 * is not named again.
 * @firmware: paths of loaders and NVRAM templates that the host itself lists,
 * NULL-terminated, may be NULL. */
GPtrArray *vp_powers_find(xmlDoc *domain, const char *const *firmware);
