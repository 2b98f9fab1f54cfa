/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/entity.h"

#include "schema/schema.h"

_Static_assert(RS_N_NODE_KINDS <= 128,
               "the registry's kinds have their bits in the first two words");
_Static_assert(RS_KIND_SET_WORDS == 4, "each word has a pass below");

/* A kind's bit in a word of a set; 0 in the other one. */
#define BIT_IN(word, kind) ((kind) / 64 == (word) ? UINT64_C(1) << ((kind) % 64) : UINT64_C(0))
#define EVERY UINT64_MAX
#define NONE UINT64_C(0)

/* Filled in passes: what a row says, then its kinds, a word each. Those that packs declare have no bit but
 * where every kind has one. */
/* clang-format off */
const rs_entity rs_entities[RS_N_ENTITIES] = {
#define RS_ENTITY(id, of, at, kinds, text)                                                         \
    [RS_ENTITY_##id].name = #id, [RS_ENTITY_##id].family = RS_ENTITY_##of,                         \
    [RS_ENTITY_##id].home = RS_HOME_##at, [RS_ENTITY_##id].doc = text,
#define RS_ENTITY_OF_CLASSES(id, of, more, text)                                                   \
    [RS_ENTITY_##id].name = #id, [RS_ENTITY_##id].family = RS_ENTITY_##of,                         \
    [RS_ENTITY_##id].home = RS_HOME_FILE, [RS_ENTITY_##id].doc = text,                             \
    [RS_ENTITY_##id].has_classes = true,
#include "schema/entities.def"

#define K(kind) BIT_IN(0, RS_K_##kind)
#define RS_ENTITY(id, of, at, kinds, text) [RS_ENTITY_##id].own_kinds.words[0] = kinds,
#define RS_ENTITY_OF_CLASSES(id, of, more, text) [RS_ENTITY_##id].own_kinds.words[0] = more,
#include "schema/entities.def"
#undef K

#define K(kind) BIT_IN(1, RS_K_##kind)
#define RS_ENTITY(id, of, at, kinds, text) [RS_ENTITY_##id].own_kinds.words[1] = kinds,
#define RS_ENTITY_OF_CLASSES(id, of, more, text) [RS_ENTITY_##id].own_kinds.words[1] = more,
#include "schema/entities.def"
#undef K

#define K(kind) UINT64_C(0)
#define RS_ENTITY(id, of, at, kinds, text)                                                         \
    [RS_ENTITY_##id].own_kinds.words[2] = kinds, [RS_ENTITY_##id].own_kinds.words[3] = kinds,
#define RS_ENTITY_OF_CLASSES(id, of, more, text)                                                   \
    [RS_ENTITY_##id].own_kinds.words[2] = more, [RS_ENTITY_##id].own_kinds.words[3] = more,
#include "schema/entities.def"
#undef K
};

static const rs_kind_set class_kinds = {{
    0
#define RS_AST_CLASS(name, kind, fields) | BIT_IN(0, RS_K_##kind)
#include "schema/ast.def"
    ,
    0
#define RS_AST_CLASS(name, kind, fields) | BIT_IN(1, RS_K_##kind)
#include "schema/ast.def"
}};
/* clang-format on */

static const char *const home_names[] = {
    [RS_HOME_FILE] = "file",
    [RS_HOME_RUN] = "run",
    [RS_HOME_EITHER] = "either",
};

const char *rs_home_name(rs_home home)
{
    return home_names[home];
}

const rs_entity *rs_entity_find(rs_str name)
{
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        if (rs_str_equal(rs_str_of(rs_entities[i].name), name)) {
            return &rs_entities[i];
        }
    }
    return NULL;
}

rs_kind_set rs_entity_kinds(const rs_entity *entity)
{
    return entity->has_classes ? rs_kind_set_join(entity->own_kinds, class_kinds)
                               : entity->own_kinds;
}

/* --- referents --- */

rs_referent rs_referent_of(const rs_entity *entity)
{
    return (rs_referent){.family = entity->family, .kinds = rs_entity_kinds(entity)};
}

rs_referent rs_referent_of_global(int kind)
{
    rs_referent found = {.family = RS_ENTITY_node, .kinds = rs_kind_set_of(kind)};
    for (size_t i = 0; i < RS_N_ENTITIES && found.family == RS_ENTITY_node; i++) {
        const rs_entity *entity = &rs_entities[i];
        if (entity->home == RS_HOME_RUN &&
            rs_kind_set_is_part(rs_entity_kinds(entity), found.kinds) &&
            rs_kind_set_has(rs_entity_kinds(entity), kind)) {
            found.family = entity->family;
        }
    }
    return found;
}

rs_referent rs_referent_null(void)
{
    return (rs_referent){.family = RS_N_ENTITIES};
}

static bool is_null(rs_referent referent)
{
    return referent.family == RS_N_ENTITIES;
}

rs_referent rs_referent_join(rs_referent a, rs_referent b)
{
    if (is_null(a) || is_null(b)) {
        return is_null(a) ? b : a;
    }
    rs_referent both = {.family = a.family, .kinds = rs_kind_set_join(a.kinds, b.kinds)};
    if (a.family != b.family) {
        bool are_nodes = a.family != RS_ENTITY_any && b.family != RS_ENTITY_any &&
                         !rs_kind_set_is_empty(a.kinds) && !rs_kind_set_is_empty(b.kinds);
        both.family = are_nodes ? RS_ENTITY_node : RS_ENTITY_any;
    }
    return both;
}

bool rs_referent_is(rs_referent one, rs_referent other)
{
    if (is_null(one) || other.family == RS_ENTITY_any) {
        return true;
    }
    bool is_node = other.family == RS_ENTITY_node && one.family != RS_ENTITY_any &&
                   !rs_kind_set_is_empty(one.kinds);
    return (one.family == other.family || is_node) && rs_kind_set_is_part(one.kinds, other.kinds);
}

bool rs_referent_may_be(rs_referent one, rs_referent other)
{
    if (is_null(one) || is_null(other) || one.family == RS_ENTITY_any ||
        other.family == RS_ENTITY_any) {
        return true;
    }
    if (one.family == other.family && rs_kind_set_is_empty(one.kinds)) {
        return rs_kind_set_is_empty(other.kinds);
    }
    bool meet = one.family == other.family || one.family == RS_ENTITY_node ||
                other.family == RS_ENTITY_node;
    return meet && rs_kind_set_meets(one.kinds, other.kinds);
}

/* --- sets of kinds --- */

rs_kind_set rs_kind_set_of(int kind)
{
    rs_kind_set set = {{0}};
    set.words[kind / 64] = UINT64_C(1) << (kind % 64);
    return set;
}

rs_kind_set rs_kind_set_join(rs_kind_set a, rs_kind_set b)
{
    for (size_t i = 0; i < RS_KIND_SET_WORDS; i++) {
        a.words[i] |= b.words[i];
    }
    return a;
}

bool rs_kind_set_has(rs_kind_set set, int kind)
{
    return rs_kind_set_meets(set, rs_kind_set_of(kind));
}

bool rs_kind_set_is_empty(rs_kind_set set)
{
    return !rs_kind_set_meets(set, set);
}

bool rs_kind_set_is_part(rs_kind_set set, rs_kind_set of)
{
    bool is_part = true;
    for (size_t i = 0; i < RS_KIND_SET_WORDS; i++) {
        is_part = is_part && (set.words[i] & ~of.words[i]) == 0;
    }
    return is_part;
}

bool rs_kind_set_meets(rs_kind_set a, rs_kind_set b)
{
    uint64_t both = 0;
    for (size_t i = 0; i < RS_KIND_SET_WORDS; i++) {
        both |= a.words[i] & b.words[i];
    }
    return both != 0;
}
