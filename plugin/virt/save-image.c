/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/save-image.h"

char *
vp_virt_save_image_get_xml(VpConnection *connection, const char *path, gboolean secrets,
                           GError **error)
{
    unsigned int flags = secrets ? VIR_DOMAIN_SAVE_IMAGE_XML_SECURE : 0;
    char *xml = virDomainSaveImageGetXMLDesc(vp_connection_peer(connection), path, flags);
    if (xml == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read the save image", path);
    return xml;
}
