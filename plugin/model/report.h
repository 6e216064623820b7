/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* report: the list of findings: what in a plan cannot or should not work here. */
#pragma once

#include "base/error.h"

typedef enum {
    VP_FINDING_NAME_TAKEN,
    VP_FINDING_UUID_TAKEN,
    VP_FINDING_MAC_TAKEN,
    VP_FINDING_FILE_EXISTS,
    VP_FINDING_FILE_IN_USE,
    VP_FINDING_NO_SPACE,
    VP_FINDING_PATH_NOT_WRITABLE,
    VP_FINDING_PATH_SHARED,
    VP_FINDING_LABEL_MODEL_ABSENT,
    VP_FINDING_OWNER_UNKNOWN,
    VP_FINDING_OWNER_DENIED,
    VP_FINDING_OWNER_UNUSED,
    VP_FINDING_GRANT_UNAVAILABLE,
    VP_FINDING_GRANT_NOT_ENFORCED,
    VP_FINDING_GRANT_NEEDS_LOGIN,
    VP_FINDING_GRANT_STALE,
    VP_FINDING_SUBJECT_UNKNOWN,
    VP_FINDING_NETWORK_MISSING,
    VP_FINDING_BRIDGE_MISSING,
    VP_FINDING_NETWORK_KEPT,
    VP_FINDING_NETWORK_INACTIVE,
    VP_FINDING_PORTGROUP_MISSING,
    VP_FINDING_VLAN_UNSUPPORTED,
    VP_FINDING_FILTER_MISSING,
    VP_FINDING_MAC_INVALID,
    VP_FINDING_NIC_REDUCED,
    VP_FINDING_CPU_CHANGED,
    VP_FINDING_CPU_INCOMPATIBLE,
    VP_FINDING_ARCH_UNSUPPORTED,
    VP_FINDING_HARDWARE_CONTRADICTS,
    VP_FINDING_MACHINE_UNSUPPORTED,
    VP_FINDING_VIRT_TYPE_CHANGED,
    VP_FINDING_VIRT_TYPE_UNAVAILABLE,
    VP_FINDING_VERSION_NEWER,
    VP_FINDING_FIRMWARE_MISSING,
    VP_FINDING_TPM_UNAVAILABLE,
    VP_FINDING_POOL_MISSING,
    VP_FINDING_VOLUME_EXISTS,
    VP_FINDING_DEVICE_MISSING,
    VP_FINDING_DEVICE_LARGER,
    VP_FINDING_PACKAGE_WRITABLE,
    VP_FINDING_PACKAGE_NEEDED,
    VP_FINDING_PATH_UNREACHABLE,
    VP_FINDING_NOT_VERIFIED,
    VP_FINDING_MEDIA_ABSENT,
    VP_FINDING_MEDIA_EJECTED,
    VP_FINDING_SOURCE_MISSING,
    VP_FINDING_SECRET_MISSING,
    VP_FINDING_POWER_REFUSED,
    VP_FINDING_XML_REFUSED,
    VP_FINDING_PACKAGE_DAMAGED,
    VP_FINDING_DEFINITION_DIFFERS,
    VP_FINDING_DOMAIN_PAUSED,
    VP_FINDING_RAM_ABI,
    VP_FINDING_RAM_IDENTITY,
    VP_FINDING_RAM_NEEDS_SAME_CPU,
    VP_FINDING_UNCHECKED,
    VP_FINDING_LAST,
} VpFindingCode;

/* The stable name of a code: "name-taken". */
const char *vp_finding_code_to_string(VpFindingCode code);

typedef struct _VpReport VpReport;

VpReport *vp_report_new(void);
void vp_report_free(VpReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpReport, vp_report_free)

/* Adds a finding with a printf-style message. The setters below are about the
 * newest one. */
void vp_report_add(VpReport *report, VpFindingCode code, VpLevel level, const char *resource,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);
void vp_report_set_place(VpReport *report, const char *place);
void vp_report_add_fix(VpReport *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

guint vp_report_count(const VpReport *report, VpLevel level);

/* Tells @observer (may be NULL) every finding: errors first, else in the order
 * they were found. */
void vp_report_tell(const VpReport *report, const VpObserver *observer);

/* FALSE with VP_ERROR_FINDINGS when there is an error finding; the message counts
 * them and names their codes. */
gboolean vp_report_check(const VpReport *report, GError **error);
