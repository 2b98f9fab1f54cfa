/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.h - what differs between the SQL of one engine and that of another, as a table.
 *
 * Plans are rendered from their checked trees; whatever an engine spells in its own way stands in
 * its row here and nowhere else.
 */
#ifndef RS_PLAN_DIALECT_H
#define RS_PLAN_DIALECT_H

#include "base/str.h"
#include "schema/schema.h"

/* How an engine writes a call, or an operator; $1, $2, ... are the arguments, $b is
 * RS_ID_ENTITY_BITS. */
typedef struct rs_template {
    const char *name;
    const char *sql;
} rs_template;

typedef struct rs_dialect {
    const char *name;
    bool is_for_people;         /* no SQL: no casts, params and numbers as a rule says them */
    char quote;                 /* around names; 0: none */
    bool escapes;               /* a backslash in a text literal has to be doubled */
    bool has_words;             /* sets of words are types, named as the registry names them */
    bool has_qualify;           /* QUALIFY; else a sub-query with a WHERE */
    bool has_lateral_view;      /* LATERAL VIEW posexplode(); else unnest() */
    bool splits_by_pattern;     /* what a text is split at is a regular expression */
    const char *text_type;      /* of texts, and of words where sets are no types */
    const char *whole_type;     /* of 32 bits */
    const char *list_type[2];   /* what stands around the type of elements */
    const char *list[2];        /* around elements */
    const char *list_length;    /* functions: of a list */
    const char *list_concat;    /* two lists as one */
    const char *split;          /* a text and what it is split at */
    const char *first_by;       /* of a group, a value of the row with the least of another one */
    const char *row;            /* several values as one that is compared from the left */
    const char *whole_division; /* operator, of two whole numbers */
    const char *semi_join;
    const char *anti_join;
    const rs_template *templates; /* what has none is called by its own name */
    size_t n_templates;
    const rs_template *ids; /* the functions that make ids, by the engine's own; NULL: by ours */
    const struct rs_dialect *own_ids; /* the same dialect with `ids`, where this one has none */
} rs_dialect;

/* Functions that make ids (rs_function.makes_id). */
enum { RS_N_ID_FUNCTIONS = 2 };

extern const rs_dialect rs_dialect_duckdb;
extern const rs_dialect rs_dialect_spark;
extern const rs_dialect rs_dialect_person; /* what explanations say: the language of rules itself */

/* NULL behind the last. */
const rs_dialect *rs_dialect_get(size_t index);

/* What the expressions of a rule are signed in: a rule is the same whatever engine runs it. */
const rs_dialect *rs_dialect_signed(void);

/* The template of a function or operator; NULL when it is written by its name. */
const char *rs_dialect_template(const rs_dialect *dialect, const char *name);

/* Append a call of a function that has a template, or its own name; arguments are SQL. */
void rs_dialect_add_call(const rs_dialect *dialect, const char *name, const char *const *args,
                         size_t n_args, rs_buf *sql);

/* Append a name in quotes, a text literal, what a text is split at. */
void rs_dialect_add_name(const rs_dialect *dialect, rs_str name, rs_buf *sql);
void rs_dialect_add_literal(const rs_dialect *dialect, rs_str text, rs_buf *sql);
void rs_dialect_add_separator(const rs_dialect *dialect, rs_str text, rs_buf *sql);
/* The type of values as an engine computes with them. */
const char *rs_dialect_type(const rs_dialect *dialect, rs_type type);

/* Which template file_of() has: of ids that all lie in a file, or of others (null for those). */
const char *rs_file_of_template(bool lies_in_file);

/* Append a column that is the file of an id (rs_column_file_of()). */
void rs_dialect_add_file_column(const rs_dialect *dialect, const rs_column *column, rs_buf *sql);

#endif
