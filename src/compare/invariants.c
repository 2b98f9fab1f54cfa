/* SPDX-License-Identifier: Apache-2.0 */
/* invariants.c - what every bundle keeps, whatever a snapshot says. */
#include <stdio.h>

#include "compare/check.h"

/* What tells the candidates of one question apart (schema/relationship.def, schema/graph.def). */
static const char *const ambiguity_columns[] = {"confidence", "score", "ambiguity_group_id"};

static bool has_candidates(const json_t *row)
{
    return strcmp(rs_manifest_text(row, "group"), "relationships") == 0 ||
           strcmp(rs_manifest_text(row, "path"), "cpg/edges") == 0;
}

static rs_status ask(rs_reader *reader, const rs_buf *sql, int64_t *number, rs_error *err)
{
    RS_TRY(rs_buf_check(sql, err));
    return rs_session_query_i64(reader->session, "invariant", sql->bytes, number, err);
}

/* Every file of the dataset has the columns. */
static rs_status check_columns(rs_reader *reader, const json_t *row, rs_findings *findings,
                               rs_error *err)
{
    for (size_t i = 0; i < sizeof ambiguity_columns / sizeof ambiguity_columns[0]; i++) {
        const char *column = ambiguity_columns[i];
        int64_t n_without = 0;
        rs_buf sql = {0};
        rs_buf_add(&sql, "SELECT count(*) FROM (SELECT 1 FROM parquet_schema(");
        rs_status status = rs_reader_add_files_sql(reader, row, &sql, err);
        rs_buf_add(&sql, ") GROUP BY file_name HAVING count(*) FILTER (WHERE name = ");
        rs_buf_add_sql_literal(&sql, rs_str_of(column));
        rs_buf_add(&sql, ") = 0)");
        status = status == RS_OK ? ask(reader, &sql, &n_without, err) : status;
        rs_buf_release(&sql);
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
    rs_buf sql = {0};
    rs_status status = RS_OK;
    if (add_order(ordering, &order)) {
        rs_buf_add(&sql, "SELECT count(*) FROM (SELECT file_row_number AS place, row_number() OVER "
                         "(PARTITION BY filename ORDER BY ");
        rs_buf_add_str(&sql, rs_buf_str(&order));
        rs_buf_add(&sql, ", file_row_number) - 1 AS wanted FROM read_parquet(");
        status = rs_reader_add_files_sql(reader, row, &sql, err);
        rs_buf_add(&sql, ", filename = true, file_row_number = true)) WHERE place <> wanted");
        sql.failed = sql.failed || order.failed;
        status = status == RS_OK ? ask(reader, &sql, &n_misplaced, err) : status;
        rs_findings_compared(findings, 1);
    }
    if (n_misplaced > 0) {
        rs_findings_add(findings, rs_manifest_text(row, "path"), "ordering", NULL, NULL,
                        "dataset %s: %lld rows stand elsewhere than its order (%s) says",
                        rs_manifest_text(row, "path"), (long long)n_misplaced, ordering);
    }
    rs_buf_release(&sql);
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
        if (strcmp(rs_manifest_text(row, "group"), "relationships") == 0) {
            RS_TRY(check_order(reader, row, rs_manifest_text(dataset, "ordering"), findings, err));
        }
    }
    return rs_findings_check(findings, err);
}
