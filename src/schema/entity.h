/* SPDX-License-Identifier: Apache-2.0 */
/* entity.h - what an id may refer to, as a table; what is written there stands in entities.def.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_SCHEMA_ENTITY_H
#define RS_SCHEMA_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Kinds of nodes by number (rs_node_kind, and behind those what packs declare: kinds.h), a bit each. */
enum { RS_KIND_SET_WORDS = 4 };
typedef struct rs_kind_set {
    uint64_t words[RS_KIND_SET_WORDS];
} rs_kind_set;

/* Where it lies, which the sign of its id tells. */
typedef enum rs_home {
    RS_HOME_FILE,  /* in a file: not negative */
    RS_HOME_RUN,   /* in none: negative */
    RS_HOME_EITHER /* some do, some do not */
} rs_home;

/* clang-format off */
/* RS_ENTITY_call, ...: index into rs_entities. */
typedef enum rs_entity_index {
#define RS_ENTITY(name, family, home, kinds, doc) RS_ENTITY_##name,
#define RS_ENTITY_OF_CLASSES(name, family, more, doc) RS_ENTITY_##name,
#include "schema/entities.def"
    RS_N_ENTITIES
} rs_entity_index;
/* clang-format on */

typedef struct rs_entity {
    const char *name;
    rs_entity_index family;
    rs_home home;
    rs_kind_set own_kinds;
    bool has_classes; /* also the kinds of all classes of ast.def */
    const char *doc;
} rs_entity;

extern const rs_entity rs_entities[RS_N_ENTITIES];

const char *rs_home_name(rs_home home); /* "file", "run", "either" */

/* By name; NULL when there is none. */
const rs_entity *rs_entity_find(rs_str name);

/* Kinds of the nodes that have such ids; empty where no node has. */
rs_kind_set rs_entity_kinds(const rs_entity *entity);

/* --- what an id may refer to, where that is less than an entity, or more --- */

typedef struct rs_referent {
    rs_entity_index family; /* RS_N_ENTITIES: the id is null */
    rs_kind_set kinds;
} rs_referent;

rs_referent rs_referent_of(const rs_entity *entity);
/* A node of that kind that lies in no file: what global_id() makes. */
rs_referent rs_referent_of_global(int kind);
rs_referent rs_referent_null(void);
/* One of both. */
rs_referent rs_referent_join(rs_referent a, rs_referent b);
/* Whatever is one is the other, by the registry. */
bool rs_referent_is(rs_referent one, rs_referent other);
/* Something may be both. */
bool rs_referent_may_be(rs_referent one, rs_referent other);

/* --- sets of kinds --- */

rs_kind_set rs_kind_set_of(int kind);
rs_kind_set rs_kind_set_join(rs_kind_set a, rs_kind_set b);
bool rs_kind_set_has(rs_kind_set set, int kind);
bool rs_kind_set_is_empty(rs_kind_set set);
bool rs_kind_set_is_part(rs_kind_set set, rs_kind_set of);
bool rs_kind_set_meets(rs_kind_set a, rs_kind_set b);

#endif
