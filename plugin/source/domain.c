/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/origin.h"
#include "source/parts.h"

#include <string.h>

static gboolean
refuse_running_snapshot(const VpOpening *opening, GError **error)
{
    vp_error_set(error, VP_ERROR_FAILED,
                 "domain %s is running, and its snapshots are not read meanwhile yet: shut it down "
                 "first, or export its configuration only",
                 vp_virt_domain_get_name(opening->domain));
    vp_error_add_fix(error, "--config-only");
    return FALSE;
}

/* Of a running domain that is to be read as it is now. */
static gboolean
read_live_definition(VpOpening *opening, GError **error)
{
    const VpExportOptions *options = opening->options;
    gboolean active = FALSE;
    if (options->config_only)
        return TRUE;
    if (!vp_virt_domain_is_active(opening->domain, &active, error))
        return FALSE;
    if (!active)
        return TRUE;
    if (opening->snapshot)
        return refuse_running_snapshot(opening, error);
    g_autofree char *xml = vp_virt_domain_get_live_xml(opening->domain, options->secrets, error);
    opening->live = xml ? vp_xml_parse(xml, strlen(xml), "live domain", error) : NULL;
    return opening->live != NULL;
}

/* Disks beside a managed save image are in mid-flight: the RAM holds the rest. */
static gboolean
check_managed_save(const VpOpening *opening, GError **error)
{
    gboolean saved = FALSE;
    if (opening->options->config_only || opening->snapshot || opening->live)
        return TRUE;
    if (!vp_virt_domain_has_managed_save(opening->domain, &saved, error))
        return FALSE;
    if (!saved)
        return TRUE;
    if (opening->options->no_ram) {
        opening->machine->consistency = VP_CONSISTENCY_CRASH;
        vp_machine_leave_out(opening->machine, "ram", "the managed save image, by --no-ram");
        return TRUE;
    }
    const char *name = vp_virt_domain_get_name(opening->domain);
    vp_error_set(error, VP_ERROR_FAILED,
                 "domain %s has a managed save image, its disks are in mid-flight: start it and "
                 "shut it down, or take the disks as after a power cut",
                 name);
    vp_error_add_fix(error, "virsh start %s", name);
    vp_error_add_fix(error, "--no-ram");
    return FALSE;
}

static gboolean
check_snapshot(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    if (!snapshot || strcmp(snapshot->state, "shutoff") == 0)
        return TRUE;
    opening->machine->consistency = VP_CONSISTENCY_CRASH;
    if (!snapshot->has_ram || opening->options->config_only)
        return TRUE;
    if (opening->options->no_ram) {
        vp_machine_leave_out(opening->machine, "ram", "by --no-ram");
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_FAILED,
                 "snapshot %s holds the RAM of a running domain, which is not exported yet: take "
                 "its disks alone, as after a power cut",
                 snapshot->name);
    vp_error_add_fix(error, "--no-ram");
    return FALSE;
}

static VpSnapshot *
find_snapshot(VpVirtDomain *domain, const VpExportOptions *options, GError **error)
{
    g_autofree char *xml =
        vp_virt_domain_get_snapshot_xml(domain, options->snapshot, options->secrets, error);
    return xml ? vp_snapshot_parse(xml, error) : NULL;
}

/* libvirt shows secrets only where asked to. */
static void
note_secrets(const VpOpening *opening, const char *without)
{
    if (opening->options->secrets)
        return;
    g_autofree char *with = vp_virt_domain_get_xml(opening->domain, TRUE, NULL);
    if (with && strcmp(with, without) != 0)
        vp_machine_leave_out(opening->machine, "secrets", "passwords in the domain XML");
}

static gboolean
read_definition(const VpOpening *opening, GError **error)
{
    if (opening->snapshot) {
        opening->machine->domain = xmlCopyDoc(opening->snapshot->domain, 1);
    } else {
        g_autofree char *xml =
            vp_virt_domain_get_xml(opening->domain, opening->options->secrets, error);
        if (!xml)
            return FALSE;
        opening->machine->domain = vp_xml_parse(xml, strlen(xml), "domain", error);
        if (!opening->machine->domain)
            return FALSE;
    }
    vp_origin_remove(opening->machine->domain);
    return vp_domain_check(opening->machine->domain, "domain", error);
}

static gboolean
open_disks(const VpOpening *opening, GError **error)
{
    if (!opening->live)
        return vp_source_open_disks(opening, error);
    vp_source_join_definitions(opening);
    return vp_source_plan_live(opening, error);
}

static gboolean
open_machine(const VpOpening *opening, GError **error)
{
    if (!read_definition(opening, error))
        return FALSE;
    vp_source_describe(opening);
    if (!opening->snapshot) {
        g_autofree char *plain = vp_virt_domain_get_xml(opening->domain, FALSE, NULL);
        if (plain)
            note_secrets(opening, plain);
    }
    return check_managed_save(opening, error) && check_snapshot(opening, error) &&
           open_disks(opening, error) && vp_source_read_state(opening, error);
}

VpMachine *
vp_source_open_domain(VpConnection *connection, const VpExportOptions *options, VpReport *report,
                      GCancellable *cancellable, GError **error)
{
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(connection, options->domain, error);
    if (!domain)
        return NULL;
    g_autoptr(VpSnapshot) snapshot = NULL;
    if (options->snapshot) {
        snapshot = find_snapshot(domain, options, error);
        if (!snapshot)
            return NULL;
    }
    g_autoptr(VpMachine) machine = vp_machine_new();
    machine->moment = g_strdup(options->snapshot);
    g_autoptr(xmlDoc) live = NULL;
    VpOpening opening = {
        .connection = connection,
        .domain = domain,
        .options = options,
        .snapshot = snapshot,
        .machine = machine,
        .report = report,
        .cancellable = cancellable,
    };
    if (!read_live_definition(&opening, error))
        return NULL;
    live = opening.live;
    return open_machine(&opening, error) ? g_steal_pointer(&machine) : NULL;
}
