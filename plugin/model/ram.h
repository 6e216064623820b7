/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ram: ram.xml, what belongs to the RAM of a moment beside its stream: whether the domain
 * ran, its definition of that instant, and the cookie in which libvirt keeps what it must
 * know to resume it (the full CPU). See virt-porter-package(5).
 */
#pragma once

#include "base/xml.h"

#define VP_RAM_XML_NAME    "ram.xml"
#define VP_RAM_STREAM_NAME "ram.zst"

typedef struct {
    gboolean running; /* FALSE: it was paused */
    xmlDoc *domain;   /* the definition of that instant */
    char *cookie;     /* <cookie> as XML, or NULL */
} VpRam;

/* From the texts of a snapshot or a save image: @cookie may be NULL. VP_ERROR_DAMAGED for
 * what is no XML, VP_ERROR_UNSAFE for what breaks the rules. Caller frees. */
VpRam *vp_ram_new(const char *domain, const char *cookie, gboolean running, GError **error);
void vp_ram_free(VpRam *ram);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpRam, vp_ram_free)

/* A ram.xml as data: as vp_ram_new(), and valid against ram.rng. Caller frees. */
VpRam *vp_ram_parse(const char *text, gsize length, GError **error);

/* The text of ram.xml; caller frees. */
char *vp_ram_format(const VpRam *ram);
