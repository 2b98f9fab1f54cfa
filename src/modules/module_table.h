/* SPDX-License-Identifier: Apache-2.0 */
/* module_table.h - which modules a run has, by what names they are imported, and what an import finds.
 *
 * A *module* is what an import statement gives: a file m.py with its stub m.pyi, a package's __init__, or a
 * namespace package, which is directories. Modules are told apart by where they lie, not by their names:
 * one module may have several names, and two modules one. Two files of one place and form (m.py, m.pyi;
 * m/__init__.py, m-stubs/__init__.pyi) are one module; m.py and m/ are two, of which an import finds m/.
 *
 * The order in which an absolute import is looked up is written down in docs/modules.md. Relative imports
 * go by folder. What the repository does not have is looked for in the stubs of the standard library.
 *
 * Files are named by their place in rs_repo.files, which is in order of path; names are bytes, those that
 * the table gives are valid UTF-8. Nothing here depends on anything but the list of the repository's
 * paths and the bytes of its files: not on the place of its root, on hash order or on threads.
 *
 * Threads: read-only once it is made; any number may ask.
 */
#ifndef RS_MODULES_MODULE_TABLE_H
#define RS_MODULES_MODULE_TABLE_H

#include "repo/walk.h"

#define RS_NO_MODULE UINT32_MAX
#define RS_NO_PLACE UINT32_MAX /* of a file */

typedef struct rs_module_table rs_module_table;

typedef enum rs_module_form {
    RS_MODULE_FILE,      /* m.py, m.pyi */
    RS_MODULE_PACKAGE,   /* m/__init__.py, m/__init__.pyi */
    RS_MODULE_NAMESPACE, /* directories without __init__ file, of one dotted name */
    RS_MODULE_STUB       /* of the world outside: rs_module_stub() has its bytes */
} rs_module_form;

/* Why a name may be that of a file: what its root is, in the order of their ranks. */
typedef enum rs_root_reason {
    RS_ROOT_DECLARED,   /* a project file says so, as a literal */
    RS_ROOT_CONVENTION, /* src; lib or python of a project */
    RS_ROOT_PROJECT,  /* holds pyproject.toml, setup.cfg or setup.py, or is the repository's root */
    RS_ROOT_EDGE,     /* has a name that no import statement can say: none goes beyond it */
    RS_ROOT_CHAIN,    /* holds an outermost regular package */
    RS_ROOT_CONFTEST, /* holds a conftest.py, and lies in no package */
    RS_ROOT_SCRIPT,   /* the file's own directory */
    RS_N_ROOT_REASONS
} rs_root_reason;

/* Texts live as long as the table. */
typedef struct rs_module {
    rs_str name;     /* canonical dotted name; bytes NULL where no importer finds it by any name */
    uint32_t source; /* place of the .py file, RS_NO_PLACE: none */
    uint32_t stub;   /* place of the .pyi file, RS_NO_PLACE: none */
    rs_module_form form;
    bool is_package; /* relative imports start in it: an __init__ file or a namespace */
} rs_module;

/* A name that a file may be imported by. */
typedef struct rs_module_name {
    rs_str name;
    rs_str source_root; /* display path of the directory that it starts at */
    rs_root_reason reason;
} rs_module_name;

typedef enum rs_found_kind {
    RS_FOUND_MODULE, /* all of the name was found */
    RS_FOUND_PART, /* its beginning was: the rest is no module, perhaps a name in the last one found */
    RS_FOUND_EXTERNAL, /* its first part is nothing of the repository, nor of the standard library */
    RS_FOUND_REFUSED   /* a relative import leads out of the repository: too many dots */
} rs_found_kind;

typedef struct rs_found {
    rs_found_kind kind;
    uint32_t module; /* the last one that was found; RS_NO_MODULE for EXTERNAL and REFUSED */
    uint32_t
        n_parts; /* parts of the dotted name up to it; 0 for the package that dots alone name */
} rs_found;

/*
 * The table of a repository's files. What their projects' files say is read; module, package,
 * source_root, root_is_package, module_kind and is_package of the repository's files are filled in, and
 * what there is to say of project files and hidden modules is added to its findings. python: the minor
 * version of Python 3 whose standard library counts; 0: what the projects ask for.
 *
 * Ownership: *out borrows repo, and the files' names lie in it; rs_module_table_free().
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_module_table_new(rs_repo *repo, const rs_claims *const *claims, uint32_t python,
                              rs_module_table **out, rs_error *err) RS_MUST_USE;
void rs_module_table_free(rs_module_table *table);

/* The minor version of Python 3 whose standard library the table has. */
uint32_t rs_module_table_python(const rs_module_table *table);

/* The minor version that a file is for: what was asked for, else the lowest that `requires-python` of the
 * nearest project above it allows, else the table's. Stubs of the standard library may begin later. */
uint32_t rs_module_python(const rs_module_table *table, uint32_t place);

/* Modules are numbered 0 .. n-1; those of the repository come first. */
uint32_t rs_module_count(const rs_module_table *table);
const rs_module *rs_module_get(const rs_module_table *table, uint32_t module);

/* The module that a file is, or is the stub of; RS_NO_MODULE for what no importer looks for (x.pyw). */
uint32_t rs_module_of_file(const rs_module_table *table, uint32_t place);

/* The place of the file with this id; RS_NO_PLACE: none. */
uint32_t rs_module_file_place(const rs_module_table *table, int64_t file_id);

/* All names of a file, the canonical one first, then by reason and nearness; none for what has no module. */
const rs_module_name *rs_module_names(const rs_module_table *table, uint32_t place,
                                      uint32_t *n_names);

/*
 * What `import dotted` in the file at `place` finds. dotted is NFKC, parts separated by one dot each.
 * For the modules on the way ask for "a", then rs_module_sub() for each part.
 */
rs_found rs_module_find(const rs_module_table *table, uint32_t place, rs_str dotted);

/* What `from ..dotted import` finds, with `level` >= 1 dots; dotted may be empty. By folder. */
rs_found rs_module_find_relative(const rs_module_table *table, uint32_t place, uint32_t level,
                                 rs_str dotted);

/*
 * The same for an import statement in a stub of the world outside, which sees no file of the repository;
 * level 0: an absolute one,
 * whose stub may be RS_NO_MODULE. What a stub imports from outside the standard library is EXTERNAL.
 */
rs_found rs_module_find_in_stubs(const rs_module_table *table, uint32_t stub, uint32_t level,
                                 rs_str dotted);

/* The submodule of that one name, which lies in the module's directories; RS_NO_MODULE: none. */
uint32_t rs_module_sub(const rs_module_table *table, uint32_t module, rs_str name);

/*
 * The bytes of a module of form RS_MODULE_STUB, to be read as UTF-8, and its path below the stubs' root
 * ("os/__init__.pyi"), which never changes for a version of them. Empty for other modules.
 */
rs_str rs_module_stub(const rs_module_table *table, uint32_t module, rs_str *path);

#endif
