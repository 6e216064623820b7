/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* firmware: what this host offers, from QEMU's descriptors (QEMU docs/interop/firmware.json). */
#pragma once

#include "base/error.h"

/* Paths of all loaders and NVRAM templates that the host's descriptors name, without
 * doubles; caller frees. Descriptors that cannot be read are passed over. */
GStrv vp_firmware_list(void);
