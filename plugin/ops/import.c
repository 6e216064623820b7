/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files.h"
#include "ops/prepare.h"
#include "ops/undo.h"
#include "virt/define.h"

#include <syslog.h>

void
vp_import_result_free(VpImportResult *result)
{
    if (!result)
        return;
    g_free(result->name);
    g_free(result->uuid);
    g_free(result->domain_xml);
    g_free(result->identity);
    g_clear_pointer(&result->files, g_ptr_array_unref);
    g_free(result);
}

static void
log_import(const VpImportResult *result, const VpPackage *package)
{
    g_autofree char *user = vp_caller_name();
    syslog(LOG_INFO | LOG_DAEMON,
           "virt-porter: %s imported package %s (sha256 %s) as domain %s (uuid %s)", user,
           vp_package_get_path(package), vp_package_get_identity(package), result->name,
           result->uuid);
}

static gboolean
start(VpConnection *connection, VpImportResult *result, GError **error)
{
    g_autoptr(GError) local = NULL;
    if (vp_virt_start(connection, result->uuid, &local)) {
        result->started = TRUE;
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_PARTIAL, "domain %s is imported, but did not start: %s",
                 result->name, local->message);
    vp_error_add_fix(error, "virsh start %s", result->name);
    return FALSE;
}

static gboolean
put_on_host(const VpImport *import, const VpObserver *observer, GCancellable *cancellable,
            VpImportResult *result, GError **error)
{
    g_autoptr(VpJournal) journal = vp_journal_new();
    g_autoptr(VpMeter) meter =
        vp_meter_new(observer, "copy", vp_sink_host_bytes(import->machine, import->plan));
    result->files = g_ptr_array_new_with_free_func(g_free);
    VpHostSink sink = {
        .connection = import->connection,
        .machine = import->machine,
        .plan = import->plan,
        .facts = import->facts,
        .domain = import->domain,
        .ram = import->ram,
        .snapshots = import->snapshots,
        .run_as = import->run_as,
        .journal = journal,
        .meter = meter,
        .cancellable = cancellable,
        .files = result->files,
    };
    if (vp_sink_host(&sink, error))
        return TRUE;
    vp_package_advise(error);
    vp_undo(journal, import->connection, error);
    return FALSE;
}

static VpImportResult *
result_new(const VpImport *import)
{
    const VpManifest *manifest = vp_package_get_manifest(import->package);
    VpImportResult *result = g_new0(VpImportResult, 1);
    result->name = g_strdup(import->plan->name);
    result->uuid = g_strdup(import->plan->uuid);
    result->domain_xml = vp_xml_format(import->domain);
    result->identity = g_strdup(vp_package_get_identity(import->package));
    if (vp_manifest_get_moment(manifest)->ram)
        result->ram = vp_ram_fate_to_string(import->plan->ram);
    return result;
}

gboolean
vp_import(const VpImportOptions *options, const VpObserver *observer, GCancellable *cancellable,
          VpImportResult **ret_result, GError **error)
{
    g_auto(VpCancelScope) scope = vp_cancel_scope_enter(cancellable);
    g_auto(VpImport) import = {0};
    if (!vp_import_prepare(&import, options, error))
        return FALSE;
    vp_report_tell(import.report, observer);
    g_autoptr(VpImportResult) result = result_new(&import);
    if (options->dry_run) {
        *ret_result = g_steal_pointer(&result);
        return vp_report_check(import.report, error);
    }
    if (!vp_report_check(import.report, error) ||
        !put_on_host(&import, observer, cancellable, result, error))
        return FALSE;
    log_import(result, import.package);
    result->started = import.plan->ram == VP_RAM_START;
    gboolean whole =
        !import.plan->start || result->started || start(import.connection, result, error);
    *ret_result = g_steal_pointer(&result);
    return whole;
}
