/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/fingerprint.h"

const char *rs_type_field_name(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
        return "int64";
    case RS_TYPE_I32:
        return "int32";
    case RS_TYPE_BOOL:
        return "bool";
    case RS_TYPE_F32:
        return "float";
    case RS_TYPE_F64:
        return "double";
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return "string";
    }
    return "";
}

const char *rs_column_field_type(const rs_column *column)
{
    bool is_text = column->type == RS_TYPE_STR;
    switch (column->shape) {
    case RS_SHAPE_ONE:
        return rs_type_field_name(column->type);
    case RS_SHAPE_LIST:
        return is_text ? "list<string>" : "list<double>";
    case RS_SHAPE_MAP:
        return is_text ? "map<string, string>" : "map<string, double>";
    }
    return "";
}

json_t *rs_field_document(const char *name, const char *type, bool nullable, bool *failed)
{
    json_t *field = json_object();
    rs_json_set(field, "name", rs_json_text(name), failed);
    rs_json_set(field, "type", rs_json_text(type), failed);
    rs_json_set(field, "nullable", json_boolean(nullable), failed);
    return field;
}

rs_status rs_fields_hash(json_t *fields, bool failed, char hash[RS_SHA256_TEXT_BYTES],
                         rs_error *err)
{
    json_t *schema = json_object();
    rs_buf text = {0};
    rs_json_set(schema, "fields", fields, &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "hash a schema: out of memory")
                              : rs_json_print_compact(schema, &text, err);
    if (status == RS_OK) {
        rs_sha256_text(text.bytes, text.n_bytes, hash);
    }
    rs_buf_release(&text);
    json_decref(schema);
    return status;
}

rs_status rs_dataset_fingerprint(const rs_dataset *dataset, bool is_reject,
                                 char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    bool failed = false;
    json_t *fields = json_array();
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (rs_column_is_stored(column)) {
            rs_json_push(fields,
                         rs_field_document(column->name, rs_column_field_type(column),
                                           is_reject || !column->required, &failed),
                         &failed);
        }
    }
    if (is_reject) {
        rs_json_push(fields, rs_field_document("reason", "string", true, &failed), &failed);
    }
    return rs_fields_hash(fields, failed, hash, err);
}

rs_status rs_dataset_ids_fingerprint(const rs_dataset *dataset, char hash[RS_SHA256_TEXT_BYTES],
                                     rs_error *err)
{
    bool failed = false;
    json_t *fields = json_array();
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (column->entity != NULL) {
            json_t *field = json_object();
            rs_json_set(field, "name", rs_json_text(column->name), &failed);
            rs_json_set(field, "refers_to", rs_json_text(column->entity->name), &failed);
            rs_json_set(field, "is_shared", json_boolean(column->is_shared), &failed);
            rs_json_push(fields, field, &failed);
        }
    }
    return rs_fields_hash(fields, failed, hash, err);
}
