/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * native: what libvirt would make of a domain XML, without defining it. It is told
 * by the QEMU command line that libvirt builds, for which none of the domain's disks,
 * bridges or networks need exist; emulator, machine type and pools must. libvirt runs
 * the XML's <emulator>: the powers of a stranger's XML are checked before.
 */
#pragma once

#include "virt/connection.h"

/* Whether libvirt could turn @xml into a QEMU command line. What libvirt refuses is
 * VP_ERROR_FINDINGS, a secret that is not here, or has no value, VP_ERROR_NOT_FOUND.
 * NICs are not looked at. *@ret_unsupported is TRUE, without error, where it cannot be
 * told: another driver than QEMU's, or a caller who may not ask. */
gboolean vp_virt_check_xml(VpConnection *connection, const char *xml, gboolean *ret_unsupported,
                           GError **error);

/* The firmware that the domain of @xml boots with on that host, also where libvirt
 * chooses it (<os firmware='efi'>); NULL when it is the hypervisor's own BIOS, or
 * unknown. Caller frees. */
char *vp_virt_find_firmware(VpConnection *connection, const char *xml);

/* The file of its UEFI variables, which may not exist before the first start; NULL
 * when there is none, or unknown. Caller frees. */
char *vp_virt_find_nvram(VpConnection *connection, const char *xml);
