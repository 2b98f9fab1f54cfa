/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/manifest.h"
#include "engine/dataset_sql.h"

#include "schema/fingerprint.h"

rs_status rs_schema_document_fingerprint(const json_t *document, bool is_reject,
                                         char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    const json_t *columns = json_object_get(document, "columns");
    json_t *fields = json_array();
    bool failed = false;
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        if (json_is_true(json_object_get(column, "stored"))) {
            json_t *field = json_object();
            rs_json_set(field, "name", json_incref(json_object_get(column, "name")), &failed);
            rs_json_set(field, "type", json_incref(json_object_get(column, "type")), &failed);
            rs_json_set(field, "nullable",
                        is_reject ? json_true() : json_incref(json_object_get(column, "nullable")),
                        &failed);
            rs_json_push(fields, field, &failed);
        }
    }
    if (is_reject) {
        rs_json_push(fields, rs_field_document("reason", "string", true, &failed), &failed);
    }
    return rs_fields_hash(fields, failed, hash, err);
}

rs_status rs_schema_fingerprint(const rs_dataset *dataset, rs_bundle_group group,
                                char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    return rs_dataset_fingerprint(dataset, group == RS_GROUP_REJECTS, hash, err);
}

static json_t *column_document(const rs_column *column, const rs_kinds *kinds, bool *failed)
{
    json_t *row =
        rs_field_document(column->name, rs_column_field_type(column), !column->required, failed);
    rs_json_set(row, "doc", rs_json_text(column->doc), failed);
    rs_json_set(row, "stored", json_boolean(rs_column_is_stored(column)), failed);
    if (!rs_column_is_stored(column)) {
        rs_json_set(row, "computed", rs_json_text(column->source), failed);
    }
    if (column->entity != NULL) {
        rs_json_set(row, "refers_to", rs_json_text(column->entity->name), failed);
    }
    if (column->words != NULL) {
        const rs_words *set = rs_kinds_words(kinds, column->words);
        rs_json_set(row, "words", rs_json_text(set->name), failed);
        json_t *words = json_array();
        for (size_t i = 0; i < set->n_words; i++) {
            rs_json_push(words, rs_json_text(set->words[i]), failed);
        }
        rs_json_set(row, "values", words, failed);
    }
    return row;
}

json_t *rs_schema_document(const rs_dataset *dataset, const rs_kinds *kinds, bool *failed)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < dataset->n_columns; i++) {
        rs_json_push(columns, column_document(&dataset->columns[i], kinds, failed), failed);
    }
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(dataset->name), failed);
    rs_json_set(row, "version", json_integer(dataset->version), failed);
    rs_json_set(row, "lens", rs_json_text(dataset->lens), failed);
    rs_json_set(row, "key", rs_json_text(dataset->key), failed);
    rs_json_set(row, "doc", rs_json_text(dataset->doc), failed);
    rs_json_set(row, "columns", columns, failed);
    return row;
}

rs_status rs_schema_add_empty_sql(const rs_dataset *dataset, rs_bundle_group group, rs_buf *out,
                                  rs_error *err)
{
    return rs_dataset_add_empty_sql(dataset, group == RS_GROUP_REJECTS, out, err);
}
