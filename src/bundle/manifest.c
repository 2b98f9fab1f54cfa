/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/manifest.h"

#include <string.h>

#include <inttypes.h>
#include <stdio.h>

#include "bundle/prepared.h"

const char *rs_bundle_group_name(rs_bundle_group group)
{
    switch (group) {
    case RS_GROUP_CPG:
        return "cpg";
    case RS_GROUP_RELATIONSHIPS:
        return "relationships";
    case RS_GROUP_EVIDENCE:
        return "evidence";
    case RS_GROUP_REJECTS:
        return "rejects";
    case RS_GROUP_RELSPEC:
        return "relspec";
    case RS_GROUP_PARAMS:
        return "params";
    }
    return "";
}

void rs_bundle_file_set(rs_bundle_file *file, const rs_parquet_written *written)
{
    file->n_rows = written->n_rows;
    file->n_bytes = written->n_bytes;
    memcpy(file->sha256, written->sha256, sizeof file->sha256);
}

void rs_bundle_file_name(uint32_t number, char name[RS_BUNDLE_FILE_NAME_BYTES])
{
    snprintf(name, RS_BUNDLE_FILE_NAME_BYTES, "part-%05u.parquet", (unsigned)number);
}

uint64_t rs_bundle_dataset_rows(const rs_bundle_dataset *dataset)
{
    uint64_t n_rows = 0;
    for (size_t i = 0; i < dataset->n_files; i++) {
        n_rows += dataset->files[i].n_rows;
    }
    return n_rows;
}

uint64_t rs_bundle_dataset_bytes(const rs_bundle_dataset *dataset)
{
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < dataset->n_files; i++) {
        n_bytes += dataset->files[i].n_bytes;
    }
    return n_bytes;
}

/* --- the manifest --- */

static json_t *files_document(const rs_bundle_dataset *dataset, bool *failed)
{
    json_t *files = json_array();
    for (size_t i = 0; i < dataset->n_files; i++) {
        const rs_bundle_file *file = &dataset->files[i];
        char name[RS_BUNDLE_FILE_NAME_BYTES];
        rs_bundle_file_name(file->number, name);
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(name), failed);
        rs_json_set(row, "rows", rs_json_u64(file->n_rows), failed);
        if (!rs_dataset_is_timed(dataset->dataset)) {
            rs_json_set(row, "bytes", rs_json_u64(file->n_bytes), failed);
            rs_json_set(row, "sha256", rs_json_text(file->sha256), failed);
        }
        rs_json_push(files, row, failed);
    }
    return files;
}

json_t *rs_manifest_timed_files(const rs_bundle_dataset *datasets, size_t n_datasets, bool *failed)
{
    json_t *files = json_object();
    for (size_t i = 0; i < n_datasets; i++) {
        const rs_bundle_dataset *dataset = &datasets[i];
        for (size_t f = 0; f < dataset->n_files && rs_dataset_is_timed(dataset->dataset); f++) {
            char name[RS_BUNDLE_FILE_NAME_BYTES];
            char path[192];
            rs_bundle_file_name(dataset->files[f].number, name);
            snprintf(path, sizeof path, "%s/%s/%s", rs_bundle_group_name(dataset->group),
                     dataset->dataset->name, name);
            json_t *row = json_object();
            rs_json_set(row, "bytes", rs_json_u64(dataset->files[f].n_bytes), failed);
            rs_json_set(row, "sha256", rs_json_text(dataset->files[f].sha256), failed);
            rs_json_set(files, path, row, failed);
        }
    }
    return files;
}

static rs_status dataset_document(const rs_bundle_dataset *dataset, json_t **out, rs_error *err)
{
    char fingerprint[RS_SHA256_TEXT_BYTES];
    char path[128];
    bool failed = false;
    *out = NULL;
    RS_TRY(rs_schema_fingerprint(dataset->dataset, dataset->group, fingerprint, err));
    snprintf(path, sizeof path, "%s/%s", rs_bundle_group_name(dataset->group),
             dataset->dataset->name);
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(dataset->dataset->name), &failed);
    rs_json_set(row, "group", rs_json_text(rs_bundle_group_name(dataset->group)), &failed);
    rs_json_set(row, "path", rs_json_text(path), &failed);
    rs_json_set(row, "version", json_integer(dataset->dataset->version), &failed);
    rs_json_set(row, "rows", rs_json_u64(rs_bundle_dataset_rows(dataset)), &failed);
    rs_json_set(row, "schema_fingerprint", rs_json_text(fingerprint), &failed);
    rs_json_set(row, "files", files_document(dataset, &failed), &failed);
    if (failed) {
        json_decref(row);
        return rs_error_set(err, RS_ERR_NOMEM, "write the manifest: out of memory");
    }
    *out = row;
    return RS_OK;
}

/* Kinds by name: those with a count, those that a rule can make and made none of here, the others. */
static json_t *kinds_document(const rs_kinds *all, const json_t *counts, const json_t *makeable,
                              bool is_edge, bool *failed)
{
    json_t *kinds = json_object();
    json_t *produced = json_array();
    json_t *absent = json_array();
    json_t *planned = json_array();
    for (size_t i = 0; i < rs_kinds_count(all, is_edge); i++) {
        const rs_kind *kind = rs_kinds_get(all, is_edge, i);
        json_t *state = json_object_get(counts, kind->name) != NULL     ? produced
                        : json_object_get(makeable, kind->name) != NULL ? absent
                                                                        : planned;
        rs_json_push(state, rs_json_text(kind->name), failed);
    }
    rs_json_set(kinds, "produced", produced, failed);
    rs_json_set(kinds, "absent", absent, failed);
    rs_json_set(kinds, "planned", planned, failed);
    return kinds;
}

static json_t *all_kinds_document(const rs_kinds *all, const json_t *counts, const json_t *makeable,
                                  bool *failed)
{
    json_t *kinds = json_object();
    rs_json_set(kinds, "nodes",
                kinds_document(all, json_object_get(counts, "nodes"),
                               json_object_get(makeable, "nodes"), false, failed),
                failed);
    rs_json_set(kinds, "edges",
                kinds_document(all, json_object_get(counts, "edges"),
                               json_object_get(makeable, "edges"), true, failed),
                failed);
    return kinds;
}

rs_status rs_manifest_new(const rs_bundle_dataset *datasets, size_t n_datasets, json_t *counts,
                          const json_t *makeable, const rs_kinds *kinds, json_t *rules,
                          const char *relspec_version, json_t **out, rs_error *err)
{
    bool failed = false;
    rs_status status = RS_OK;
    json_t *manifest = json_object();
    json_t *rows = json_array();
    json_t *rejects = json_object();
    *out = NULL;
    for (size_t i = 0; i < n_datasets && status == RS_OK; i++) {
        json_t *row = NULL;
        status = dataset_document(&datasets[i], &row, err);
        if (status == RS_OK) {
            rs_json_push(rows, row, &failed);
        }
        if (datasets[i].group == RS_GROUP_REJECTS) {
            rs_json_set(rejects, datasets[i].dataset->name,
                        rs_json_u64(rs_bundle_dataset_rows(&datasets[i])), &failed);
        }
    }
    rs_json_set(manifest, "format", rs_json_text(RS_BUNDLE_FORMAT), &failed);
    rs_json_set(manifest, "format_version", json_integer(RS_BUNDLE_FORMAT_VERSION), &failed);
    rs_json_set(manifest, "relspec_version", rs_json_text(relspec_version), &failed);
    rs_json_set(manifest, "datasets", rows, &failed);
    rs_json_set(manifest, "rejects", rejects, &failed);
    rs_json_set(manifest, "counts", json_incref(counts), &failed);
    rs_json_set(manifest, "kinds", all_kinds_document(kinds, counts, makeable, &failed), &failed);
    json_t *declared = rs_kinds_document(kinds, &failed);
    if (declared != NULL) {
        rs_json_set(manifest, "declared_kinds", declared, &failed);
    }
    rs_json_set(manifest, "rules", json_incref(rules), &failed);
    if (status == RS_OK && failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "write the manifest: out of memory");
    }
    if (status != RS_OK) {
        json_decref(manifest);
        return status;
    }
    *out = manifest;
    return RS_OK;
}

/* --- README.md --- */

static const char readme_head[] =
    "# A relspec run bundle\n"
    "\n"
    "The code property graph of one source tree, the evidence that it was made from, and the\n"
    "rules that made it. Everything is Parquet or JSON; nothing here needs relspec to be read.\n"
    "\n"
    "With relspec, every dataset is a view of its name, beside views for the usual questions:\n"
    "\n"
    "    relspec query . \"SELECT kind, count(*) FROM edges GROUP BY kind ORDER BY 2 DESC\"\n"
    "    relspec query . \"SELECT * FROM errors_by_reason\"\n"
    "    relspec query --views\n"
    "    relspec doctor .\n"
    "\n"
    "With DuckDB, pyarrow or polars, from this directory:\n"
    "\n"
    "    duckdb -c \"SELECT kind, count(*) FROM 'cpg/nodes/*.parquet' GROUP BY kind\"\n"
    "    python -c \"import pyarrow.dataset as d; print(d.dataset('cpg/nodes').head(5))\"\n"
    "    python -c \"import polars; print(polars.read_parquet('cpg/nodes/*.parquet'))\"\n"
    "\n"
    "| what | holds |\n"
    "|---|---|\n"
    "| `manifest.json` | content hash; datasets with rows, schema fingerprints, files and hashes; "
    "counts by kind |\n"
    "| `config.json` | what was asked for |\n"
    "| `environment.json` | versions, times, timings: all that may differ between equal runs |\n"
    "| `cpg/` | the graph: nodes, edges, properties, derivations |\n"
    "| `evidence/` | what was seen in the sources |\n"
    "| `relationships/` | candidates that rules found between pieces of evidence |\n"
    "| `rejects/` | rows that broke their dataset's contract, with the reason |\n"
    "| `relspec/` | what the run has to say of itself: each rule's plan, lanes and costs, "
    "fallbacks, scans, statistics |\n"
    "| `params/` | values that the run was given, their signatures, the rules that read them |\n"
    "| `relspec/rules.json` | every rule with its SQL |\n"
    "| `relspec/rule_signatures.json` | every rule as its signature covers it, and the signatures "
    "|\n"
    "| `schemas/` | columns of each dataset, stored and computed |\n"
    "\n"
    "`node_id >> 24` is the `file_id` of whatever lies in a file. Spans are bytes of the raw "
    "file,\n"
    "from 0, `[start_byte, end_byte)`; lines count from 1, columns are bytes from 0. A column "
    "that\n"
    "its schema marks as computed is not in the files: `relspec query` shows it all the same.\n"
    "\n"
    "| dataset | rows | one row | key |\n"
    "|---|---|---|---|\n";

static const char readme_views[] = "\n"
                                   "| view of `relspec query` | one row | needs |\n"
                                   "|---|---|---|\n";

rs_status rs_bundle_add_readme(const rs_bundle_dataset *datasets, size_t n_datasets, rs_buf *out,
                               rs_error *err)
{
    rs_buf_add(out, readme_head);
    for (size_t i = 0; i < n_datasets; i++) {
        const rs_dataset *dataset = datasets[i].dataset;
        if (datasets[i].group != RS_GROUP_REJECTS) {
            rs_buf_addf(out, "| `%s/%s` | %" PRIu64 " | %s | `%s` |\n",
                        rs_bundle_group_name(datasets[i].group), dataset->name,
                        rs_bundle_dataset_rows(&datasets[i]), dataset->doc, dataset->key);
        }
    }
    size_t n_views = 0;
    const rs_prepared_view *views = rs_prepared_views(&n_views);
    rs_buf_add(out, readme_views);
    for (size_t i = 0; i < n_views; i++) {
        rs_buf_addf(out, "| `%s` | %s | %s |\n", views[i].name, views[i].doc, views[i].needs);
    }
    return rs_buf_check(out, err);
}
