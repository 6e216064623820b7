/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: a disk that somebody else serves over NBD. */
#pragma once

#include "base/disk.h"

/* Reads the export @name of the server on the unix socket @path; @what names the disk in
 * messages. */
VpDiskReader *vp_export_open(const char *path, const char *name, const char *what, GError **error);
