/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/claims.h"

static const char *const suffixes[] = {".py", ".pyi", ".pyw", NULL};
static const char *const shebangs[] = {"python", NULL};
static const char *const module_suffixes[] = {".py", ".pyi", NULL};
static const char *const package_files[] = {"__init__.py", "__init__.pyi", NULL};
static const char *const project_files[] = {"pyproject.toml", "setup.cfg", NULL};
static const char *const project_sources[] = {"setup.py", NULL};

const rs_claims rs_python_claims = {
    .suffixes = suffixes,
    .shebangs = shebangs,
    .module_suffixes = module_suffixes,
    .package_files = package_files,
    .project_files = project_files,
    .project_sources = project_sources,
};

const rs_claims *const rs_default_claims[] = {&rs_python_claims, NULL};

bool rs_claims_list(const char *const *list, rs_str text)
{
    for (; *list != NULL; list++) {
        if (rs_str_equal(text, rs_str_of(*list))) {
            return true;
        }
    }
    return false;
}
