/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h - what a bundle says of itself: datasets, schemas, counts, README.
 *
 * Everything here is a function of the input, the rules and the build of relspec; what may differ
 * between equal runs goes into environment.json, which run/ makes.
 *
 * Threads: one at a time for each object.
 */
#ifndef RS_BUNDLE_MANIFEST_H
#define RS_BUNDLE_MANIFEST_H

#include "base/hash.h"
#include "base/json.h"
#include "engine/duckdb/session.h"
#include "schema/schema.h"

#define RS_BUNDLE_FORMAT "relspec-bundle"
/* Raised with each change that a reader of the one before would take for something else; once between
 * two releases. docs/bundle.md says what changed with each. */
enum { RS_BUNDLE_FORMAT_VERSION = 2 };

/* One Parquet file: part-<number>.parquet in its dataset's directory. */
typedef struct rs_bundle_file {
    uint32_t number;
    uint64_t n_rows;
    uint64_t n_bytes;
    char sha256[RS_SHA256_TEXT_BYTES];
    rs_parquet_tally *tally; /* owned by the draft; NULL: nobody asked for one */
} rs_bundle_file;

typedef enum rs_bundle_group {
    RS_GROUP_CPG,
    RS_GROUP_EVIDENCE,
    RS_GROUP_RELATIONSHIPS,
    RS_GROUP_REJECTS,
    RS_GROUP_RELSPEC, /* what the run says of itself */
    RS_GROUP_PARAMS   /* values that the run was given */
} rs_bundle_group;

/* One directory of Parquet files: <group>/<dataset>/. */
typedef struct rs_bundle_dataset {
    rs_bundle_group group;
    const rs_dataset *dataset;
    rs_bundle_file *files; /* by number; at least one */
    size_t n_files;
} rs_bundle_dataset;

/* "cpg", "evidence", "relationships", "rejects", "relspec", "params" */
const char *rs_bundle_group_name(rs_bundle_group group);

/* What became of the file; its number stays. */
void rs_bundle_file_set(rs_bundle_file *file, const rs_parquet_written *written);

/* "part-00007.parquet" */
enum { RS_BUNDLE_FILE_NAME_BYTES = 32 };
void rs_bundle_file_name(uint32_t number, char name[RS_BUNDLE_FILE_NAME_BYTES]);

uint64_t rs_bundle_dataset_rows(const rs_bundle_dataset *dataset);
uint64_t rs_bundle_dataset_bytes(const rs_bundle_dataset *dataset);

/* SHA-256 of {"fields":[{"name","nullable","type"},...]}, compact, stored columns in their order;
 * a file of rejects has `reason` behind them and only nullable columns. */
rs_status rs_schema_fingerprint(const rs_dataset *dataset, rs_bundle_group group,
                                char hash[RS_SHA256_TEXT_BYTES], rs_error *err) RS_MUST_USE;

/* The same of a schema document. A document that is none gives a hash that nobody has. */
rs_status rs_schema_document_fingerprint(const json_t *document, bool is_reject,
                                         char hash[RS_SHA256_TEXT_BYTES],
                                         rs_error *err) RS_MUST_USE;

/* The document of schemas/<dataset>.schema.json, also a member of the registry's. */
json_t *rs_schema_document(const rs_dataset *dataset, const rs_kinds *kinds, bool *failed);

/* A SELECT of no rows with a group's stored columns. */
rs_status rs_schema_add_empty_sql(const rs_dataset *dataset, rs_bundle_group group, rs_buf *out,
                                  rs_error *err) RS_MUST_USE;

/*
 * A manifest without content hash and list of text files (rs_bundle_writer_publish() adds them).
 *
 * Ownership: counts and rules are borrowed; the caller owns *out.
 */
rs_status rs_manifest_new(const rs_bundle_dataset *datasets, size_t n_datasets, json_t *counts,
                          const json_t *makeable, const rs_kinds *kinds, json_t *rules,
                          const char *relspec_version, json_t **out, rs_error *err) RS_MUST_USE;

/* {path: {"bytes", "sha256"}} of files with times in them: for environment.json, as the manifest has
 * only their rows. */
json_t *rs_manifest_timed_files(const rs_bundle_dataset *datasets, size_t n_datasets, bool *failed);

/* The bundle's README.md. */
rs_status rs_bundle_add_readme(const rs_bundle_dataset *datasets, size_t n_datasets, rs_buf *out,
                               rs_error *err) RS_MUST_USE;

#endif
