/* SPDX-License-Identifier: Apache-2.0 */
/* modules.h - by what dotted name a file is imported.
 *
 * Only the paths below the root decide, never the place of the root itself.
 * A *source root* is a directory that names start at, as an entry of sys.path.
 * Going down from the repository's root, a directory
 *
 *   that                                                        is
 *   ----------------------------------------------------------  ---------------------------
 *   is the repository's root                                    a source root
 *   has a name that is no identifier, or a keyword              a source root
 *   lies in no regular package, has no __init__ file, and is
 *     named src or holds pyproject.toml, setup.py or setup.cfg  a source root
 *   has an __init__.py or __init__.pyi                          a regular package
 *   has none of these                                           a namespace package
 *
 * and a file in a directory whose dotted name from its source root is P is
 *
 *   named             module        package  kind
 *   ----------------  ------------  -------  -----------------------------------------------
 *   __init__.py(i)    P             P        package
 *     ... in a root   null          ""       package
 *   NAME.py(i)        P.NAME        P        module, where NAME is an identifier
 *   other.py(i)       null          P        script: 1digit.py, dash-name.py, a.b.py, class.py
 *   *.pyw, *.PY, none null          P        script: no importer looks for them
 *
 * An identifier is what Python reads as one and is in NFKC, as import looks for
 * that. both.py and both/__init__.py have the same name (the package wins at
 * import), as x.py and x.pyi have.
 */
#ifndef RS_REPO_MODULES_H
#define RS_REPO_MODULES_H

#include "repo/walk.h"

/*
 * Fill module, package, source_root, root_is_package, module_kind and is_package of files, which
 * are in order of path; what their names mean is told by the claims of their language. project_dirs are the paths of the directories that hold a
 * pyproject.toml or setup.cfg, in any order; the call adds to them and sorts them.
 *
 * Ownership: the names are put into the arena.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_modules_assign(rs_repo_file *files, size_t n_files, const rs_claims *const *claims,
                            rs_repo_paths *project_dirs, rs_arena *arena,
                            rs_error *err) RS_MUST_USE;

/* True for a name that an import statement can hold: an identifier in NFKC and no keyword. */
bool rs_name_is_importable(rs_str name);

#endif
