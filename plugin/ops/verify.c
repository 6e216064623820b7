/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fd.h"
#include "image/copy.h"
#include "image/header.h"
#include "image/open.h"
#include "model/domain.h"
#include "model/ram.h"
#include "model/report.h"
#include "pack/package.h"
#include "pack/stream.h"

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

static gboolean
verify_domain(Verification *verification, const VpMember *member, GError **error)
{
    GError *why = NULL;
    g_autoptr(GBytes) bytes = vp_package_load_member(verification->package, member, &why);
    gsize length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    if (!text || !check_domain(text, length, member->name, &why))
        return go_on(verification, member->name, why, error);
    verification->bytes += length;
    return TRUE;
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

/* The content digest of a moment's disk, in the image or a layer of it. */
static gboolean
verify_image(Verification *verification, const VpImage *image, const char *digest, GError **error)
{
    vp_autofd int fd =
        vp_package_open_member(verification->package, image->member, image->file_size, error);
    VpImageExpectation expected = {.format = image->format, .virtual_size = image->virtual_size};
    if (fd < 0 || !vp_header_check(fd, &expected, image->member, error))
        return FALSE;
    g_autoptr(VpDiskReader) reader =
        vp_image_open_fd(fd, image->format, &verification->run_as, error);
    if (!reader)
        return FALSE;
    GError *why = NULL;
    VpCopyResult result;
    if (!vp_copy_guest_data(reader, NULL, verification->meter, verification->cancellable, &result,
                            &why))
        return blame_image(image, why, error);
    verification->bytes += result.allocated;
    if (strcmp(result.digest, digest) == 0 && result.allocated == image->allocated)
        return TRUE;
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: its bytes are not those that were exported",
                 image->member);
    return FALSE;
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
verify_description(const VpPackage *package, const VpMomentRam *ram, GError **error)
{
    g_autoptr(GBytes) bytes = vp_package_load_member(package, ram->description, error);
    if (!bytes)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(VpRam) description = vp_ram_parse(text, length, error);
    return description != NULL;
}

static gboolean
verify_ram(Verification *verification, const VpMomentRam *ram, GError **error)
{
    GError *why = NULL;
    if (!verify_description(verification->package, ram, &why) &&
        !go_on(verification, ram->description->name, why, error))
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
    return verify_image(verification, image, disk->digest, &why) ||
           go_on(verification, image->member, why, error);
}

/* FALSE when there is no sense in going on. */
static gboolean
verify_moment(Verification *verification, const VpMoment *moment, GError **error)
{
    if (!verify_domain(verification, moment->domain, error) ||
        !verify_member(verification, moment->nvram, error))
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
