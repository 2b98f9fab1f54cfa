/* SPDX-License-Identifier: Apache-2.0 */
/* claims.h - which files are a language's, and what their names mean to it: plain data. */
#ifndef RS_REPO_CLAIMS_H
#define RS_REPO_CLAIMS_H

#include "base/str.h"

/* Lists end with NULL. */
typedef struct rs_claims {
    const char *const *suffixes; /* of its files, in any case: ".py" */
    const char *const
        *shebangs; /* a file without suffix is its own when "#!" and one of these begin it */
    const char *const *module_suffixes; /* of files that an import can name, as they are spelt */
    const char *const *package_files;   /* make their directory a package: "__init__.py" */
    const char *const *project_files;   /* make it the root of a project, whatever they are */
    const char *const *project_sources; /* the same, for files of the language that can be read */
} rs_claims;

enum { RS_MAX_LANGUAGES = 8 };

extern const rs_claims rs_python_claims;

/* Of Python alone; NULL-terminated, as every table of claims. Its order decides between claims. */
extern const rs_claims *const rs_default_claims[];

/* Is the text one of the list? */
bool rs_claims_list(const char *const *list, rs_str text);

#endif
