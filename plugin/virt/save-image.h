/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* save-image: save images as the libvirt daemon sees them. */
#pragma once

#include "virt/connection.h"

/* The definition in the save image at @path, with secrets or without; caller frees. */
char *vp_virt_save_image_get_xml(VpConnection *connection, const char *path, gboolean secrets,
                                 GError **error);
