/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* define: a domain is made, unmade, and told to start. */
#pragma once

#include "virt/connection.h"

/* Defines @xml, validated against libvirt's schema. libvirt would overwrite a
 * domain of the same name and UUID in silence: both are looked up first, and taken
 * ones are VP_ERROR_FINDINGS. */
gboolean vp_virt_define(VpConnection *connection, const char *xml, const char *name,
                        const char *uuid, GError **error);

/* Undefines the domain @uuid; its NVRAM and TPM files stay, its managed save and the
 * metadata of its snapshots go. One that runs is refused; no such domain is no error. */
gboolean vp_virt_undefine(VpConnection *connection, const char *uuid, GError **error);

/* What `virsh start` and `virsh autostart` do to the domain @uuid. */
gboolean vp_virt_start(VpConnection *connection, const char *uuid, GError **error);
gboolean vp_virt_set_autostart(VpConnection *connection, const char *uuid, GError **error);
