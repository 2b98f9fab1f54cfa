/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/snapshot.h"

#include <errno.h>

#include "bundle/file_draft.h"
#include "bundle/files.h"
#include "bundle/reader.h"

enum { MAX_SNAPSHOT_BYTES = 64 << 20 };

/* --- what a snapshot must be --- */

typedef struct member {
    const char *name;
    json_type type;
    const char *type_name;
} member;

static const member members[] = {
    {"bands", JSON_OBJECT, "an object"},    {"config", JSON_OBJECT, "an object"},
    {"content", JSON_STRING, "a text"},     {"counts", JSON_OBJECT, "an object"},
    {"datasets", JSON_OBJECT, "an object"}, {"graph_signature", JSON_STRING, "a text"},
    {"input", JSON_OBJECT, "an object"},    {"made_by", JSON_OBJECT, "an object"},
    {"policy", JSON_OBJECT, "an object"},   {"rejects", JSON_OBJECT, "an object"},
    {"rules", JSON_OBJECT, "an object"},
};

static rs_status check_bands(const char *path, const json_t *bands, const char *at, rs_error *err)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)bands, name, value)
    {
        bool is_group = at[0] == '\0' && (strcmp(name, "nodes") == 0 || strcmp(name, "edges") == 0);
        bool is_known = at[0] != '\0' || is_group || strcmp(name, "default_percent") == 0;
        if (!is_known) {
            return rs_error_set(err, RS_ERR_INVALID,
                                "read %s: bands has %s; known are default_percent, nodes, edges",
                                path, name);
        }
        if (is_group ? !json_is_object(value)
                     : !json_is_number(value) || json_number_value(value) < 0) {
            return rs_error_set(err, RS_ERR_INVALID, "read %s: bands%s.%s is not %s", path, at,
                                name,
                                is_group ? "an object of percents" : "a percent of 0 or more");
        }
    }
    return RS_OK;
}

static rs_status check_snapshot(const char *path, const json_t *snapshot, rs_error *err)
{
    if (strcmp(rs_manifest_text(snapshot, "format"), RS_SNAPSHOT_FORMAT) != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "read %s: no snapshot of relspec gate", path);
    }
    uint64_t version = rs_manifest_number(snapshot, "format_version");
    if (version != RS_SNAPSHOT_FORMAT_VERSION) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "read %s: snapshot format %llu, this relspec reads %d", path,
                            (unsigned long long)version, RS_SNAPSHOT_FORMAT_VERSION);
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(snapshot, members[i].name);
        if (value != NULL && json_typeof(value) != members[i].type) {
            return rs_error_set(err, RS_ERR_INVALID, "read %s: %s is not %s", path, members[i].name,
                                members[i].type_name);
        }
    }
    const char *content = json_string_value(json_object_get(snapshot, "content"));
    if (content == NULL || (strcmp(content, "exact") != 0 && strcmp(content, "bands") != 0)) {
        return rs_error_set(err, RS_ERR_INVALID, "read %s: content is neither exact nor bands",
                            path);
    }
    const json_t *bands = json_object_get(snapshot, "bands");
    RS_TRY(check_bands(path, bands, "", err));
    RS_TRY(check_bands(path, json_object_get(bands, "nodes"), ".nodes", err));
    return check_bands(path, json_object_get(bands, "edges"), ".edges", err);
}

rs_status rs_snapshot_read(const char *path, json_t **out, rs_error *err)
{
    rs_buf text = {0};
    *out = NULL;
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return RS_OK;
    }
    rs_status status = rs_files_read(path, MAX_SNAPSHOT_BYTES, &text, err);
    RS_THEN(status, rs_json_parse(rs_buf_str(&text), path, out, err));
    RS_THEN(status, check_snapshot(path, *out, err));
    if (status != RS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    rs_buf_release(&text);
    return status;
}

/* --- making and writing --- */

static json_t *default_bands(bool *failed)
{
    json_t *bands = json_object();
    rs_json_set(bands, "default_percent", json_integer(RS_SNAPSHOT_DEFAULT_PERCENT), failed);
    rs_json_set(bands, "edges", json_object(), failed);
    rs_json_set(bands, "nodes", json_object(), failed);
    return bands;
}

rs_status rs_snapshot_new(const json_t *facts, const json_t *old, json_t **out, rs_error *err)
{
    bool failed = false;
    const char *name;
    json_t *value;
    json_t *snapshot = json_object();
    json_object_foreach((json_t *)(uintptr_t)facts, name, value)
    {
        if (old == NULL || json_object_get(old, name) != NULL) {
            rs_json_set(snapshot, name, json_incref(value), &failed);
        }
    }
    json_t *content = json_object_get(old, "content");
    json_t *bands = json_object_get(old, "bands");
    rs_json_set(snapshot, "content", content != NULL ? json_incref(content) : rs_json_text("exact"),
                &failed);
    rs_json_set(snapshot, "bands", bands != NULL ? json_incref(bands) : default_bands(&failed),
                &failed);
    rs_json_set(snapshot, "format", rs_json_text(RS_SNAPSHOT_FORMAT), &failed);
    rs_json_set(snapshot, "format_version", json_integer(RS_SNAPSHOT_FORMAT_VERSION), &failed);
    if (failed) {
        json_decref(snapshot);
        *out = NULL;
        return rs_error_set(err, RS_ERR_NOMEM, "make a snapshot: out of memory");
    }
    *out = snapshot;
    return RS_OK;
}

/* An old snapshot stays as it is until the new one is whole. */
static rs_status write_text(const char *path, const rs_buf *text, rs_error *err)
{
    rs_file_draft draft;
    rs_status status = rs_file_draft_open(path, true, &draft, err);
    if (status == RS_OK && rs_file_draft_write(text->bytes, text->n_bytes, &draft) != RS_OK) {
        status = rs_error_set_errno(err, errno, "write %s", path);
    }
    return rs_file_draft_close(&draft, status, err);
}

rs_status rs_snapshot_write(const char *path, const json_t *snapshot, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_json_print(snapshot, &text, err);
    RS_THEN(status, write_text(path, &text, err));
    rs_buf_release(&text);
    return status;
}

/* --- asking --- */

bool rs_snapshot_is_exact(const json_t *snapshot)
{
    return strcmp(rs_manifest_text(snapshot, "content"), "exact") == 0;
}

bool rs_snapshot_has_band(const json_t *snapshot, const char *entity, const char *kind)
{
    const json_t *bands = json_object_get(snapshot, "bands");
    return json_object_get(json_object_get(bands, entity), kind) != NULL;
}

double rs_snapshot_percent(const json_t *snapshot, const char *entity, const char *kind)
{
    const json_t *bands = json_object_get(snapshot, "bands");
    const json_t *percent = json_object_get(json_object_get(bands, entity), kind);
    if (percent == NULL) {
        percent = json_object_get(bands, "default_percent");
    }
    return json_is_number(percent) ? json_number_value(percent)
                                   : (double)RS_SNAPSHOT_DEFAULT_PERCENT;
}
