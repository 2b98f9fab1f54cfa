/* SPDX-License-Identifier: Apache-2.0 */
/* record_stats.c - scans, and what the footers of the files say. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "run/draft.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/record.h"
#include "run/sessions.h"
#include "run/sql_texts.h"
#include "schema/fingerprint.h"

/* --- scans --- */

static void add_memory_scan(const rs_pipeline *pipeline, rs_dataset_id dataset, rs_records *rows)
{
    rs_scan_count count = rs_engine_scans(rs_run_engine(pipeline), dataset);
    const rs_scan_count beside = rs_beside_count(rs_run_beside(pipeline), dataset);
    uint64_t n_rows = 0;
    size_t n_filled = 0;
    count.n_scans += beside.n_scans;
    count.n_rows += beside.n_rows;
    count.n_bytes += beside.n_bytes;
    if (count.n_scans == 0) {
        return;
    }
    for (size_t i = 0; i < rs_run_evidence(pipeline)->n_parts; i++) {
        n_rows += rs_run_evidence(pipeline)->parts[i].batches[dataset].n_rows;
        n_filled += rs_run_evidence(pipeline)->parts[i].batches[dataset].n_rows > 0;
    }
    rs_records_text(rows, RS_C_scan_telemetry_dataset, rs_dataset_get(dataset)->name);
    rs_records_text(rows, RS_C_scan_telemetry_source, "memory");
    rs_records_i64(rows, RS_C_scan_telemetry_scans, (int64_t)count.n_scans);
    rs_records_i64(rows, RS_C_scan_telemetry_fragment_count,
                   (int64_t)rs_run_evidence(pipeline)->n_parts);
    rs_records_i64(rows, RS_C_scan_telemetry_row_group_count, (int64_t)n_filled);
    rs_records_i64(rows, RS_C_scan_telemetry_count_rows, (int64_t)count.n_rows);
    rs_records_i64(rows, RS_C_scan_telemetry_estimated_rows, (int64_t)n_rows);
    rs_records_i64(rows, RS_C_scan_telemetry_bytes, (int64_t)count.n_bytes);
    rs_records_begin(rows, RS_C_scan_telemetry_file_hints);
    rs_records_begin(rows, RS_C_scan_telemetry_filters); /* the engine filters what a scan gives */
    rs_records_end(rows);
}

static void add_file_hints(const rs_bundle_dataset *dataset, rs_records *rows)
{
    enum { MOST = 5 };
    rs_records_begin(rows, RS_C_scan_telemetry_file_hints);
    for (size_t i = 0; i < dataset->n_files && i < MOST; i++) {
        char name[RS_BUNDLE_FILE_NAME_BYTES];
        char path[192];
        rs_bundle_file_name(dataset->files[i].number, name);
        snprintf(path, sizeof path, "%s/%s/%s", rs_bundle_group_name(dataset->group),
                 dataset->dataset->name, name);
        rs_records_item(rows, RS_C_scan_telemetry_file_hints, path);
    }
}

/* The counts of nodes and edges by kind read what was written. */
static void add_parquet_scan(const rs_pipeline *pipeline, const rs_record *record, size_t index,
                             rs_records *rows)
{
    const rs_bundle_dataset *dataset = &rs_run_draft(pipeline)->datasets.items[index];
    int64_t n_rows = (int64_t)rs_bundle_dataset_rows(dataset);
    rs_records_text(rows, RS_C_scan_telemetry_dataset, dataset->dataset->name);
    rs_records_text(rows, RS_C_scan_telemetry_source, "parquet");
    rs_records_i64(rows, RS_C_scan_telemetry_scans, 1);
    rs_records_i64(rows, RS_C_scan_telemetry_fragment_count, (int64_t)dataset->n_files);
    rs_records_i64(rows, RS_C_scan_telemetry_files, (int64_t)dataset->n_files);
    rs_records_i64(rows, RS_C_scan_telemetry_row_group_count, (int64_t)record->n_row_groups[index]);
    rs_records_i64(rows, RS_C_scan_telemetry_count_rows, n_rows);
    rs_records_i64(rows, RS_C_scan_telemetry_estimated_rows, n_rows);
    rs_records_i64(rows, RS_C_scan_telemetry_bytes, (int64_t)rs_bundle_dataset_bytes(dataset));
    add_file_hints(dataset, rows);
    rs_records_begin(rows, RS_C_scan_telemetry_filters);
    rs_records_end(rows);
}

rs_status rs_record_fill_scans(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                               rs_error *err)
{
    (void)err;
    if (!rs_run_policy(pipeline)->diagnostics.scan_telemetry) {
        return RS_OK;
    }
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        add_memory_scan(pipeline, (rs_dataset_id)i, rows);
    }
    for (size_t i = 0; i < rs_run_draft(pipeline)->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &rs_run_draft(pipeline)->datasets.items[i];
        bool is_counted = dataset->dataset == rs_graph_dataset_get(RS_G_nodes) ||
                          dataset->dataset == rs_graph_dataset_get(RS_G_edges);
        if (dataset->group == RS_GROUP_CPG && is_counted) {
            add_parquet_scan(pipeline, record, i, rows);
        }
    }
    return RS_OK;
}

/* --- footers --- */

static rs_status query_columns(const rs_pipeline *pipeline, rs_cursor **out, rs_error *err)
{
    const rs_buf *directory = &rs_run_draft(pipeline)->directory;
    char from[32];
    rs_buf files = {0};
    rs_buf sql = {0};
    snprintf(from, sizeof from, "%zu", directory->n_bytes + 2);
    rs_status status = rs_files_add_parquet_sql(directory->bytes, 2, &files, err);
    const rs_sql_arg args[] = {{.name = "from", .form = RS_SQL_EXPR, .word = from},
                               {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)}};
    rs_sql_add(&rs_sql_run_stored_columns, args, 2, &sql);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_session_query(rs_run_session(pipeline, 0), "read footers", sql.bytes, NULL,
                                     0, out, err));
    rs_buf_release(&files);
    rs_buf_release(&sql);
    return status;
}

/* --- rejects --- */

static rs_status add_rejected(const rs_rules *rules, rs_cursor *result, uint64_t *n_rejected,
                              rs_error *err)
{
    size_t n_rows = 1;
    while (n_rows > 0) {
        RS_TRY(rs_cursor_next(result, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            rs_str name = rs_cursor_str(result, 0, i);
            for (size_t r = 0; r < rs_rules_count(rules); r++) {
                if (rs_str_equal(rs_str_of(rs_rules_get(rules, r)->name), name)) {
                    n_rejected[r] += (uint64_t)rs_cursor_i64(result, 1, i);
                }
            }
        }
    }
    return RS_OK;
}

static rs_status count_rejects_of(const rs_pipeline *pipeline, const rs_bundle_dataset *dataset,
                                  uint64_t *n_rejected, rs_error *err)
{
    rs_buf path = {0};
    rs_buf files = {0};
    rs_buf sql = {0};
    rs_cursor *result = NULL;
    rs_buf_addf(&path, "%s/%s/%s", rs_run_draft(pipeline)->directory.bytes,
                rs_bundle_group_name(dataset->group), dataset->dataset->name);
    rs_status status = rs_buf_check(&path, err);
    RS_THEN(status, rs_files_add_parquet_sql(path.bytes, 0, &files, err));
    const rs_sql_arg arg = {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)};
    rs_sql_add(&rs_sql_run_rejects_by_rule, &arg, 1, &sql);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_session_query(rs_run_session(pipeline, 0), "count rejects", sql.bytes, NULL,
                                     0, &result, err));
    RS_THEN(status, add_rejected(rs_run_rules(pipeline), result, n_rejected, err));
    rs_cursor_free(result);
    rs_buf_release(&path);
    rs_buf_release(&files);
    rs_buf_release(&sql);
    return status;
}

/* Edges whose derivations are rejects were rejects already: a row is counted once. */
rs_status rs_record_count_rejects(const rs_pipeline *pipeline, rs_record *record, rs_error *err)
{
    const rs_draft *draft = rs_run_draft(pipeline);
    size_t n_rules = rs_rules_count(rs_run_rules(pipeline));
    record->n_rejected = rs_alloc_zero(n_rules + 1, sizeof *record->n_rejected);
    if (record->n_rejected == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "count rejects: out of memory");
    }
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        bool names_rules = rs_column_find(dataset->dataset, RS_STR_LITERAL("rule_name")) != NULL &&
                           dataset->dataset != rs_graph_dataset_get(RS_G_derivations);
        if (dataset->group == RS_GROUP_REJECTS && names_rules &&
            rs_bundle_dataset_rows(dataset) > 0) {
            RS_TRY(count_rejects_of(pipeline, dataset, record->n_rejected, err));
        }
    }
    return RS_OK;
}

static size_t n_stored_columns(const rs_bundle_dataset *dataset)
{
    size_t n_columns = dataset->group == RS_GROUP_REJECTS; /* reason */
    for (size_t i = 0; i < dataset->dataset->n_columns; i++) {
        n_columns += rs_column_is_stored(&dataset->dataset->columns[i]);
    }
    return n_columns;
}

rs_status rs_record_fill_datasets(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                  rs_error *err)
{
    for (size_t i = 0; i < rs_run_draft(pipeline)->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &rs_run_draft(pipeline)->datasets.items[i];
        char hash[RS_SHA256_TEXT_BYTES];
        if (dataset->group == RS_GROUP_RELSPEC) {
            continue;
        }
        RS_TRY(rs_schema_fingerprint(dataset->dataset, dataset->group, hash, err));
        rs_records_text(rows, RS_C_dataset_stats_dataset_name, dataset->dataset->name);
        rs_records_text(rows, RS_C_dataset_stats_dataset_group,
                        rs_bundle_group_name(dataset->group));
        rs_records_i64(rows, RS_C_dataset_stats_rows, (int64_t)rs_bundle_dataset_rows(dataset));
        rs_records_i64(rows, RS_C_dataset_stats_columns, (int64_t)n_stored_columns(dataset));
        rs_records_text(rows, RS_C_dataset_stats_schema_fingerprint, hash);
        rs_records_i64(rows, RS_C_dataset_stats_files, (int64_t)dataset->n_files);
        rs_records_i64(rows, RS_C_dataset_stats_row_groups, (int64_t)record->n_row_groups[i]);
        rs_records_i64(rows, RS_C_dataset_stats_bytes, (int64_t)rs_bundle_dataset_bytes(dataset));
        rs_records_end(rows);
    }
    return RS_OK;
}

/* The place among the bundle's datasets; n_datasets for none. */
static size_t place_of(const rs_pipeline *pipeline, rs_str group, rs_str name)
{
    size_t i = 0;
    for (; i < rs_run_draft(pipeline)->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &rs_run_draft(pipeline)->datasets.items[i];
        if (rs_str_equal(rs_str_of(dataset->dataset->name), name) &&
            rs_str_equal(rs_str_of(rs_bundle_group_name(dataset->group)), group)) {
            break;
        }
    }
    return i;
}

/* The registry's name of the type that a column has in the files; a reject's reason is a text. */
static const char *type_of(const rs_dataset *dataset, rs_str column)
{
    const rs_column *found = rs_column_find(dataset, column);
    return found != NULL ? rs_column_field_type(found) : "string";
}

/* Columns: group, dataset, column, nulls, bytes, row groups. */
static void add_column(const rs_pipeline *pipeline, rs_record *record, const rs_cursor *result,
                       size_t row, rs_records *rows)
{
    rs_str group = rs_cursor_str(result, 0, row);
    rs_str name = rs_cursor_str(result, 1, row);
    rs_str column = rs_cursor_str(result, 2, row);
    size_t place = place_of(pipeline, group, name);
    if (place == rs_run_draft(pipeline)->datasets.n_items) {
        return;
    }
    rs_records_str(rows, RS_C_column_stats_dataset_group, group);
    rs_records_str(rows, RS_C_column_stats_dataset_name, name);
    rs_records_str(rows, RS_C_column_stats_column_name, column);
    rs_records_text(rows, RS_C_column_stats_type,
                    type_of(rs_run_draft(pipeline)->datasets.items[place].dataset, column));
    rs_records_i64(rows, RS_C_column_stats_null_count, rs_cursor_i64(result, 3, row));
    rs_records_i64(rows, RS_C_column_stats_bytes, rs_cursor_i64(result, 4, row));
    rs_records_end(rows);
    record->n_row_groups[place] = (uint64_t)rs_cursor_i64(result, 5, row);
}

rs_status rs_record_fill_columns(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                 rs_error *err)
{
    rs_cursor *result = NULL;
    size_t n_rows = 1;
    record->n_row_groups =
        rs_alloc_zero(rs_run_draft(pipeline)->datasets.n_items + 1, sizeof *record->n_row_groups);
    if (record->n_row_groups == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "read footers: out of memory");
    }
    /* A file without rows has no row group, and so no column here: there is nothing to count. */
    rs_status status = query_columns(pipeline, &result, err);
    while (status == RS_OK && n_rows > 0) {
        status = rs_cursor_next(result, &n_rows, err);
        for (size_t i = 0; status == RS_OK && i < n_rows; i++) {
            add_column(pipeline, record, result, i, rows);
        }
    }
    rs_cursor_free(result);
    return status;
}
