/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/report.h"

typedef struct {
    VpFindingCode code;
    VpLevel level;
    char *resource;
    char *place;
    char *message;
    GPtrArray *fix; /* of char *, without a closing NULL */
} Entry;

struct _VpReport {
    GPtrArray *entries;
};

static const char *const code_names[VP_FINDING_LAST] = {
    [VP_FINDING_NAME_TAKEN] = "name-taken",
    [VP_FINDING_UUID_TAKEN] = "uuid-taken",
    [VP_FINDING_MAC_TAKEN] = "mac-taken",
    [VP_FINDING_FILE_EXISTS] = "file-exists",
    [VP_FINDING_FILE_IN_USE] = "file-in-use",
    [VP_FINDING_NO_SPACE] = "no-space",
    [VP_FINDING_PATH_NOT_WRITABLE] = "path-not-writable",
    [VP_FINDING_PATH_SHARED] = "path-shared",
    [VP_FINDING_LABEL_MODEL_ABSENT] = "label-model-absent",
    [VP_FINDING_OWNER_UNKNOWN] = "owner-unknown",
    [VP_FINDING_OWNER_DENIED] = "owner-denied",
    [VP_FINDING_OWNER_UNUSED] = "owner-unused",
    [VP_FINDING_GRANT_UNAVAILABLE] = "grant-unavailable",
    [VP_FINDING_GRANT_NOT_ENFORCED] = "grant-not-enforced",
    [VP_FINDING_GRANT_NEEDS_LOGIN] = "grant-needs-login",
    [VP_FINDING_GRANT_STALE] = "grant-stale",
    [VP_FINDING_SUBJECT_UNKNOWN] = "subject-unknown",
    [VP_FINDING_NETWORK_MISSING] = "network-missing",
    [VP_FINDING_BRIDGE_MISSING] = "bridge-missing",
    [VP_FINDING_NETWORK_KEPT] = "network-kept",
    [VP_FINDING_NETWORK_INACTIVE] = "network-inactive",
    [VP_FINDING_PORTGROUP_MISSING] = "portgroup-missing",
    [VP_FINDING_VLAN_UNSUPPORTED] = "vlan-unsupported",
    [VP_FINDING_FILTER_MISSING] = "filter-missing",
    [VP_FINDING_MAC_INVALID] = "mac-invalid",
    [VP_FINDING_NIC_REDUCED] = "nic-reduced",
    [VP_FINDING_CPU_CHANGED] = "cpu-changed",
    [VP_FINDING_CPU_INCOMPATIBLE] = "cpu-incompatible",
    [VP_FINDING_ARCH_UNSUPPORTED] = "arch-unsupported",
    [VP_FINDING_HARDWARE_CONTRADICTS] = "hardware-contradicts",
    [VP_FINDING_MACHINE_UNSUPPORTED] = "machine-unsupported",
    [VP_FINDING_VIRT_TYPE_CHANGED] = "virt-type-changed",
    [VP_FINDING_VIRT_TYPE_UNAVAILABLE] = "virt-type-unavailable",
    [VP_FINDING_VERSION_NEWER] = "version-newer",
    [VP_FINDING_FIRMWARE_MISSING] = "firmware-missing",
    [VP_FINDING_TPM_UNAVAILABLE] = "tpm-unavailable",
    [VP_FINDING_POOL_MISSING] = "pool-missing",
    [VP_FINDING_VOLUME_EXISTS] = "volume-exists",
    [VP_FINDING_DEVICE_MISSING] = "device-missing",
    [VP_FINDING_DEVICE_LARGER] = "device-larger",
    [VP_FINDING_PACKAGE_WRITABLE] = "package-writable",
    [VP_FINDING_PACKAGE_NEEDED] = "package-needed",
    [VP_FINDING_PATH_UNREACHABLE] = "path-unreachable",
    [VP_FINDING_NOT_VERIFIED] = "not-verified",
    [VP_FINDING_MEDIA_ABSENT] = "media-absent",
    [VP_FINDING_MEDIA_EJECTED] = "media-ejected",
    [VP_FINDING_SOURCE_MISSING] = "source-missing",
    [VP_FINDING_SECRET_MISSING] = "secret-missing",
    [VP_FINDING_POWER_REFUSED] = "power-refused",
    [VP_FINDING_XML_REFUSED] = "xml-refused",
    [VP_FINDING_PACKAGE_DAMAGED] = "package-damaged",
    [VP_FINDING_DEFINITION_DIFFERS] = "definition-differs",
    [VP_FINDING_DOMAIN_PAUSED] = "domain-paused",
    [VP_FINDING_RAM_ABI] = "ram-abi",
    [VP_FINDING_RAM_IDENTITY] = "ram-identity",
    [VP_FINDING_RAM_NEEDS_SAME_CPU] = "ram-needs-same-cpu",
    [VP_FINDING_UNCHECKED] = "unchecked",
};

const char *
vp_finding_code_to_string(VpFindingCode code)
{
    return code_names[code];
}

static void
entry_free(Entry *entry)
{
    g_free(entry->resource);
    g_free(entry->place);
    g_free(entry->message);
    g_ptr_array_unref(entry->fix);
    g_free(entry);
}

VpReport *
vp_report_new(void)
{
    VpReport *report = g_new0(VpReport, 1);
    report->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    return report;
}

void
vp_report_free(VpReport *report)
{
    if (!report)
        return;
    g_ptr_array_unref(report->entries);
    g_free(report);
}

void
vp_report_add(VpReport *report, VpFindingCode code, VpLevel level, const char *resource,
              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Entry *entry = g_new0(Entry, 1);
    entry->code = code;
    entry->level = level;
    entry->resource = g_strdup(resource);
    entry->message = g_strdup_vprintf(format, args);
    entry->fix = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(report->entries, entry);
    va_end(args);
}

static Entry *
newest(VpReport *report)
{
    return report->entries->pdata[report->entries->len - 1];
}

void
vp_report_set_place(VpReport *report, const char *place)
{
    Entry *entry = newest(report);
    g_free(entry->place);
    entry->place = g_strdup(place);
}

void
vp_report_add_fix(VpReport *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(newest(report)->fix, g_strdup_vprintf(format, args));
    va_end(args);
}

guint
vp_report_count(const VpReport *report, VpLevel level)
{
    guint count = 0;
    for (guint i = 0; i < report->entries->len; i++) {
        const Entry *entry = report->entries->pdata[i];
        count += entry->level == level;
    }
    return count;
}

static void
tell_level(const VpReport *report, VpLevel level, const VpObserver *observer)
{
    for (guint i = 0; i < report->entries->len; i++) {
        const Entry *entry = report->entries->pdata[i];
        if (entry->level != level)
            continue;
        g_autoptr(GPtrArray) fix = g_ptr_array_copy(entry->fix, NULL, NULL);
        g_ptr_array_set_free_func(fix, NULL);
        g_ptr_array_add(fix, NULL);
        VpFinding finding = {
            .code = vp_finding_code_to_string(entry->code),
            .level = entry->level,
            .resource = entry->resource,
            .place = entry->place,
            .message = entry->message,
            .fix = (const char *const *)fix->pdata,
        };
        observer->finding(&finding, observer->data);
    }
}

void
vp_report_tell(const VpReport *report, const VpObserver *observer)
{
    if (!observer || !observer->finding)
        return;
    tell_level(report, VP_LEVEL_ERROR, observer);
    tell_level(report, VP_LEVEL_WARNING, observer);
    tell_level(report, VP_LEVEL_NOTE, observer);
}

/* "name-taken, no-space": the codes of the error findings, each once. */
static char *
list_error_codes(const VpReport *report)
{
    g_autoptr(GString) list = g_string_new(NULL);
    gboolean told[VP_FINDING_LAST] = {FALSE};
    for (guint i = 0; i < report->entries->len; i++) {
        const Entry *entry = report->entries->pdata[i];
        if (entry->level != VP_LEVEL_ERROR || told[entry->code])
            continue;
        told[entry->code] = TRUE;
        g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                               vp_finding_code_to_string(entry->code));
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

gboolean
vp_report_check(const VpReport *report, GError **error)
{
    guint errors = vp_report_count(report, VP_LEVEL_ERROR);
    if (errors == 0)
        return TRUE;
    g_autofree char *codes = list_error_codes(report);
    vp_error_set(error, VP_ERROR_FINDINGS, "nothing was changed: %u error finding%s (%s)", errors,
                 errors == 1 ? "" : "s", codes);
    for (guint i = 0; i < report->entries->len; i++) {
        const Entry *entry = report->entries->pdata[i];
        for (guint j = 0; entry->level == VP_LEVEL_ERROR && j < entry->fix->len; j++)
            vp_error_add_fix(error, "%s", (char *)entry->fix->pdata[j]);
    }
    return FALSE;
}
