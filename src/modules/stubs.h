/* SPDX-License-Identifier: Apache-2.0 */
/* stubs.h - the stubs of the standard library, as they are in the program: typeshed's, under its own licence
 * (typeshed.LICENSE). Made by cmake/embed_stubs.py. */
#ifndef RS_MODULES_STUBS_H
#define RS_MODULES_STUBS_H

#include <stddef.h>

typedef struct rs_stub_file {
    const char *path; /* below the stubs' root: "os/__init__.pyi" */
    const char *text; /* UTF-8, NUL behind it */
    size_t n_bytes;
} rs_stub_file;

extern const rs_stub_file
    rs_stub_files[]; /* a package before what is in it; ends with one without path */
extern const char rs_stub_versions[]; /* typeshed's VERSIONS: which modules a Python has */
extern const char rs_stub_release[];  /* "typeshed-client 2.15.0" */

/* Minor versions of Python 3 that these stubs serve. */
enum { RS_STUB_OLDEST = 10, RS_STUB_NEWEST = 15, RS_STUB_DEFAULT = 13 };

#endif
