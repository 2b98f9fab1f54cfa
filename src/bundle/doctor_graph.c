/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_graph.c - what holds between datasets: keys of the large ones, trees, counts.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bundle/doctor_impl.h"
#include "bundle/sql_texts.h"

enum { ROWS_A_KEY_EXAM = 4000000 };

/* --- statements that count what should not be --- */

typedef struct statement {
    const rs_sql *sql;
    const char *object;
    const char *needs[2];
    const char *message; /* behind the count */
} statement;

static const statement statements[] = {
    {&rs_sql_bundle_subtree,
     "evidence/syntax_nodes",
     {"syntax_nodes", NULL},
     "subtrees reach behind their parent's"},
    {&rs_sql_bundle_parent_span,
     "evidence/syntax_nodes",
     {"syntax_nodes", "nodes"},
     "syntax nodes start before their parent"},
    {&rs_sql_bundle_error_count,
     "evidence/parse_errors",
     {"parse_errors", "repo_files"},
     "files count other errors than parse_errors has"},
    {&rs_sql_bundle_line_count,
     "evidence/line_index",
     {"line_index", "repo_files"},
     "files have other lines than line_index"},
    {&rs_sql_bundle_flow_scope,
     "evidence/cfg_edges",
     {"cfg_edges", "cfg_blocks"},
     "flow edges do not stay in a scope"},
    {&rs_sql_bundle_flow_live,
     "evidence/cfg_blocks",
     {"cfg_edges", "cfg_blocks"},
     "flow edges lead from a live block to a dead one"},
    {&rs_sql_bundle_flow_elements,
     "evidence/cfg_elements",
     {"cfg_elements", "cfg_blocks"},
     "blocks count other elements than cfg_elements has"},
    {&rs_sql_bundle_dominators,
     "evidence/dominators",
     {"dominators", "cfg_blocks"},
     "blocks have a dominator that they cannot have, or lack one"},
    {&rs_sql_bundle_post_dominators,
     "evidence/post_dominators",
     {"post_dominators", "cfg_blocks"},
     "blocks have a post-dominator of another scope"},
    {&rs_sql_bundle_reaching_variable,
     "evidence/reaching_defs",
     {"reaching_defs", "def_use_events"},
     "uses are reached by what is no definition of their variable"},
    {&rs_sql_bundle_derived_edge,
     "cpg/derivations",
     {"derivations", "edges"},
     "derivations are of an edge that is not there"},
};

static rs_status run_statement(rs_exam *exam, rs_error *err)
{
    const statement *self = exam->subject;
    return rs_exam_count(exam, self->sql->name, self->object, self->sql->text, self->message, err);
}

static rs_status add_statements(rs_doctor *doctor, rs_error *err)
{
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        const statement *self = &statements[i];
        const rs_doctor_dataset *first = rs_doctor_find(doctor, self->needs[0]);
        if (first != NULL &&
            (self->needs[1] == NULL || rs_doctor_find(doctor, self->needs[1]) != NULL)) {
            RS_TRY(rs_doctor_add_exam(
                doctor, (rs_exam){.fn = run_statement, .subject = self, .cost = 8 * first->n_rows},
                err));
        }
    }
    return RS_OK;
}

/* --- keys by their hashes --- */

static void set_key_sql(const rs_exam *exam, const rs_sql *question, rs_buf *sql)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    char n_exams[32];
    char number[32];
    snprintf(n_exams, sizeof n_exams, "%" PRIu64, 1 + dataset->n_rows / ROWS_A_KEY_EXAM);
    snprintf(number, sizeof number, "%zu", exam->number);
    const rs_sql_arg args[] = {
        /* The registry's own. */
        {.name = "key", .form = RS_SQL_EXPR, .word = rs_manifest_text(dataset->schema, "key")},
        {.name = "dataset", .word = dataset->name},
        {.name = "n_exams", .form = RS_SQL_EXPR, .word = n_exams},
        {.name = "exam", .form = RS_SQL_EXPR, .word = number}};
    rs_buf_reset(sql);
    rs_sql_add(question, args, 4, sql);
}

/* Rows whose key hashes to exam->number, of as many exams as rows ask for. Equal hashes are looked
 * at again by the keys themselves. */
static rs_status check_key(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    int64_t n_equal = 0;
    rs_buf sql = {0};
    set_key_sql(exam, &rs_sql_bundle_equal_hashes, &sql);
    rs_status status = rs_buf_check(&sql, err);
    exam->n_checks++;
    if (status == RS_OK) {
        rs_error cause = {0};
        status = rs_session_query_i64(exam->session, "key", sql.bytes, &n_equal, &cause);
        if (status != RS_OK && status != RS_ERR_NOMEM) {
            rs_exam_report(exam, "key", dataset->path, "%s", cause.message);
            status = RS_OK;
        } else if (status != RS_OK) {
            rs_error_set(err, status, "%s", cause.message);
        }
    }
    if (status == RS_OK && n_equal > 0) {
        set_key_sql(exam, &rs_sql_bundle_equal_keys_of_exam, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_exam_count(exam, "key", dataset->path, sql.bytes,
                                      "keys stand in more than one row", err));
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status add_key_exams(rs_doctor *doctor, const char *name, rs_error *err)
{
    rs_doctor_dataset *dataset = rs_doctor_find(doctor, name);
    for (size_t i = 0; dataset != NULL && i < 1 + dataset->n_rows / ROWS_A_KEY_EXAM; i++) {
        RS_TRY(rs_doctor_add_exam(doctor,
                                  (rs_exam){.fn = check_key,
                                            .dataset = dataset,
                                            .number = i,
                                            .cost = (uint64_t)8 * ROWS_A_KEY_EXAM},
                                  err));
    }
    return RS_OK;
}

/* --- the manifest's counts --- */

typedef struct kind_counts {
    const json_t *counts;
    uint64_t n_found;
} kind_counts;

static void compare_kind(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    kind_counts *self = context;
    rs_str kind = rs_cursor_str(result, 0, row);
    int64_t n_rows = rs_cursor_i64(result, 1, row);
    const json_t *count = json_object_getn(self->counts, kind.bytes, kind.n_bytes);
    self->n_found += count != NULL;
    if (count == NULL || json_integer_value(count) != n_rows) {
        rs_exam_report(exam, "kind_counts", "manifest.json",
                       "%.*s stands in %" PRId64 " rows, the manifest says %lld", (int)kind.n_bytes,
                       kind.bytes, n_rows, (long long)json_integer_value(count));
    }
}

static rs_status check_kind_counts(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    kind_counts self = {
        .counts = json_object_get(json_object_get(exam->doctor->reader->manifest, "counts"),
                                  dataset->name)};
    const rs_sql_arg arg = {.name = "dataset", .word = dataset->name};
    rs_buf sql = {0};
    rs_sql_add(&rs_sql_bundle_kinds, &arg, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_exam_each_row(exam, "kind_counts", dataset->path, sql.bytes, compare_kind,
                                     &self, err));
    rs_buf_release(&sql);
    RS_TRY(status);
    if (self.n_found < json_object_size(self.counts)) {
        rs_exam_report(exam, "kind_counts", "manifest.json",
                       "counts %zu kinds of %s, of which %" PRIu64 " are there",
                       json_object_size(self.counts), dataset->name, self.n_found);
    }
    return RS_OK;
}

rs_status rs_doctor_add_graph_exams(rs_doctor *doctor, rs_error *err)
{
    static const char *const graph[] = {"nodes", "edges"};
    RS_TRY(rs_doctor_add_node_exam(doctor, err));
    RS_TRY(add_key_exams(doctor, "edges", err));
    RS_TRY(add_key_exams(doctor, "props", err));
    for (size_t i = 0; i < 2; i++) {
        rs_doctor_dataset *dataset = rs_doctor_find(doctor, graph[i]);
        if (dataset != NULL) {
            RS_TRY(rs_doctor_add_exam(
                doctor,
                (rs_exam){.fn = check_kind_counts, .dataset = dataset, .cost = dataset->n_rows},
                err));
        }
    }
    return add_statements(doctor, err);
}
