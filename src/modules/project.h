/* SPDX-License-Identifier: Apache-2.0 */
/* project.h - what pyproject.toml, setup.cfg and setup.py say of where packages lie.
 *
 * Literals alone count: nothing is run, setup.py is read as a tree. What is computed is as if it were not
 * there. Paths that lead out of the repository, files of more than a mebibyte, links and what is broken are
 * told in findings; the rest of the project's files still counts.
 *
 * Threads: none of it is shared.
 */
#ifndef RS_MODULES_PROJECT_H
#define RS_MODULES_PROJECT_H

#include "base/json.h"
#include "repo/walk.h"

typedef enum rs_project_fact_kind {
    RS_PROJECT_ROOT,       /* names start at path */
    RS_PROJECT_PACKAGE,    /* the package `name` lies at path */
    RS_PROJECT_PYTHONPATH, /* tests may import from path */
    RS_PROJECT_PYTHON,     /* which versions of Python the project asks for, in name */
    RS_PROJECT_NAME        /* the distribution's name, in the project at path */
} rs_project_fact_kind;

typedef struct rs_project_fact {
    rs_project_fact_kind kind;
    rs_str project; /* path of its directory below the repository's root */
    rs_str path;    /* below the repository's root */
    rs_str name;    /* dotted */
} rs_project_fact;

RS_VEC_DEFINE(rs_project_facts, rs_project_fact)

/*
 * Append what the files of the directories say, in order of the directories; what is to be told goes to the
 * repository's findings.
 *
 * Ownership: texts lie in repo->text. Errors: RS_ERR_NOMEM.
 */
rs_status rs_project_facts_read(rs_repo *repo, const rs_str *dirs, size_t n_dirs,
                                rs_project_facts *out, rs_error *err) RS_MUST_USE;

/* setup.cfg as {section: {key: text}}; errors as rs_toml_parse(). */
rs_status rs_ini_parse(rs_str text, json_t **out, rs_error *err) RS_MUST_USE;

/* Literals of setup.py: {"package_dir": {name: path}, "find_packages": [path], "name": text,
 * "python_requires": text}. */
rs_status rs_setup_parse(rs_str text, json_t **out, rs_error *err) RS_MUST_USE;

#endif
