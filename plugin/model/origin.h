/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* origin: the record in a domain's metadata of the package it came from. */
#pragma once

#include "base/xml.h"

#define VP_ORIGIN_NAMESPACE "urn:virt-porter:origin:1"

/* Writes @origin (name and uuid excepted) below <metadata> of @domain, in place of
 * one that is there. */
void vp_origin_write(const VpOrigin *origin, xmlDoc *domain);

/* The record in @domain, name and uuid filled; NULL when it has none. Caller frees. */
VpOrigin *vp_origin_find(xmlDoc *domain);

/* Takes it out. */
void vp_origin_remove(xmlDoc *domain);
