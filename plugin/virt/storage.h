/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* storage: pools, volumes and networks as libvirt knows them. */
#pragma once

#include "virt/connection.h"

/* Path of the volume in the active pool @pool; *@ret_block when it is a block device.
 * One that is neither file nor block device is VP_ERROR_FAILED. Caller frees. */
char *vp_volume_get_path(VpConnection *connection, const char *pool, const char *volume,
                         gboolean *ret_block, GError **error);

/* Folder of the active pool @name if it is of a kind that is one (dir, fs, netfs);
 * NULL, no error, when there is no such. Caller frees. */
char *vp_pool_find_folder(VpConnection *connection, const char *name);

/* Lets every active pool whose folder is @folder see new files; what fails there is
 * no matter. */
void vp_pool_refresh_folder(VpConnection *connection, const char *folder);

/* Names of all networks, sorted; an empty list where the driver has none. */
GStrv vp_network_list(VpConnection *connection, GError **error);

/* XML of a network, inactive where it is persistent; NULL, no error, when there is
 * none of that name. Caller frees. */
char *vp_network_find_xml(VpConnection *connection, const char *name);
