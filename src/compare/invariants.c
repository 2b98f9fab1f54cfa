/* SPDX-License-Identifier: Apache-2.0 */
/* invariants.c - what every bundle keeps, whatever a snapshot says. */
#include <stdio.h>

#include "compare/check.h"
#include "compare/sql_texts.h"

/* What tells the candidates of one question apart (schema/relationship.def, schema/graph.def). */
static const char *const ambiguity_columns[] = {"confidence", "score", "ambiguity_group_id"};

static bool has_candidates(const json_t *row)
{
    return strcmp(rs_manifest_text(row, "group"), "relationships") == 0 ||
           strcmp(rs_manifest_text(row, "path"), "cpg/edges") == 0;
}

static rs_status ask(rs_reader *reader, const rs_sql *statement, const rs_sql_arg *args,
                     size_t n_args, int64_t *number, rs_error *err)
{
    rs_buf sql = {0};
    rs_sql_add(statement, args, n_args, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_query_i64(reader->session, "invariant", sql.bytes, number, err));
    rs_buf_release(&sql);
    return status;
}

/* Every file of the dataset has the columns. */
static rs_status check_columns(rs_reader *reader, const json_t *row, rs_findings *findings,
                               rs_error *err)
{
    for (size_t i = 0; i < sizeof ambiguity_columns / sizeof ambiguity_columns[0]; i++) {
        const char *column = ambiguity_columns[i];
        int64_t n_without = 0;
        rs_buf files = {0};
        rs_status status = rs_reader_add_files_sql(reader, row, &files, err);
        const rs_sql_arg args[] = {
            {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)},
            {.name = "column", .word = column}};
        RS_THEN(status, ask(reader, &rs_sql_compare_files_without, args, 2, &n_without, err));
        rs_buf_release(&files);
        if (status != RS_OK) {
            return status;
        }
        rs_findings_compared(findings, 1);
        if (n_without > 0) {
            rs_findings_add(findings, rs_manifest_text(row, "path"), column, NULL, NULL,
                            "dataset %s: %lld of its files have no column %s",
                            rs_manifest_text(row, "path"), (long long)n_without, column);
        }
    }
    return RS_OK;
}

/* "explicit: a, b desc" as an ORDER BY; false when no order is declared. */
static bool add_order(const char *ordering, rs_buf *sql)
{
    const char *at = strchr(ordering, ':');
    size_t n_terms = 0;
    at = at == NULL ? "" : at + 1;
    while (*at != '\0') {
        at += strspn(at, ", ");
        size_t n_term = strcspn(at, ",");
        size_t n_name = strcspn(at, ", ");
        if (n_name > 0) {
            rs_buf_add(sql, n_terms++ == 0 ? "" : ", ");
            rs_buf_add_sql_name(sql, (rs_str){at, n_name});
            rs_buf_add(sql,
                       n_term > n_name && strncmp(at + n_name, " desc", 5) == 0 ? " DESC" : "");
        }
        at += n_term;
    }
    return n_terms > 0;
}

/* Within each file; a file holds the rows of a range of sources, and ranges go by path. */
static rs_status check_order(rs_reader *reader, const json_t *row, const char *ordering,
                             rs_findings *findings, rs_error *err)
{
    int64_t n_misplaced = 0;
    rs_buf order = {0};
    rs_buf files = {0};
    rs_status status = RS_OK;
    bool is_claimed = strncmp(ordering, "explicit:", strlen("explicit:")) == 0;
    if (is_claimed && add_order(ordering, &order)) {
        status = rs_reader_add_files_sql(reader, row, &files, err);
        const rs_sql_arg args[] = {
            {.name = "order", .form = RS_SQL_EXPR, .word = rs_buf_text(&order)},
            {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)}};
        RS_THEN(status, rs_buf_check(&order, err));
        RS_THEN(status, ask(reader, &rs_sql_compare_misplaced, args, 2, &n_misplaced, err));
        rs_findings_compared(findings, 1);
    }
    if (n_misplaced > 0) {
        rs_findings_add(findings, rs_manifest_text(row, "path"), "ordering", NULL, NULL,
                        "dataset %s: %lld rows stand elsewhere than its order (%s) says",
                        rs_manifest_text(row, "path"), (long long)n_misplaced, ordering);
    }
    rs_buf_release(&files);
    rs_buf_release(&order);
    return status;
}

rs_status rs_check_invariants(rs_reader *reader, const json_t *facts, rs_findings *findings,
                              rs_error *err)
{
    const json_t *rows = json_object_get(reader->manifest, "datasets");
    const json_t *datasets = json_object_get(facts, "datasets");
    rs_findings_begin(findings, "ambiguity_columns");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (has_candidates(row)) {
            RS_TRY(check_columns(reader, row, findings, err));
        }
    }
    rs_findings_begin(findings, "ordering");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const json_t *dataset = json_object_get(datasets, rs_manifest_text(row, "path"));
        RS_TRY(check_order(reader, row, rs_manifest_text(dataset, "ordering"), findings, err));
    }
    return rs_findings_check(findings, err);
}
