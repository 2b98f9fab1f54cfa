/* SPDX-License-Identifier: Apache-2.0 */
/* explain_impl.h - what the files behind explain.h share.
 *
 * An answer is made in three steps: statements (sql/) and plans give typed rows, rows make the structs
 * below, and document.c writes these as JSON at the end. All of it lies in the explainer's arena, so
 * that nothing is freed alone.
 *
 * The first failure stays in the explainer, as it does in an rs_buf: whatever is asked after it gives no
 * rows, an empty text or NULL, and whoever makes the document looks once.
 */
#ifndef RS_EXPLAIN_EXPLAIN_IMPL_H
#define RS_EXPLAIN_EXPLAIN_IMPL_H

#include "base/arena.h"
#include "base/line_index.h"
#include "base/sql.h"
#include "base/vec.h"
#include "explain/explain.h"
#include "repo/tree.h"
#include "rules/policy.h"
#include "rules/rules.h"

enum { RS_EXPLAIN_NAME_BYTES = 192, RS_EXPLAIN_MAX_ARGS = 6, RS_EXPLAIN_MAX_PARAMS = 6 };

/* A rule looks at one file, or at all: then its file is this. */
#define RS_EXPLAIN_RUN INT64_C(-1)

/* --- rows --- */

/* A row of a statement or of a frame. All-zero is no row. */
typedef struct rs_explain_row {
    const char *const *names; /* by column */
    const rs_param *values;
    size_t n_columns;
} rs_explain_row;

typedef struct rs_explain_rows {
    rs_explain_row *items;
    size_t n_items;
} rs_explain_rows;

/* One of our statements, what fills its holes, and the values of its parameters. */
typedef struct rs_explain_ask {
    const rs_sql *statement;
    bool is_of_rule; /* asked where a rule was done again; else of the bundle */
    rs_sql_arg args[RS_EXPLAIN_MAX_ARGS];   /* as many as have a name */
    rs_param params[RS_EXPLAIN_MAX_PARAMS]; /* $1, $2, ... */
} rs_explain_ask;

/* --- what is explained --- */

/* A file of the repository, and its text where that is at hand. */
typedef struct rs_explain_file {
    int64_t file_id;
    const char *path; /* NULL: the repository has no file of that id */
    const char *sha256;
    int64_t n_bytes;
    const char *problem; /* why there is no text; NULL: there is */
    rs_buf text;
    rs_line_index lines; /* of the text, or as the bundle has them */
} rs_explain_file;

/* Bytes of a file. All-zero is nowhere. */
typedef struct rs_explain_place {
    const rs_explain_file *file; /* NULL: nowhere */
    int64_t start_byte;          /* not in the file: the file alone is meant */
    int64_t end_byte;
} rs_explain_place;

/* A node of the graph; one without a row is not there. */
typedef struct rs_explain_node {
    rs_explain_row row; /* node_id, kind, name, qualified_name, file_id, start_byte, end_byte */
    rs_explain_place place;
} rs_explain_node;

typedef struct rs_explain_item rs_explain_item;

typedef struct rs_explain_items {
    rs_explain_item **items;
    size_t n_items;
    bool is_asked; /* else there is no such list */
} rs_explain_items;

/* Who else could have been an answer: see rivals.c. */
typedef struct rs_explain_rivals {
    rs_explain_items aligned; /* as rows of evidence */
    rs_explain_items beaten;
    rs_explain_items kept; /* these and the rejected lead somewhere */
    rs_explain_items rejected;
} rs_explain_rivals;

/* A row that an answer shows. */
struct rs_explain_item {
    const rs_dataset *dataset; /* NULL: of edges, or of a list whose rows are alike */
    rs_explain_row row;
    rs_explain_place place;
    const char *verdict; /* what is wrong with it; NULL: nothing is said */
    const rs_explain_node *targets;
    size_t n_targets;
    /* Of what a rule read: the rule, which of its inputs, and the bytes that it compared. */
    const rs_plan *reader;
    size_t input;
    bool has_mark;
    rs_explain_place mark;
    /* Of what a rule made. */
    const char *rule_name; /* NULL: none did */
    const rs_plan *rule;   /* NULL: it was not done again */
    const char *note;
    rs_explain_row again; /* with its places, `_o1` and `_o2` */
    rs_explain_items inputs;
    rs_explain_rivals *rivals; /* NULL: they were not looked for */
};

typedef struct rs_explain_edge {
    rs_explain_row row; /* of edges, and edge_id */
    rs_explain_node src;
    rs_explain_node dst;
    rs_explain_place anchor;
    rs_explain_items items;      /* of the tree that it came of, parents before children */
    rs_explain_rows derivations; /* as the bundle has them */
    bool derivations_agree;
    const struct rs_explain_way *way; /* by which names its end was found (way.h); NULL: by none */
} rs_explain_edge;

typedef struct rs_explainer {
    const rs_explain_question *question;
    rs_reader bundle;   /* the caller's, with a session of our own; only that is freed */
    rs_session *runner; /* where rules are done again, on the rows that are bound there */
    rs_policy *policy;
    rs_rules *rules;        /* of this program */
    json_t *rule_documents; /* relspec/rules.json: `rules`, by name */
    json_t *environment;    /* environment.json */
    rs_explain_rows events; /* of rule_exec_events */
    const char **made;      /* names of views and tables that are there */
    size_t n_made;
    bool has_nodes; /* the view `nodes` is there, of this file */
    int64_t nodes_file;
    rs_explain_file **files;
    size_t n_files;
    int root_fd;              /* of the analysed tree; -1: not at hand */
    const char *root_problem; /* why */
    rs_buf root;              /* path of the tree */
    rs_arena arena;           /* of all that is answered */
    rs_status status;         /* of the first failure, and its words; no further one is looked at */
    rs_error error;
    bool failed; /* memory ran out: RS_ERR_NOMEM */
} rs_explainer;

/* --- open.c --- */

/* Ownership: question and reader are borrowed. The caller releases *self, also on failure. */
void rs_explainer_init(rs_explainer *self, const rs_reader *reader,
                       const rs_explain_question *question);
void rs_explainer_release(rs_explainer *self);

/* Nothing has failed. */
bool rs_explain_is_ok(const rs_explainer *self);
/* The first failure. */
rs_status rs_explain_status(const rs_explainer *self, rs_error *err) RS_MUST_USE;
/* Remember one: what a function answered that filled self->error. */
bool rs_explain_note(rs_explainer *self, rs_status status);

/* The program's rule of that name, if it is the one that the bundle was made with; else NULL. */
const rs_plan *rs_explain_rule(const rs_explainer *self, const char *name);
/* Its signature in the bundle; "" for none. */
const char *rs_explain_signature(const rs_explainer *self, const char *name);

/* Zeroed memory of the answer; NULL when there is none. */
void *rs_explain_new(rs_explainer *self, size_t n_items, size_t n_item_bytes);
/* items with room for one more behind n_items; the same. */
void *rs_explain_grow(rs_explainer *self, void *items, size_t n_items, size_t n_item_bytes);
/* Texts of the answer, never NULL: a buffer's, which is released, and one that is printed. */
const char *rs_explain_keep(rs_explainer *self, rs_buf *text);
const char *rs_explain_textf(rs_explainer *self, const char *format, ...) RS_PRINTF(2, 3);

/* --- rows.c --- */

static inline rs_param rs_explain_i64_of(int64_t number)
{
    return (rs_param){.type = RS_TYPE_I64, .value.i64 = number};
}

/* NULL is a null. */
static inline rs_param rs_explain_text_of(const char *text)
{
    return (rs_param){.type = RS_TYPE_STR,
                      .is_null = text == NULL,
                      .value.text = rs_str_of(text != NULL ? text : "")};
}

/* A statement with its holes filled by the args that have a name, RS_EXPLAIN_MAX_ARGS at most. */
const char *rs_explain_sql(rs_explainer *self, const rs_sql *statement, const rs_sql_arg *args);
/* All rows that a statement gives; the first of them, or no row. */
rs_explain_rows rs_explain_query(rs_explainer *self, const rs_explain_ask *ask);
rs_explain_row rs_explain_query_row(rs_explainer *self, const rs_explain_ask *ask);
void rs_explain_rows_push(rs_explainer *self, rs_explain_rows *rows, rs_explain_row row);

/* Names of a dataset's columns, and of two places behind them. */
const char *const *rs_explain_column_names(rs_explainer *self, const rs_dataset *dataset);
/* A row of a frame under these names; with its places where the frame has them. */
rs_explain_row rs_explain_frame_row(rs_explainer *self, const rs_frame *frame, size_t row,
                                    const char *const *names);
/* Its columns from first on, n of them. */
rs_explain_row rs_explain_part_of(const rs_explain_row *row, size_t first, size_t n_columns);

/* The value of a column, perhaps null; a null where the row has no such column. Never NULL. */
const rs_param *rs_explain_value(const rs_explain_row *row, const char *column);
bool rs_explain_has_column(const rs_explain_row *row, const char *column);
int64_t rs_explain_i64(const rs_explain_row *row, const char *column, int64_t fallback);
const char *rs_explain_text(const rs_explain_row *row, const char *column); /* "" for none */
/* A null equals a null. */
bool rs_explain_is_same(const rs_param *a, const rs_param *b);
/* As a person reads it. */
const char *rs_explain_words(rs_explainer *self, const rs_param *value);

/* Conditions, as SQL: a column has the value, the columns of a dataset's key have row's. */
const char *rs_explain_equal(rs_explainer *self, const char *column, const rs_param *value);
const char *rs_explain_equal_key(rs_explainer *self, const rs_dataset *dataset,
                                 const rs_explain_row *row);
/* Of two conditions, each NULL for none. */
const char *rs_explain_both(rs_explainer *self, const char *a, const char *b);
/* What fills a hole behind IN: a column's values, but for nulls. */
rs_sql_arg rs_explain_one_of(rs_explainer *self, const char *name, const rs_explain_rows *rows,
                             const char *column);

/* The next column of a key as rs_key_next() has it, NUL-terminated; false behind the last. */
bool rs_explain_key_next(const char **key, char column[RS_EXPLAIN_NAME_BYTES]);

/* --- sources.c --- */

bool rs_explain_is_relationship(const rs_dataset *dataset);

/* True when the bundle has a dataset of that name; its rows by the manifest, 0 for none. */
bool rs_explain_has(const rs_explainer *self, const char *name);
uint64_t rs_explain_n_rows(const rs_explainer *self, const char *name);

/* The view `stored_NAME` over the files of a dataset or a relationship of the bundle. */
void rs_explain_add_stored(rs_explainer *self, const char *name);
/* The view `rejects_NAME`; false where the gate kept no row out. */
bool rs_explain_add_rejects(rs_explainer *self, const char *name);

/*
 * What a dataset's rows are read from: those of a file, copied once, or of the run (RS_EXPLAIN_RUN).
 * It has the dataset's columns in their order and of their types, and rows as the build had them.
 */
const char *rs_explain_source(rs_explainer *self, const rs_dataset *dataset, int64_t file_id);
/* What has at least the file's rows, for a look or two: nothing is copied. */
const char *rs_explain_source_at_hand(rs_explainer *self, const rs_dataset *dataset,
                                      int64_t file_id);
/* What nodes of a file, or all, are read from, as they are stored. */
const char *rs_explain_nodes(rs_explainer *self, int64_t file_id);

/* The file that a row lies in, or that an id is of; RS_EXPLAIN_RUN for none. */
int64_t rs_explain_file_of(const rs_dataset *dataset, const rs_explain_row *row);
static inline int64_t rs_explain_file_of_id(int64_t id)
{
    return id < 0 ? RS_EXPLAIN_RUN : id >> RS_ID_ENTITY_BITS;
}

/* --- place.c --- */

/* The file; NULL where the repository has none of that id. Borrowed from self. */
rs_explain_file *rs_explain_file_get(rs_explainer *self, int64_t file_id);
rs_explain_place rs_explain_place_get(rs_explainer *self, int64_t file_id, int64_t start_byte,
                                      int64_t end_byte);
/* The bytes are in the file. */
bool rs_explain_has_bytes(const rs_explain_place *place);
rs_explain_node rs_explain_node_get(rs_explainer *self, int64_t node_id);

/* Put a row with its place into a list: its own bytes, or those of the node of its key. NULL on failure. */
rs_explain_item *rs_explain_add_item(rs_explainer *self, const rs_dataset *dataset,
                                     const rs_explain_row *row, rs_explain_items *list);
void rs_explain_items_push(rs_explainer *self, rs_explain_items *list, rs_explain_item *item);

/* --- find.c --- */

/* The file that is asked for; a path that one file alone ends in will do. NULL on failure. */
rs_explain_file *rs_explain_find_file(rs_explainer *self);
/* The bytes of the line that is asked for, its line end included. */
bool rs_explain_line(rs_explainer *self, const rs_explain_file *file, int64_t *start_byte,
                     int64_t *end_byte);
/* Rows of calls whose first byte, or whose callee's last identifier, stands on that line. */
rs_explain_rows rs_explain_find_calls(rs_explainer *self, const rs_explain_file *file);
/* RS_ERR_INVALID where the question names a kind that no edge has. */
void rs_explain_check_kind(rs_explainer *self);

/*
 * The stored rows of the edges that are asked for, with edge_id: at least as many as are to be
 * explained of the *n_found. *problem says why there is none.
 */
rs_explain_rows rs_explain_find(rs_explainer *self, size_t *n_found, const char **problem);

/* --- inputs.c --- */

/*
 * Bind a rule's inputs in the runner, cut down to what can make row: rows[i] are those of input i, each in
 * its place; two inputs of one dataset share them.
 */
void rs_explain_bind(rs_explainer *self, const rs_plan *rule, int64_t file_id,
                     const rs_explain_row *row, rs_explain_rows rows[RS_PLAN_MAX_INPUTS]);

/* The file that a rule has to see to make a row that lies in file_id. */
int64_t rs_explain_rule_file(const rs_plan *rule, int64_t file_id);
/* One side of the first equality of `on`, as a column of an input; NULL when it is none. */
const rs_expr *rs_explain_on_side(const rs_plan *rule, size_t input);
/* The output column's expression where it is a column, and nothing else; else NULL. */
const rs_expr *rs_explain_plain_column(const rs_plan *rule, const char *name);
/* An expression of a rule as the bundle's engine spells it, and as a person reads it. */
const char *rs_explain_expr(rs_explainer *self, const rs_plan *rule, const rs_expr *expr);
const char *rs_explain_expr_words(rs_explainer *self, const rs_plan *rule, const rs_expr *expr);

/* --- replay.c, rivals.c --- */

/* What an edge came of: a tree, its items with parents before children. Its row is there. */
void rs_explain_replay(rs_explainer *self, rs_explain_edge *edge);

/* Who else could have been item's row, once its rule is done again and as long as its steps are there. */
void rs_explain_add_rivals(rs_explainer *self, rs_explain_item *item);
/* A row and the nodes that it names beside the question that it answers, into a list. */
void rs_explain_add_found(rs_explainer *self, const rs_plan *rule, const rs_explain_row *row,
                          rs_explain_items *list);

#endif
