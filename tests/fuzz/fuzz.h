/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz: a reader of bytes that a stranger wrote, and what it is fed with. A target is a file
 * fuzz-X.c; run.c feeds it in make check, libFuzzer in make fuzz.
 */
#pragma once

#include <glib.h>

/* The target: reads the @size bytes at @data; TRUE when it takes them for what it reads. What is
 * wrong with it is told by a sanitizer, an assertion or the clock. */
gboolean fuzz_target(const guint8 *data, gsize size);

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What the target takes, array of GBytes that frees them: mutations begin there. */
GPtrArray *fuzz_seeds(void);

/* A file of the @size bytes at @data, open for reading and without a name; caller closes. */
int fuzz_file(const guint8 *data, gsize size);

/* A path that leads to @fd as long as it is open; caller frees. */
char *fuzz_path(int fd);

/* A qcow2 image of clusters of 512 bytes with a snapshot “s1” that has RAM in it. @extended:
 * its L2 tables are; @backing: the file that it names below it, or NULL. Caller unrefs. */
GBytes *fuzz_qcow2(gboolean extended, const char *backing);
