/* SPDX-License-Identifier: Apache-2.0 */
/* table_impl.h - what the table is made of: directories, modules, and where lookups begin. */
#ifndef RS_MODULES_TABLE_IMPL_H
#define RS_MODULES_TABLE_IMPL_H

#include "modules/map.h"
#include "modules/module_table.h"
#include "modules/project.h"
#include "schema/batch.h"

#define NO_DIR UINT32_MAX

enum {
    DIR_HAS_INIT = 1u << 0,
    DIR_HAS_CONFTEST = 1u << 1,
    DIR_IS_PROJECT = 1u << 2,
    DIR_IS_DECLARED = 1u << 3,
    DIR_IS_CONVENTION = 1u << 4,
    DIR_HOLDS_TOP = 1u << 5,     /* an outermost regular package lies in it */
    DIR_IS_NAME = 1u << 6,       /* its own name can be a part of an import statement */
    DIR_IS_PART = 1u << 7,       /* ... or at least of a text that an importer is given */
    DIR_IS_STUBS = 1u << 8,      /* X-stubs, which stands for X */
    DIR_IS_PYTHONPATH = 1u << 9, /* pytest puts it on the path */
    DIR_IS_MOVED = 1u << 10      /* a package that a project says lies here */
};

/* A directory as importers see it: X-stubs is X, and a project may say that its package p lies at d.
 * Parents come before what is in them. */
typedef struct module_dir {
    rs_str path; /* of its parts as they are named here */
    rs_str real; /* of the first directory of the file system that it is */
    uint32_t parent;
    uint32_t name;   /* of its last part */
    uint32_t depth;  /* parts of path */
    uint32_t module; /* that it is */
    uint32_t top;    /* the outermost regular package that it is or lies in */
    uint32_t flags;
    uint32_t python; /* minor version that the nearest project asks for; NO_PYTHON */
} module_dir;

#define NO_PYTHON UINT32_MAX

/* What a module is made of, beside what others are told. */
typedef struct module_inside {
    uint32_t
        dir; /* of a package or namespace: it; of a file: that it lies in; of a stub: its file */
    uint32_t
        group; /* of a namespace: those of its name below roots that everybody sees; NO_GROUP */
} module_inside;

#define NO_GROUP UINT32_MAX

/* Roots that files elsewhere see, in the order in which they are asked. */
typedef enum module_root_class {
    CLASS_STATED,  /* declared, or by convention */
    CLASS_PROJECT, /* of projects: members of one repository see each other */
    CLASS_CHAIN,   /* hold a package: seen from below, and as the last resort */
    N_ROOT_CLASSES
} module_root_class;

/* A module right below a root. */
typedef struct root_entry {
    uint32_t name;
    uint32_t dir; /* the root */
    uint32_t module;
    uint8_t root_class;
    bool is_namespace;
} root_entry;

RS_VEC_DEFINE(module_dirs, module_dir)
RS_VEC_DEFINE(module_list, rs_module)
RS_VEC_DEFINE(module_insides, module_inside)
RS_VEC_DEFINE(module_names, rs_module_name)
RS_VEC_DEFINE(root_entries, root_entry)

/* A file in it. */
typedef struct module_file {
    uint32_t dir;
    uint32_t module;
    uint32_t root;       /* directory that its canonical name starts at */
    uint32_t first_name; /* in names */
    uint32_t n_names;
} module_file;

struct rs_module_table {
    rs_repo *repo; /* written to while the table is made */
    const rs_claims *const *claims;
    rs_arena text;
    rs_strings strings; /* names of directories and stems */
    rs_project_facts facts;
    rs_strings moved; /* paths of directories that have a name of their own, as a project says */
    module_dirs moved_to; /* in order of those: `path` is where importers see it */
    module_dirs dirs;     /* 0 is the root */
    rs_pair_map dir_of;   /* (parent, name) */
    module_list modules;
    module_insides insides; /* by module */
    rs_pair_map sub_of;     /* (directory, name): the module that an import finds */
    rs_pair_map stub_sub;   /* (module of a stub or RS_NO_MODULE, name) */
    rs_pair_map group_sub;  /* (group, name) */
    uint32_t n_groups;
    root_entries entries; /* in order of name, class, namespaces last, directory */
    rs_pair_map entry_of; /* (name, 2 * class + is_namespace): the first entry */
    module_file *files;   /* by place */
    module_names names;   /* of files, one behind the other */
    uint32_t *places;     /* in order of file id */
    uint32_t python;      /* minor version whose standard library it has */
    bool is_python_given; /* by who runs it, for all files */
};

/* A module without files and name. RS_NO_MODULE when memory is out. */
uint32_t rs_module_add(rs_module_table *table, rs_module_form form, uint32_t dir);

/* --- stubs.c --- */

/* Add the modules of the standard library that table->python has. Errors: RS_ERR_NOMEM. */
rs_status rs_module_stubs_fill(rs_module_table *table, rs_error *err) RS_MUST_USE;

/* --- dirs.c --- */

/* Fill dirs and the dir of each file. Errors: RS_ERR_NOMEM. */
rs_status rs_module_dirs_fill(rs_module_table *table, rs_error *err) RS_MUST_USE;

/* Order of paths, part by part. */
int rs_module_path_compare(rs_str a, rs_str b);

/* A part of a dotted name that an importer can be given as a text. */
bool rs_module_is_part(rs_str name);

static inline const module_dir *dir_at(const rs_module_table *table, uint32_t dir)
{
    return &table->dirs.items[dir];
}

/* Is the directory `above`, or does it lie below it? */
bool rs_module_dir_is_below(const rs_module_table *table, uint32_t dir, uint32_t above);

#endif
