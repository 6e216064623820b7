/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* names: what libvirt calls its objects, as messages list them. */
#pragma once

#include <glib.h>

/* "there are: a, b and 3 more", or "there are none"; caller frees. */
char *vp_names_describe(const char *const *names);
