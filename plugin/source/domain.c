/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/open.h"
#include "model/origin.h"
#include "source/parts.h"
#include "virt/snapshot.h"
#include "virt/tree.h"

#include <string.h>

VpScope
vp_source_get_scope(const VpOpening *opening)
{
    return vp_connection_is_session(opening->connection) ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM;
}

/* What today's definition says of the disks tells whether a snapshot's still hold; of a
 * running domain that is read as it is now, it says what is read. */
static gboolean
read_today(VpOpening *opening, GError **error)
{
    gboolean secrets = opening->options->secrets;
    if (!vp_virt_domain_is_active(opening->domain, &opening->active, error))
        return FALSE;
    g_autofree char *xml = opening->active
                               ? vp_virt_domain_get_live_xml(opening->domain, secrets, error)
                               : vp_virt_domain_get_xml(opening->domain, secrets, error);
    opening->today = xml ? vp_xml_parse(xml, strlen(xml), "domain", error) : NULL;
    if (opening->active && !opening->snapshot && !opening->options->config_only)
        opening->live = opening->today;
    return opening->today != NULL;
}

static VpSnapshot *
find_snapshot(VpVirtDomain *domain, const VpExportOptions *options, GError **error)
{
    g_autofree char *xml =
        vp_virt_domain_get_snapshot_xml(domain, options->snapshot, options->secrets, error);
    return xml ? vp_snapshot_parse(xml, error) : NULL;
}

/* What other snapshots say tells whether the images of one still hold its bytes. One that
 * cannot be read says nothing. */
static gboolean
read_snapshots(VpOpening *opening, GError **error)
{
    if (!opening->snapshot && !opening->options->all_snapshots)
        return TRUE;
    g_autoptr(GPtrArray) list = vp_virt_list_snapshot_tree(opening->domain, FALSE, error);
    if (!list)
        return FALSE;
    opening->snapshots = g_ptr_array_new_with_free_func((GDestroyNotify)vp_snapshot_free);
    for (guint i = 0; i < list->len; i++) {
        VpSnapshot *snapshot =
            vp_snapshot_parse(((const VpVirtSnapshot *)list->pdata[i])->xml, NULL);
        if (snapshot)
            g_ptr_array_add(opening->snapshots, snapshot);
    }
    return TRUE;
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
was_off(const VpOpening *opening)
{
    return opening->snapshot ? vp_snapshot_was_off(opening->snapshot) : !opening->active;
}

/* Its images are written to as they are copied. */
static gboolean
check_off(const VpOpening *opening, GError **error)
{
    if (!opening->options->all_snapshots || !opening->active)
        return TRUE;
    gboolean paused = vp_virt_domain_is_paused(opening->domain);
    vp_error_set(error, VP_ERROR_FAILED,
                 "domain %s %s: its images, which hold all its snapshots, are copied of a domain "
                 "that is shut off only: %sshut it off, or export one moment of it",
                 vp_virt_domain_get_name(opening->domain), paused ? "is paused" : "runs",
                 paused ? "resume it and " : "");
    vp_error_add_fix(error, "--snapshot NAME");
    return FALSE;
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
    opening->machine->consistency = was_off(opening) ? VP_CONSISTENCY_OFF : VP_CONSISTENCY_CRASH;
    return vp_source_find_ram(opening, error) && open_disks(opening, error) &&
           vp_source_read_state(opening, error) &&
           (!opening->options->all_snapshots || vp_source_open_tree(opening, error));
}

/* As text: what the disks of @domain lie on. */
static char *
format_disks(xmlDoc *domain)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    for (guint i = 0; i < disks->len; i++) {
        g_autofree char *disk = vp_xml_format_node(((const VpDomainDisk *)disks->pdata[i])->node);
        g_string_append(text, disk);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Before the images were open, and so locked, one may have been committed to another. */
static gboolean
check_same_disks(const VpOpening *opening, GError **error)
{
    VpOpening again = *opening;
    if (!opening->snapshots || opening->options->config_only)
        return TRUE;
    if (!read_today(&again, error))
        return FALSE;
    g_autofree char *was = format_disks(opening->today);
    g_autofree char *is = format_disks(again.today);
    xmlFreeDoc(again.today);
    if (strcmp(was, is) == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "domain %s: its disks changed while they were looked at: try again",
                 vp_virt_domain_get_name(opening->domain));
    return FALSE;
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
    g_autoptr(GHashTable) known = vp_layer_known_new();
    VpOpening opening = {
        .connection = connection,
        .domain = domain,
        .options = options,
        .snapshot = snapshot,
        .known = known,
        .machine = machine,
        .report = report,
        .cancellable = cancellable,
    };
    gboolean opened = read_today(&opening, error) && check_off(&opening, error) &&
                      read_snapshots(&opening, error) && open_machine(&opening, error) &&
                      check_same_disks(&opening, error);
    g_clear_pointer(&opening.today, xmlFreeDoc);
    g_clear_pointer(&opening.snapshots, g_ptr_array_unref);
    return opened ? g_steal_pointer(&machine) : NULL;
}
