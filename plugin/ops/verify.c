/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fd.h"
#include "image/container.h"
#include "image/copy.h"
#include "image/raw.h"
#include "model/domain.h"
#include "model/report.h"
#include "model/snapshot-xml.h"
#include "pack/stream.h"
#include "source/image.h"

#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024) /* bytes of a stream that are looked at at once */

/* A verification on its way: it goes on after a fault, to name them all. */
typedef struct {
    const VpPackage *package;
    VpRunAs run_as;
    VpReport *report;
    VpMeter *meter;
    GCancellable *cancellable;
    guint64 bytes;
    guint faults;
    gboolean unsafe;
} Verification;

static void
note_fault(Verification *verification, const char *member, const GError *fault)
{
    g_autofree char *resource = g_strdup_printf("file:%s", member);
    vp_report_add(verification->report, VP_FINDING_PACKAGE_DAMAGED, VP_LEVEL_ERROR, resource, "%s",
                  fault->message);
    verification->faults++;
    verification->unsafe |= g_error_matches(fault, VP_ERROR, VP_ERROR_UNSAFE);
}

/* Whether the package is at fault, and not the host, which could not look at it. */
static gboolean
is_fault(const GError *error)
{
    return g_error_matches(error, VP_ERROR, VP_ERROR_DAMAGED) ||
           g_error_matches(error, VP_ERROR, VP_ERROR_UNSAFE) ||
           g_error_matches(error, VP_ERROR, VP_ERROR_VERSION);
}

/* A fault of @member is noted, and the verification goes on: TRUE. Anything else, Ctrl-C
 * too, ends it. */
static gboolean
go_on(Verification *verification, const char *member, GError *why, GError **error)
{
    if (!is_fault(why)) {
        g_propagate_error(error, why);
        return FALSE;
    }
    note_fault(verification, member, why);
    g_error_free(why);
    return TRUE;
}

static gboolean
verify_member(Verification *verification, const VpMember *member, GError **error)
{
    if (!member)
        return TRUE;
    GError *why = NULL;
    g_autoptr(GBytes) bytes = vp_package_load_member(verification->package, member, &why);
    if (!bytes)
        return go_on(verification, member->name, why, error);
    verification->bytes += g_bytes_get_size(bytes);
    return TRUE;
}

/* What an importer refuses of a definition, whatever its digest. */
static gboolean
check_domain(const char *text, gsize length, const char *name, GError **error)
{
    g_autoptr(xmlDoc) domain = vp_xml_parse(text, length, name, error);
    return domain && vp_domain_check(domain, name, error);
}

/* Looks at a definition, or a snapshot with one. */
typedef gboolean (*Look)(const char *text, gsize length, const char *name, GError **error);

static gboolean
verify_definition(Verification *verification, const VpMember *member, Look look, GError **error)
{
    GError *why = NULL;
    g_autoptr(GBytes) bytes = vp_package_load_member(verification->package, member, &why);
    gsize length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    if (!text || !look(text, length, member->name, &why))
        return go_on(verification, member->name, why, error);
    verification->bytes += length;
    return TRUE;
}

static gboolean
check_snapshot(const char *text, gsize length, const char *name, GError **error)
{
    g_autoptr(xmlDoc) snapshot = vp_snapshot_xml_parse(text, length, name, error);
    gboolean good = snapshot != NULL;
    for (const char *const *element = vp_snapshot_definitions; good && *element; element++) {
        g_autoptr(xmlDoc) domain = vp_snapshot_xml_find_domain(snapshot, *element);
        good = !domain || vp_domain_check(domain, name, error);
    }
    return good;
}

/* What the tool cannot read although header and size are right is the image's fault. */
static gboolean
blame_image(const VpImage *image, GError *why, GError **error)
{
    if (image->format == VP_IMAGE_FORMAT_QCOW2 && g_error_matches(why, VP_ERROR, VP_ERROR_FAILED)) {
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: %s", image->member, why->message);
        g_error_free(why);
    } else {
        g_propagate_error(error, why);
    }
    return FALSE;
}

static gboolean
set_differs(const VpImage *image, GError **error)
{
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: its bytes are not those that were exported",
                 image->member);
    return FALSE;
}

/* The content digest of a moment's disk, in the image or a layer of it. */
static gboolean
verify_content(Verification *verification, const VpImage *image, const VpMomentDisk *disk,
               GError **error)
{
    g_autoptr(VpDiskReader) reader =
        vp_source_open_disk_of(verification->package, disk, &verification->run_as, error);
    if (!reader)
        return FALSE;
    GError *why = NULL;
    VpCopyResult result;
    if (!vp_copy_guest_data(reader, NULL, verification->meter, verification->cancellable, &result,
                            &why))
        return blame_image(image, why, error);
    verification->bytes += result.allocated;
    gboolean allocated = image->file_digest || result.allocated == image->allocated;
    return (allocated && strcmp(result.digest, disk->digest) == 0) || set_differs(image, error);
}

/* A file that was kept as it was: all its bytes, and what QEMU says of its tables. */
static gboolean
verify_file(Verification *verification, const VpImage *image, GError **error)
{
    vp_autofd int fd = vp_source_open_image(verification->package, image, error);
    g_autoptr(VpDiskReader) reader = fd < 0 ? NULL : vp_raw_open_fd(fd, error);
    VpCopyResult result;
    if (!reader || !vp_copy_guest_data(reader, NULL, verification->meter, verification->cancellable,
                                       &result, error))
        return FALSE;
    verification->bytes += result.allocated;
    if (strcmp(result.digest, image->file_digest) != 0 || result.allocated != image->allocated)
        return set_differs(image, error);
    if (image->format == VP_IMAGE_FORMAT_RAW)
        return TRUE;
    GError *why = NULL;
    gboolean untidy;
    if (!vp_container_check(fd, &verification->run_as, image->member, &untidy, &why))
        return blame_image(image, why, error);
    if (untidy)
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: holds space that nobody needs", image->member);
    return !untidy;
}

static gboolean
verify_files(Verification *verification, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(verification->package);
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        g_autofree char *resource = g_strdup_printf("disk:%s", image->id);
        GError *why = NULL;
        vp_meter_set_resource(verification->meter, resource);
        if (image->file_digest && !verify_file(verification, image, &why) &&
            !go_on(verification, image->member, why, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
verify_stream(Verification *verification, const VpMomentRam *ram, GError **error)
{
    g_autoptr(GInputStream) stream =
        vp_package_open_stream(verification->package, ram->stream, ram->size, error);
    if (!stream)
        return FALSE;
    vp_meter_set_resource(verification->meter, "ram");
    g_autofree char *chunk = g_malloc(CHUNK);
    for (gssize got; (got = g_input_stream_read(stream, chunk, CHUNK, NULL, error)) != 0;) {
        if (got < 0 || !vp_check_cancelled(verification->cancellable, error))
            return FALSE;
        vp_meter_advance(verification->meter, (guint64)got);
        verification->bytes += (guint64)got;
    }
    return TRUE;
}

static gboolean
verify_ram(Verification *verification, const VpMomentRam *ram, GError **error)
{
    GError *why = NULL;
    g_autoptr(VpRam) description = vp_package_load_ram(verification->package, ram, &why);
    if (!description && !go_on(verification, ram->description->name, why, error))
        return FALSE;
    why = NULL;
    return verify_stream(verification, ram, &why) ||
           go_on(verification, ram->stream->name, why, error);
}

static gboolean
verify_disk(Verification *verification, const VpMomentDisk *disk, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(verification->package);
    const VpImage *image = vp_manifest_find_image(manifest, disk->image);
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    vp_meter_set_resource(verification->meter, resource);
    GError *why = NULL;
    return !disk->digest || verify_content(verification, image, disk, &why) ||
           go_on(verification, image->member, why, error);
}

/* FALSE when there is no sense in going on. */
static gboolean
verify_moment(Verification *verification, const VpMoment *moment, GError **error)
{
    const VpMomentSnapshot *snapshot = moment->snapshot;
    gboolean defined = snapshot
                           ? verify_definition(verification, snapshot->xml, check_snapshot, error)
                           : verify_definition(verification, moment->domain, check_domain, error);
    if (!defined || !verify_member(verification, moment->nvram, error))
        return FALSE;
    for (guint i = 0; i < moment->tpm->len; i++) {
        if (!verify_member(verification, moment->tpm->pdata[i], error))
            return FALSE;
    }
    if (moment->ram && !verify_ram(verification, moment->ram, error))
        return FALSE;
    for (guint i = 0; i < moment->disks->len; i++) {
        if (!verify_disk(verification, moment->disks->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
verify_extra(Verification *verification, GError **error)
{
    g_autoptr(GPtrArray) extra = vp_package_find_extra(verification->package, error);
    if (!extra)
        return FALSE;
    for (guint i = 0; i < extra->len; i++) {
        g_autoptr(GError) fault = NULL;
        vp_error_set(&fault, VP_ERROR_DAMAGED, "%s: is in the package, but not in its manifest",
                     (char *)extra->pdata[i]);
        note_fault(verification, extra->pdata[i], fault);
    }
    return TRUE;
}

static guint64
expected_bytes(const VpManifest *manifest)
{
    guint64 bytes = 0;
    for (guint i = 0; i < manifest->images->len; i++)
        bytes += ((const VpImage *)manifest->images->pdata[i])->allocated;
    for (guint i = 0; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        bytes += moment->ram ? moment->ram->size : 0;
        for (guint j = 0; vp_manifest_is_tree(manifest) && j < moment->disks->len; j++) {
            const VpMomentDisk *disk = moment->disks->pdata[j];
            bytes += vp_manifest_find_image(manifest, disk->image)->allocated;
        }
    }
    return bytes;
}

/* As root the tools run as nobody in particular: no daemon need be there to verify. */
static VpRunAs
least_user(void)
{
    VpRunAs run_as = {.drop = geteuid() == 0, .uid = 65534, .gid = 65534};
    return run_as;
}

gboolean
vp_verify(const char *path, const VpObserver *observer, GCancellable *cancellable,
          guint64 *ret_bytes, GError **error)
{
    g_auto(VpCancelScope) scope = vp_cancel_scope_enter(cancellable);
    g_autoptr(VpPackage) package = vp_package_open(path, error);
    if (!package)
        return FALSE;
    const VpManifest *manifest = vp_package_get_manifest(package);
    g_autoptr(VpReport) report = vp_report_new();
    g_autoptr(VpMeter) meter = vp_meter_new(observer, "verify", expected_bytes(manifest));
    Verification verification = {
        .package = package,
        .run_as = least_user(),
        .report = report,
        .meter = meter,
        .cancellable = cancellable,
    };
    if (!verify_files(&verification, error))
        return FALSE;
    for (guint i = 0; i < manifest->moments->len; i++) {
        if (!verify_moment(&verification, manifest->moments->pdata[i], error))
            return FALSE;
    }
    if (!verify_extra(&verification, error))
        return FALSE;
    vp_report_tell(report, observer);
    if (ret_bytes)
        *ret_bytes = verification.bytes;
    if (verification.faults == 0)
        return TRUE;
    vp_error_set(error, verification.unsafe ? VP_ERROR_UNSAFE : VP_ERROR_DAMAGED,
                 verification.faults == 1 ? "%s: %u fault" : "%s: %u faults",
                 vp_package_get_path(package), verification.faults);
    vp_package_advise(error);
    return FALSE;
}
