/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/backup.h"

#include "base/xml.h"
#include "virt/autoptr.h"
#include <string.h>

#define POLL_MS    50
#define END_MAX_MS 60000

const char *
vp_backup_mode_to_string(VpBackupMode mode)
{
    return mode == VP_BACKUP_PULL ? "pull" : "push";
}

/* Scratch files must be qcow2; a copy that is raw needs no tool to be read. */
static const char *
file_format(const VpBackupSpec *spec)
{
    return spec->mode == VP_BACKUP_PULL ? "qcow2" : "raw";
}

static void
disk_free(gpointer data)
{
    VpBackupDisk *disk = data;
    g_free(disk->target);
    g_free(disk->file);
    g_free(disk);
}

void
vp_backup_spec_init(VpBackupSpec *spec)
{
    *spec = (VpBackupSpec){.disks = g_ptr_array_new_with_free_func(disk_free)};
}

void
vp_backup_spec_clear(VpBackupSpec *spec)
{
    g_clear_pointer(&spec->socket, g_free);
    g_clear_pointer(&spec->disks, g_ptr_array_unref);
}

void
vp_backup_spec_add(VpBackupSpec *spec, const char *target, gboolean included)
{
    VpBackupDisk *disk = g_new0(VpBackupDisk, 1);
    disk->target = g_strdup(target);
    disk->included = included;
    g_ptr_array_add(spec->disks, disk);
}

gboolean
vp_backup_spec_is_needed(const VpBackupSpec *spec)
{
    for (guint i = 0; i < spec->disks->len; i++) {
        const VpBackupDisk *disk = spec->disks->pdata[i];
        if (disk->included)
            return TRUE;
    }
    return FALSE;
}

void
vp_backup_spec_place(VpBackupSpec *spec, const char *folder, const char *socket)
{
    g_free(spec->socket);
    spec->socket = g_strdup(socket);
    for (guint i = 0; i < spec->disks->len; i++) {
        VpBackupDisk *disk = spec->disks->pdata[i];
        g_free(disk->file);
        disk->file = g_strdup_printf("%s/%u.%s", folder, i, file_format(spec));
    }
}

static void
add_disk(xmlNode *parent, const VpBackupSpec *spec, const VpBackupDisk *disk)
{
    xmlNode *node = vp_xml_add(parent, "disk");
    vp_xml_set(node, "name", disk->target);
    if (!disk->included) {
        vp_xml_set(node, "backup", "no");
        return;
    }
    gboolean pull = spec->mode == VP_BACKUP_PULL;
    vp_xml_set(node, "backup", "yes");
    vp_xml_set(node, "type", "file");
    if (pull)
        vp_xml_set(node, "exportname", disk->target);
    vp_xml_set(vp_xml_add(node, "driver"), "type", file_format(spec));
    vp_xml_set(vp_xml_add(node, pull ? "scratch" : "target"), "file", disk->file);
}

char *
vp_backup_format_xml(const VpBackupSpec *spec)
{
    g_autoptr(xmlDoc) doc = vp_xml_new("domainbackup");
    xmlNode *root = xmlDocGetRootElement(doc);
    vp_xml_set(root, "mode", vp_backup_mode_to_string(spec->mode));
    if (spec->mode == VP_BACKUP_PULL) {
        xmlNode *server = vp_xml_add(root, "server");
        vp_xml_set(server, "transport", "unix");
        vp_xml_set(server, "socket", spec->socket);
    }
    xmlNode *disks = vp_xml_add(root, "disks");
    for (guint i = 0; i < spec->disks->len; i++)
        add_disk(disks, spec, spec->disks->pdata[i]);
    return vp_xml_format(doc);
}

static gboolean
check_no_block_job(VpVirtDomain *domain, const char *target, GError **error)
{
    virDomainBlockJobInfo info;
    int answer = virDomainGetBlockJobInfo(vp_virt_domain_peer(domain), target, &info, 0);
    const char *name = vp_virt_domain_get_name(domain);
    if (answer == 0)
        return TRUE;
    if (answer < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "disk %s: cannot see whether a job runs on it",
                             target);
        return FALSE;
    }
    vp_error_set(error, VP_ERROR_FAILED,
                 "disk %s: a block job (copy, commit or pull) runs on it: wait for its end, or "
                 "end it",
                 target);
    vp_error_add_fix(error, "virsh blockjob %s %s", name, target);
    vp_error_add_fix(error, "virsh blockjob --abort %s %s", name, target);
    return FALSE;
}

gboolean
vp_backup_check_idle(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    virDomainJobInfo info;
    if (virDomainGetJobInfo(vp_virt_domain_peer(domain), &info) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot see whether a job runs on it",
                             name);
        return FALSE;
    }
    if (info.type == VIR_DOMAIN_JOB_BOUNDED || info.type == VIR_DOMAIN_JOB_UNBOUNDED) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: a job (backup, save or migration) runs on it: wait for its end, or end "
                     "it",
                     name);
        vp_error_add_fix(error, "virsh domjobinfo %s", name);
        vp_error_add_fix(error, "virsh domjobabort %s", name);
        return FALSE;
    }
    for (guint i = 0; i < spec->disks->len; i++) {
        const VpBackupDisk *disk = spec->disks->pdata[i];
        if (disk->included && !check_no_block_job(domain, disk->target, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_backup_begin(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error)
{
    g_autofree char *xml = vp_backup_format_xml(spec);
    if (virDomainBackupBegin(vp_virt_domain_peer(domain), xml, NULL, 0) == 0)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot start a backup job",
                         vp_virt_domain_get_name(domain));
    return FALSE;
}

static guint64
get_number(virTypedParameterPtr params, int n_params, const char *field)
{
    unsigned long long value = 0;
    virTypedParamsGetULLong(params, n_params, field, &value);
    return value;
}

void
vp_backup_get_progress(VpVirtDomain *domain, guint64 *ret_done, guint64 *ret_total)
{
    virTypedParameterPtr params = NULL;
    int n_params = 0, type = VIR_DOMAIN_JOB_NONE;
    if (virDomainGetJobStats(vp_virt_domain_peer(domain), &type, &params, &n_params, 0) < 0)
        return;
    if (type == VIR_DOMAIN_JOB_BOUNDED || type == VIR_DOMAIN_JOB_UNBOUNDED) {
        *ret_done = get_number(params, n_params, VIR_DOMAIN_JOB_DISK_PROCESSED);
        *ret_total = get_number(params, n_params, VIR_DOMAIN_JOB_DISK_TOTAL);
    }
    virTypedParamsFree(params, n_params);
}

gboolean
vp_backup_check_done(VpVirtDomain *domain, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    virTypedParameterPtr params = NULL;
    int n_params = 0, type = VIR_DOMAIN_JOB_NONE;
    if (virDomainGetJobStats(vp_virt_domain_peer(domain), &type, &params, &n_params,
                             VIR_DOMAIN_JOB_STATS_COMPLETED) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot see how the backup job ended",
                             name);
        return FALSE;
    }
    const char *why = NULL;
    virTypedParamsGetString(params, n_params, VIR_DOMAIN_JOB_ERRMSG, &why);
    gboolean good = type == VIR_DOMAIN_JOB_COMPLETED;
    if (!good)
        vp_error_set(error, VP_ERROR_FAILED, "%s: the backup job failed: %s", name,
                     why ? why : "libvirt does not say why");
    virTypedParamsFree(params, n_params);
    return good;
}

/* The file of the first disk that is part of the job tells whose it is. */
static gboolean
names_file(const xmlNode *root, const char *file)
{
    for (xmlNode *disk = vp_xml_find(vp_xml_find(root, "disks"), "disk"); disk;
         disk = vp_xml_find_next(disk, "disk")) {
        if (vp_xml_has(vp_xml_find(disk, "scratch"), "file", file) ||
            vp_xml_has(vp_xml_find(disk, "target"), "file", file))
            return TRUE;
    }
    return FALSE;
}

typedef enum {
    JOB_GONE,
    JOB_RUNS,
    JOB_UNKNOWN, /* the daemon cannot be reached */
} Job;

static Job
look(VpVirtDomain *domain, const VpBackupSpec *spec)
{
    g_autofree char *xml = virDomainBackupGetXMLDesc(vp_virt_domain_peer(domain), 0);
    if (!xml && vp_virt_domain_reach_again(domain))
        xml = virDomainBackupGetXMLDesc(vp_virt_domain_peer(domain), 0);
    if (!xml)
        return vp_virt_domain_is_reached(domain) ? JOB_GONE : JOB_UNKNOWN;
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "backup", NULL);
    for (guint i = 0; doc && i < spec->disks->len; i++) {
        const VpBackupDisk *disk = spec->disks->pdata[i];
        if (disk->included && names_file(xmlDocGetRootElement(doc), disk->file))
            return JOB_RUNS;
    }
    return JOB_GONE;
}

gboolean
vp_backup_runs(VpVirtDomain *domain, const VpBackupSpec *spec)
{
    return look(domain, spec) == JOB_RUNS;
}

gboolean
vp_backup_end(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    Job job = look(domain, spec);
    /* It may come to its end by itself meanwhile. */
    if (job == JOB_RUNS)
        virDomainAbortJob(vp_virt_domain_peer(domain));
    for (guint waited = 0; job == JOB_RUNS && waited < END_MAX_MS; waited += POLL_MS) {
        g_usleep(POLL_MS * 1000);
        job = look(domain, spec);
    }
    if (job == JOB_GONE)
        return TRUE;
    vp_error_set(error, VP_ERROR_PARTIAL, "%s: its backup job %s: end it with virsh", name,
                 job == JOB_RUNS ? "does not end" : "may still run, as libvirt cannot be reached");
    vp_error_add_fix(error, "virsh domjobabort %s", name);
    return FALSE;
}
