/* SPDX-License-Identifier: Apache-2.0 */
/* pack_keys.h - the grammar of rule packs: one table for the loader, the JSON Schema and the docs.
 *
 * What an operator takes beside it stands in the operator's row (plan/operator.h).
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_RULES_PACK_KEYS_H
#define RS_RULES_PACK_KEYS_H

#include "rules/document.h"

/* A mapping of a pack. */
typedef enum rs_pack_part {
    RS_PACK_FILE,
    RS_PACK_NODE_KIND,
    RS_PACK_EDGE_KIND,
    RS_PACK_PROPERTY,
    RS_PACK_DATASET,
    RS_PACK_COLUMN,
    RS_PACK_PARAM,
    RS_PACK_RULE,
    RS_PACK_CONFIDENCE, /* of a rule, where a source weighs it */
    RS_PACK_WINNER,
    RS_PACK_NODE, /* the forms of emit:, each named by its first key */
    RS_PACK_EDGE,
    RS_PACK_PROPS,
    RS_PACK_EDGE_PROPS,
    RS_N_PACK_PARTS
} rs_pack_part;

/* What a key's value is. */
typedef enum rs_pack_type {
    RS_PACK_TEXT,
    RS_PACK_NAME,
    RS_PACK_WHOLE, /* a number, `least` to `most` */
    RS_PACK_BOOL,
    RS_PACK_TYPE,     /* of a column */
    RS_PACK_ENTITY,   /* what an id refers to */
    RS_PACK_A_COLUMN, /* a name of one */
    RS_PACK_COLUMNS,  /* a list of them */
    RS_PACK_ORDER,    /* the same, each with asc or desc */
    RS_PACK_EXPRESSION,
    RS_PACK_VALUE, /* an expression, or a word that stands for itself */
    RS_PACK_CONDITION,
    RS_PACK_OPERATOR,  /* the kind of a rule */
    RS_PACK_INPUTS,    /* aliases and datasets */
    RS_PACK_VALUES,    /* columns, or properties, and expressions */
    RS_PACK_POLICY,    /* the name of one */
    RS_PACK_EMPTY,     /* what an empty param table means */
    RS_PACK_KIND,      /* of a node or edge */
    RS_PACK_KINDS,     /* one or several */
    RS_PACK_ANCHOR,    /* an input, or [start, end] */
    RS_PACK_KIND_NAME, /* that a pack declares */
    RS_PACK_LENS,
    RS_PACK_ENDS,          /* an entity, or kinds of nodes */
    RS_PACK_WORDS,         /* a list of them */
    RS_PACK_PROPERTY_TYPE, /* of a property */
    RS_PACK_PROPERTY_SET,  /* by name, each a RS_PACK_PROPERTY */
    RS_PACK_NODE_KINDS,    /* a list of RS_PACK_NODE_KIND, ... */
    RS_PACK_EDGE_KINDS,
    RS_PACK_COLUMN_SET, /* columns of a dataset, each a RS_PACK_COLUMN */
    RS_PACK_DATASETS,   /* a list of RS_PACK_DATASET, ... */
    RS_PACK_PARAMS,
    RS_PACK_RULES,
    RS_PACK_EMIT, /* one of the forms */
    RS_N_PACK_TYPES
} rs_pack_type;

typedef struct rs_pack_key {
    rs_pack_part part;
    const char *name;
    rs_pack_type type;
    const char *doc;
    bool is_required;
    bool is_of_rows;    /* of a rule: only one with an output has it */
    int64_t least;      /* of a whole number */
    int64_t most;       /* the same; of a list or mapping how many it has at most */
    const char *column; /* of the output, which the value fills; NULL: none by itself */
} rs_pack_key;

/* By part, as they are documented; NULL behind the last. */
const rs_pack_key *rs_pack_key_get(size_t index);
/* NULL when the part has no such key. */
const rs_pack_key *rs_pack_key_find(rs_pack_part part, const char *name);
/* The next key of a part behind one of them (NULL: the first); NULL behind the last. */
const rs_pack_key *rs_pack_key_next(rs_pack_part part, const rs_pack_key *key);

const char *rs_pack_part_name(rs_pack_part part); /* "a rule" */
const char *rs_pack_type_name(rs_pack_type type); /* "expression" */
const char *rs_pack_type_doc(rs_pack_type type);  /* "an expression" */

#endif
