/* SPDX-License-Identifier: Apache-2.0 */
/* record_stats.c - scans, and what the files came to as they were written. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "parquet/tally.h"
#include "run/draft.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/record.h"
#include "run/sessions.h"
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

/* --- rejects --- */

static void add_rejected(const rs_rules *rules, const rs_tally_count *count, uint64_t *n_rejected)
{
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        if (rs_str_equal(rs_str_of(rs_rules_get(rules, i)->name), count->value)) {
            n_rejected[i] += count->n_rows;
        }
    }
}

/* Edges whose derivations are rejects were rejects already: a row is counted once. */
rs_status rs_record_count_rejects(const rs_pipeline *pipeline, rs_record *record, rs_error *err)
{
    const rs_draft *draft = rs_run_draft(pipeline);
    const rs_rules *rules = rs_run_rules(pipeline);
    record->n_rejected = rs_alloc_zero(rs_rules_count(rules) + 1, sizeof *record->n_rejected);
    if (record->n_rejected == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "count rejects: out of memory");
    }
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        bool is_counted = dataset->group == RS_GROUP_REJECTS &&
                          dataset->dataset != rs_graph_dataset_get(RS_G_derivations);
        for (size_t file = 0; file < dataset->n_files && is_counted; file++) {
            const rs_tally_count_vec *counts = &dataset->files[file].tally->counts;
            for (size_t n = 0; n < counts->n_items; n++) {
                add_rejected(rules, &counts->items[n], record->n_rejected);
            }
        }
    }
    return RS_OK;
}

/* --- what files came to --- */

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

/* The name of a file's column; behind those of the dataset, a reject's reason. */
static const char *column_name(const rs_bundle_dataset *dataset, size_t column, const char **type)
{
    const rs_dataset *record = dataset->dataset;
    for (size_t i = 0; i < record->n_columns; i++) {
        if (rs_column_is_stored(&record->columns[i]) && column-- == 0) {
            *type = rs_column_field_type(&record->columns[i]);
            return record->columns[i].name;
        }
    }
    *type = "string";
    return "reason";
}

/* A file without rows has no row group, and so no column here: there is nothing to count. */
static void add_columns(const rs_bundle_dataset *dataset, uint64_t *n_row_groups, rs_records *rows)
{
    rs_tally_column sums[RS_TALLY_COLUMNS] = {{0}};
    size_t n_columns = 0;
    for (size_t file = 0; file < dataset->n_files; file++) {
        const rs_parquet_tally *tally = dataset->files[file].tally;
        *n_row_groups += tally->n_groups;
        n_columns = tally->n_columns > n_columns ? tally->n_columns : n_columns;
        for (size_t i = 0; i < tally->n_columns; i++) {
            sums[i].n_nulls += tally->columns[i].n_nulls;
            sums[i].n_bytes += tally->columns[i].n_bytes;
        }
    }
    for (size_t i = 0; i < n_columns; i++) {
        const char *type = NULL;
        const char *name = column_name(dataset, i, &type);
        rs_records_text(rows, RS_C_column_stats_dataset_group,
                        rs_bundle_group_name(dataset->group));
        rs_records_text(rows, RS_C_column_stats_dataset_name, dataset->dataset->name);
        rs_records_text(rows, RS_C_column_stats_column_name, name);
        rs_records_text(rows, RS_C_column_stats_type, type);
        rs_records_i64(rows, RS_C_column_stats_null_count, (int64_t)sums[i].n_nulls);
        rs_records_i64(rows, RS_C_column_stats_bytes, (int64_t)sums[i].n_bytes);
        rs_records_end(rows);
    }
}

static int by_name(const rs_bundle_dataset *a, const rs_bundle_dataset *b)
{
    int order = strcmp(rs_bundle_group_name(a->group), rs_bundle_group_name(b->group));
    return order != 0 ? order : strcmp(a->dataset->name, b->dataset->name);
}

/* The next of the draft's datasets in order of group and name; n_items behind the last. They are few. */
static size_t next_by_name(const rs_draft *draft, const rs_bundle_dataset *before)
{
    const rs_bundle_dataset *datasets = draft->datasets.items;
    size_t next = draft->datasets.n_items;
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        if ((before == NULL || by_name(&datasets[i], before) > 0) &&
            (next == draft->datasets.n_items || by_name(&datasets[i], &datasets[next]) < 0)) {
            next = i;
        }
    }
    return next;
}

rs_status rs_record_fill_columns(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                 rs_error *err)
{
    const rs_draft *draft = rs_run_draft(pipeline);
    size_t n_datasets = draft->datasets.n_items;
    record->n_row_groups = rs_alloc_zero(n_datasets + 1, sizeof *record->n_row_groups);
    if (record->n_row_groups == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "count row groups: out of memory");
    }
    for (size_t i = next_by_name(draft, NULL); i < n_datasets;
         i = next_by_name(draft, &draft->datasets.items[i])) {
        if (draft->datasets.items[i].group != RS_GROUP_RELSPEC) {
            add_columns(&draft->datasets.items[i], &record->n_row_groups[i], rows);
        }
    }
    return RS_OK;
}
