/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ops/prepare.h"

char *
vp_plan(const VpImportOptions *options, const VpObserver *observer, GCancellable *cancellable,
        GError **error)
{
    g_auto(VpCancelScope) scope = vp_cancel_scope_enter(cancellable);
    g_auto(VpImport) import = {0};
    if (!vp_import_prepare(&import, options, error) || !vp_check_cancelled(cancellable, error))
        return NULL;
    vp_report_tell(import.report, observer);
    return vp_plan_file_format(import.plan, import.machine, import.facts, import.report,
                               vp_package_get_identity(import.package));
}
