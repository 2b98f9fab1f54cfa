/* SPDX-License-Identifier: Apache-2.0 */
/* explain_impl.h - what the files behind explain.h share. */
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

enum { RS_EXPLAIN_NAME_BYTES = 192 };

/* A rule looks at one file, or at all: then its file is this. */
#define RS_EXPLAIN_RUN INT64_C(-1)

/* A file of the repository, and its text where that is at hand. */
typedef struct rs_explain_file {
    int64_t file_id;
    json_t *row;         /* of repo_files: path, sha256, size_bytes */
    const char *problem; /* why there is no text; NULL: there is */
    rs_buf text;
    rs_line_index lines; /* of the text, or as the bundle has them */
} rs_explain_file;

RS_VEC_DEFINE(rs_explain_files, rs_explain_file *)

typedef struct rs_explainer {
    const rs_explain_question *question;
    rs_reader bundle; /* the caller's, with a session of our own; only that is freed */
    rs_policy *policy;
    rs_rules *rules;     /* of this program */
    json_t *rule_rows;   /* relspec/rules.json: `rules` */
    json_t *environment; /* environment.json */
    json_t *events;      /* of rule_exec_events, by rule; NULL: not read yet, or none */
    json_t *made;        /* names of views and tables that are there */
    bool has_nodes;      /* the view `nodes` is there, of this file */
    int64_t nodes_file;
    rs_explain_files files;
    int root_fd;              /* of the analysed tree; -1: not at hand */
    const char *root_problem; /* why */
    rs_buf root;              /* path of the tree */
    rs_arena arena;           /* the rows of the answer, and what is made of them */
    bool failed;              /* memory ran out while a document was made */
} rs_explainer;

/* --- open.c --- */

/* Ownership: question and reader are borrowed. The caller releases *self, also on failure. */
rs_status rs_explainer_init(rs_explainer *self, const rs_reader *reader,
                            const rs_explain_question *question, rs_error *err) RS_MUST_USE;
void rs_explainer_release(rs_explainer *self);

/* The program's rule of that name, if it is the one that the bundle was made with; else NULL. */
const rs_plan *rs_explain_rule(const rs_explainer *self, const char *name);

/* A rule as the bundle has it: name, doc, pack, line, kind, signature, is_known; owned by the caller. */
json_t *rs_explain_rule_document(rs_explainer *self, const char *name);

/* RS_ERR_NOMEM when a document could not be made whole. */
rs_status rs_explain_check(const rs_explainer *self, rs_error *err) RS_MUST_USE;

/* --- rows.c --- */

/* One of our statements (sql/), what fills its holes, and the values of its parameters. */
enum { RS_EXPLAIN_MAX_ARGS = 4, RS_EXPLAIN_MAX_PARAMS = 6 };
typedef struct rs_explain_ask {
    const rs_sql *statement;
    rs_sql_arg args[RS_EXPLAIN_MAX_ARGS]; /* as many as have a name */
    rs_param params[RS_EXPLAIN_MAX_PARAMS];
    size_t n_params;
} rs_explain_ask;

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

/* A row of a statement, copied: what it points to lies in the explainer's arena. All-zero is no row. */
typedef struct rs_explain_row {
    const char *const *names; /* by column */
    const rs_param *values;
    size_t n_columns;
} rs_explain_row;

typedef struct rs_explain_rows {
    const rs_explain_row *items;
    size_t n_items;
} rs_explain_rows;

/* All rows that a statement gives. Errors: as rs_session_query(). */
rs_status rs_explain_query(rs_explainer *self, const rs_explain_ask *ask, rs_explain_rows *out,
                           rs_error *err) RS_MUST_USE;

/* A row as an object, a member a column. */
json_t *rs_explain_row_document(rs_explainer *self, const rs_explain_row *row);

/* All rows of a SELECT, an object each. Ownership: the caller owns *out. */
rs_status rs_explain_json_rows(rs_explainer *self, const char *label, const rs_buf *sql,
                               json_t **out, rs_error *err) RS_MUST_USE;
/* The first of them; NULL where there is none. */
rs_status rs_explain_json_row(rs_explainer *self, const char *label, const rs_buf *sql,
                              json_t **out, rs_error *err) RS_MUST_USE;

/* A value of a frame: null, a truth value, a whole number, a number, a text. */
json_t *rs_explain_value(const rs_vector *column, size_t row);
/* A row of a frame, an object; with its places where it has them. */
json_t *rs_explain_frame_row(rs_explainer *self, const rs_dataset *dataset, const rs_frame *frame,
                             size_t row);

/* Append a value of a row as a person reads it. */
void rs_explain_add_words(const json_t *value, rs_buf *out);
/* Append it as an SQL literal. */
void rs_explain_add_literal(const json_t *value, rs_buf *sql);
/* Append `"column" IS NOT DISTINCT FROM value`. */
void rs_explain_add_equal(const char *column, const json_t *value, rs_buf *sql);
/* Append " WHERE " and such a condition for each name of key, a dataset's. */
void rs_explain_add_key(const char *key, const json_t *row, rs_buf *sql);

/* The next column of a key as rs_key_next() has it, NUL-terminated; false behind the last. */
bool rs_explain_key_next(const char **key, char column[RS_EXPLAIN_NAME_BYTES]);

/* An edge's row as its address: kind, src, dst and start_byte, null where it has none. */
json_t *rs_explain_address_document(rs_explainer *self, const json_t *edge);

/* Members of a row. */
int64_t rs_explain_i64(const json_t *row, const char *column, int64_t fallback);
const char *rs_explain_text(const json_t *row, const char *column); /* "" where there is none */

/* --- views.c --- */

bool rs_explain_is_relationship(const rs_dataset *dataset);

/* True when the bundle has a dataset of that name. */
bool rs_explain_has(const rs_explainer *self, const char *name);

/* Rows of a dataset in the bundle, by its manifest; 0 where it has none of that name. */
uint64_t rs_explain_n_rows(const rs_explainer *self, const char *name);

/* The view `stored_NAME` over the files of a dataset or a relationship of the bundle. */
rs_status rs_explain_add_stored(rs_explainer *self, const char *name, rs_error *err) RS_MUST_USE;
/* Append the function that reads the files of a dataset, with `filename` and `file_row_number`. */
rs_status rs_explain_add_files(const rs_explainer *self, const char *name, rs_buf *sql,
                               rs_error *err) RS_MUST_USE;
/* The view `rejects_NAME`, where the gate kept any row out. */
rs_status rs_explain_add_rejects(rs_explainer *self, const char *name, bool *has_rows,
                                 rs_error *err) RS_MUST_USE;

/* The views of the param tables that the bundle has values of. */
rs_status rs_explain_add_params(rs_explainer *self, rs_error *err) RS_MUST_USE;

/*
 * Make a dataset's rows a view under its name, with `_row` and, of a relationship, `_in`: those
 * of a file, or of the run (RS_EXPLAIN_RUN), and of them only those that meet condition, SQL over
 * the dataset's columns (NULL: all). `nodes` have neither `_row` nor a condition.
 */
rs_status rs_explain_select(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                            const char *condition, rs_error *err) RS_MUST_USE;

/* Append the name of what holds a node, and of what holds a file's rows of a dataset (and perhaps
 * more). */
rs_status rs_explain_add_nodes_name(rs_explainer *self, int64_t node_id, rs_buf *sql,
                                    rs_error *err) RS_MUST_USE;
rs_status rs_explain_add_rows_name(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                                   rs_buf *sql, rs_error *err) RS_MUST_USE;

/* The dataset of that name, of evidence or of the rules' relationships; NULL for none. */
const rs_dataset *rs_explain_dataset(const rs_explainer *self, const char *name);

/* Append " BETWEEN first AND last" of the ids that a file gives to what lies in it. */
void rs_explain_add_in_file(int64_t file_id, rs_buf *sql);

/* The file that a row lies in; RS_EXPLAIN_RUN for none. */
int64_t rs_explain_file_of(const rs_dataset *dataset, const json_t *row);

/* --- place.c --- */

/* The file; NULL where the repository has none of that id. Borrowed from self. */
rs_status rs_explain_file_get(rs_explainer *self, int64_t file_id, rs_explain_file **out,
                              rs_error *err) RS_MUST_USE;

/*
 * Where bytes lie: path, start_byte, end_byte, line, column, end_line, end_column, `source` (text
 * of the first line, mark_start and mark_end: characters of it) or null. A JSON null for no file.
 *
 * Ownership: the caller owns *out.
 */
rs_status rs_explain_place(rs_explainer *self, int64_t file_id, int64_t start_byte,
                           int64_t end_byte, json_t **out, rs_error *err) RS_MUST_USE;

/* A node: node_id, kind, name, qualified_name, place. */
rs_status rs_explain_node(rs_explainer *self, int64_t node_id, json_t **out,
                          rs_error *err) RS_MUST_USE;

/* --- find.c --- */

/* The file that is asked for; a path that one file alone ends in will do. */
rs_status rs_explain_find_file(rs_explainer *self, rs_explain_file **out,
                               rs_error *err) RS_MUST_USE;
/* The bytes of the line that is asked for, its line end included. */
rs_status rs_explain_line(const rs_explainer *self, const rs_explain_file *file,
                          int64_t *start_byte, int64_t *end_byte, rs_error *err) RS_MUST_USE;
/* Rows of calls whose first byte, or whose callee's last identifier, stands on that line. */
rs_status rs_explain_find_calls(rs_explainer *self, const rs_explain_file *file, json_t **out,
                                rs_error *err) RS_MUST_USE;

/*
 * The stored rows of the edges that are asked for, with edge_id: at least as many as are to be
 * explained of the *n_found. *problem says why there is none.
 */
rs_status rs_explain_find(rs_explainer *self, json_t **out, size_t *n_found, const char **problem,
                          rs_error *err) RS_MUST_USE;

/* --- why.c --- */

/* `source_problems`: the files whose text is not shown, and why. */
void rs_explain_add_sources(rs_explainer *self, json_t *out);

/* --- replay.c --- */

/*
 * What an edge came of, as a tree of rows: each has dataset, row, place and, where a rule made it,
 * `rule` and the `inputs` that this read; `note` where it could not be done again.
 *
 * Ownership: the caller owns *out.
 */
rs_status rs_explain_replay(rs_explainer *self, json_t *edge, json_t **out,
                            rs_error *err) RS_MUST_USE;

#endif
