/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* devices: the network devices of this host. */
#pragma once

#include <glib.h>

/* TRUE when this host has a network device @name; when it is a bridge of the kernel.
 * A bridge of Open vSwitch is to the kernel a device like others. */
gboolean vp_interface_exists(const char *name);
gboolean vp_bridge_exists(const char *name);

/* The bridges of the kernel, sorted; caller frees. */
GStrv vp_bridge_list(void);
