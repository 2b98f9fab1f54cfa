/* SPDX-License-Identifier: Apache-2.0 */
/* find.c - the edges that a question is about. */
#include <inttypes.h>
#include <stdio.h>

#include "explain/explain_impl.h"
#include "explain/sql_texts.h"

#define EDGE_COLUMNS "e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id"

/* --- files and lines --- */

/* The path as the repository has it: without what leads to the repository's root. */
static const char *path_below(const rs_explainer *self, const char *path)
{
    const char *root = rs_buf_text(&self->root);
    size_t n_root = self->root.n_bytes;
    while (path[0] == '.' && path[1] == '/') {
        path += 2 + strspn(path + 2, "/");
    }
    if (n_root > 0 && strncmp(path, root, n_root) == 0 &&
        (path[n_root] == '/' || root[n_root - 1] == '/')) {
        path += n_root;
        path += strspn(path, "/");
    }
    return path;
}

rs_status rs_explain_find_file(rs_explainer *self, rs_explain_file **out, rs_error *err)
{
    const char *path = path_below(self, self->question->path);
    rs_buf sql = {0};
    json_t *rows = NULL;
    *out = NULL;
    RS_TRY(rs_explain_add_stored(self, "repo_files", err));
    rs_buf_add(&sql, "SELECT file_id, path FROM stored_repo_files WHERE path = ");
    rs_buf_add_sql_literal(&sql, rs_str_of(path));
    rs_buf_add(&sql, " OR ends_with(path, '/' || ");
    rs_buf_add_sql_literal(&sql, rs_str_of(path));
    rs_buf_add(&sql, ") ORDER BY length(path) LIMIT 2");
    rs_status status = rs_explain_json_rows(self, "find the file", &sql, &rows, err);
    const json_t *first = json_array_get(rows, 0);
    size_t n_rows = json_array_size(rows);
    if (status == RS_OK && n_rows == 0) {
        status = rs_error_set(err, RS_ERR_INVALID, "explain: the bundle has no file %s", path);
    } else if (status == RS_OK && n_rows > 1 && strcmp(rs_explain_text(first, "path"), path) != 0) {
        status = rs_error_set(err, RS_ERR_INVALID, "explain: several files end in %s: %s, %s", path,
                              rs_explain_text(first, "path"),
                              rs_explain_text(json_array_get(rows, 1), "path"));
    } else if (status == RS_OK) {
        status = rs_explain_file_get(self, rs_explain_i64(first, "file_id", -1), out, err);
    }
    json_decref(rows);
    rs_buf_release(&sql);
    return status;
}

rs_status rs_explain_line(const rs_explainer *self, const rs_explain_file *file,
                          int64_t *start_byte, int64_t *end_byte, rs_error *err)
{
    const rs_line_index *lines = &file->lines;
    int64_t line = self->question->line;
    if (line < 1 || line > (int64_t)lines->n_lines) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: %s has %" PRIu32 " lines",
                            rs_explain_text(file->row, "path"), lines->n_lines);
    }
    *start_byte = lines->line_start[line - 1];
    *end_byte = line < (int64_t)lines->n_lines ? (int64_t)lines->line_start[line]
                                               : (int64_t)lines->n_bytes + 1;
    return RS_OK;
}

/* --- calls --- */

/* Calls whose first byte, or whose callee's last identifier, stands on the line. */
rs_status rs_explain_find_calls(rs_explainer *self, const rs_explain_file *file, json_t **out,
                                rs_error *err)
{
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    rs_buf sql = {0};
    *out = NULL;
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    RS_TRY(rs_explain_select(self, rs_dataset_get(RS_DS_calls), file->file_id, NULL, err));
    rs_buf_addf(&sql,
                "SELECT * FROM calls WHERE coalesce(callee_name_start_byte, start_byte) "
                ">= %" PRId64 " AND coalesce(callee_name_start_byte, start_byte) < %" PRId64
                " OR (start_byte >= %" PRId64 " AND start_byte < %" PRId64 ") ORDER BY start_byte, "
                "end_byte DESC",
                start_byte, end_byte, start_byte, end_byte);
    rs_status status = rs_explain_json_rows(self, "find the calls", &sql, out, err);
    rs_buf_release(&sql);
    return status;
}

/* --- edges --- */

static void add_kind(const rs_explainer *self, rs_buf *sql)
{
    if (self->question->kind != NULL) {
        rs_buf_add(sql, " AND e.kind = ");
        rs_buf_add_sql_literal(sql, rs_str_of(self->question->kind));
    }
}

/* Append "IN (values)", the values being those of a member of the rows, which are some. */
static void add_one_of(const char *member, const json_t *rows, rs_buf *sql)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        rs_buf_add(sql, i == 0 ? "IN (" : ", ");
        rs_explain_add_literal(json_object_get(json_array_get(rows, i), member), sql);
    }
    rs_buf_add(sql, ")");
}

/* Where the edge stands in the files, if it is one of those that where, SQL, leaves. */
static rs_status find_by_id(rs_explainer *self, const rs_buf *where, json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT filename, file_row_number FROM ");
    rs_status status = rs_explain_add_files(self, "edges", &sql, err);
    rs_buf_add(&sql, " WHERE ");
    rs_buf_add_str(&sql, rs_buf_str(where));
    rs_buf_addf(&sql, "edge_id(kind, src, dst, start_byte) = %" PRId64, self->question->edge_id);
    if (status == RS_OK) {
        status = rs_buf_check(where, err);
    }
    if (status == RS_OK) {
        status = rs_explain_json_row(self, "find the edge", &sql, out, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* An edge's id is in no file, so that all edges are looked at; unless it has derivations, which do
 * have it, its rule, and the files of its evidence. */
static rs_status look_near_evidence(rs_explainer *self, json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf where = {0};
    json_t *rows = NULL;
    RS_TRY(rs_explain_add_stored(self, "derivations", err));
    rs_buf_addf(&sql,
                "SELECT DISTINCT rule_name, input_id >> %d AS file_id FROM stored_derivations "
                "WHERE edge_id = %" PRId64 " AND input_id >= 0",
                (int)RS_ID_ENTITY_BITS, self->question->edge_id);
    rs_status status = rs_explain_json_rows(self, "find its evidence", &sql, &rows, err);
    rs_buf_release(&sql);
    if (status == RS_OK && json_array_size(rows) > 0) {
        rs_buf_add(&where, "rule_name ");
        add_one_of("rule_name", rows, &where);
        rs_buf_add(&where, " AND file_id ");
        add_one_of("file_id", rows, &where);
        rs_buf_add(&where, " AND ");
        status = find_by_id(self, &where, out, err);
    }
    json_decref(rows);
    rs_buf_release(&where);
    return status;
}

/* The row of edges that stands there. */
static rs_status read_edge(rs_explainer *self, const json_t *place, json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql,
               "SELECT * EXCLUDE (filename, file_row_number) FROM (SELECT " EDGE_COLUMNS " FROM ");
    rs_status status = rs_explain_add_files(self, "edges", &sql, err);
    rs_buf_add(&sql, " e)");
    rs_explain_add_key("filename, file_row_number", place, &sql);
    if (status == RS_OK) {
        status = rs_explain_json_rows(self, "read the edge", &sql, out, err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status by_address(rs_explainer *self, json_t **out, const char **problem, rs_error *err)
{
    const rs_explain_address *at = self->question->address;
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_edge_at_address,
        .params = {rs_explain_text_of(at->kind), rs_explain_i64_of(at->src),
                   rs_explain_i64_of(at->dst), rs_explain_i64_of(at->start_byte)},
        .n_params = 4,
    };
    rs_explain_rows rows = {0};
    RS_TRY(rs_explain_query(self, &ask, &rows, err));
    *out = json_array();
    for (size_t i = 0; i < rows.n_items; i++) {
        rs_json_push(*out, rs_explain_row_document(self, &rows.items[i]), &self->failed);
    }
    *problem = rows.n_items > 0 ? NULL : "the bundle has no edge of that address";
    return rs_explain_check(self, err);
}

static rs_status by_id(rs_explainer *self, json_t **out, const char **problem, rs_error *err)
{
    static const rs_buf anywhere = {0};
    json_t *place = NULL;
    RS_TRY(look_near_evidence(self, &place, err));
    if (place == NULL) {
        RS_TRY(find_by_id(self, &anywhere, &place, err));
    }
    if (place == NULL) {
        *problem = "the bundle has no edge of that id";
        *out = json_array();
        return rs_explain_check(self, err);
    }
    rs_status status = read_edge(self, place, out, err);
    json_decref(place);
    return status;
}

/* The edges that say what the calls on the line call. */
static rs_status by_call(rs_explainer *self, json_t **out, const char **problem, rs_error *err)
{
    rs_explain_file *file = NULL;
    json_t *calls = NULL;
    rs_buf sql = {0};
    RS_TRY(rs_explain_find_file(self, &file, err));
    RS_TRY(rs_explain_find_calls(self, file, &calls, err));
    if (json_array_size(calls) == 0) {
        json_decref(calls);
        *problem = "there is no call on that line";
        *out = json_array();
        return rs_explain_check(self, err);
    }
    /* Not null; so put, the engine sees from a row group's statistics that it has none. */
    rs_buf_add(&sql, "SELECT " EDGE_COLUMNS " FROM stored_edges e WHERE "
                     "e.relationship_rule > '' AND e.src ");
    add_one_of("call_id", calls, &sql);
    add_kind(self, &sql);
    rs_buf_add(&sql, " ORDER BY e.src, e.kind, e.confidence DESC, e.score DESC, e.dst");
    rs_status status = rs_explain_json_rows(self, "find the edges", &sql, out, err);
    if (status == RS_OK && json_array_size(*out) == 0) {
        *problem = "the calls on that line have no such edge; `relspec why-not` says why";
    }
    json_decref(calls);
    rs_buf_release(&sql);
    return status;
}

/* Whether edges without a file may be there, as the bundle's statistics have it: they are the
 * slower to find. */
static rs_status may_lack_files(rs_explainer *self, bool *may, rs_error *err)
{
    static const char select[] = "SELECT null_count FROM stored_column_stats WHERE dataset_name = "
                                 "'edges' AND dataset_group = 'cpg' AND column_name = 'file_id'";
    rs_buf sql = {0};
    json_t *row = NULL;
    *may = true;
    if (!rs_explain_has(self, "column_stats")) {
        return RS_OK;
    }
    RS_TRY(rs_explain_add_stored(self, "column_stats", err));
    rs_buf_add(&sql, select);
    rs_status status = rs_explain_json_row(self, "find edges without files", &sql, &row, err);
    *may = rs_explain_i64(row, "null_count", 1) > 0;
    json_decref(row);
    rs_buf_release(&sql);
    return status;
}

/* The edges of a file, by their anchor or else where they start. */
static rs_status add_of_file(rs_explainer *self, int64_t file_id, rs_buf *sql, rs_error *err)
{
    bool may = false;
    RS_TRY(may_lack_files(self, &may, err));
    rs_buf_addf(sql, "SELECT * FROM stored_edges WHERE file_id = %" PRId64, file_id);
    if (may) {
        rs_buf_add(sql, " UNION ALL SELECT * FROM stored_edges WHERE file_id IS NULL AND src");
        rs_explain_add_in_file(file_id, sql);
    }
    return RS_OK;
}

/* Edges with their anchors: their own, that of the node that they end at, or start at. */
static rs_status add_anchored(rs_explainer *self, const rs_explain_file *file, rs_buf *sql,
                              rs_error *err)
{
    rs_buf_add(sql, "SELECT " EDGE_COLUMNS ", coalesce(e.start_byte, d.start_byte, s.start_byte) "
                    "AS _start, coalesce(e.end_byte, d.end_byte, s.end_byte) AS _end FROM (");
    RS_TRY(add_of_file(self, file->file_id, sql, err));
    rs_buf_add(sql, ") e LEFT JOIN nodes d ON d.node_id = e.dst LEFT JOIN nodes s ON s.node_id = "
                    "e.src WHERE true");
    return RS_OK;
}

static rs_status by_place(rs_explainer *self, json_t **out, const char **problem, rs_error *err)
{
    static const char order[] =
        " ORDER BY relationship_rule IS NULL, _end - _start, kind, src, dst";
    rs_explain_file *file = NULL;
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    int64_t column = self->question->column;
    rs_buf sql = {0};
    RS_TRY(rs_explain_find_file(self, &file, err));
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    if (column >= end_byte - start_byte) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: that line has %" PRId64 " bytes",
                            end_byte - start_byte);
    }
    RS_TRY(rs_explain_select(self, rs_graph_dataset_get(RS_G_nodes), file->file_id, NULL, err));
    rs_buf_add(&sql, "SELECT * EXCLUDE (_start, _end) FROM (");
    rs_status status = add_anchored(self, file, &sql, err);
    add_kind(self, &sql);
    if (column < 0) {
        rs_buf_addf(&sql, ") WHERE _start >= %" PRId64 " AND _start < %" PRId64, start_byte,
                    end_byte);
    } else {
        rs_buf_addf(&sql,
                    ") WHERE _start <= %" PRId64 " AND _end > %" PRId64
                    " QUALIFY _end - _start = min(_end - _start) OVER (PARTITION BY kind)",
                    start_byte + column, start_byte + column);
    }
    rs_buf_add(&sql, order);
    if (status == RS_OK) {
        status = rs_explain_json_rows(self, "find the edges", &sql, out, err);
    }
    if (status == RS_OK && json_array_size(*out) == 0) {
        *problem = column < 0 ? "no such edge has its place on that line"
                              : "no such edge has its place there";
    }
    rs_buf_release(&sql);
    return status;
}

/* The first edges of a kind, as they stand in the bundle. */
static rs_status by_kind(rs_explainer *self, json_t **out, size_t *n_found, const char **problem,
                         rs_error *err)
{
    rs_buf sql = {0};
    int64_t n_edges = 0;
    rs_buf_add(&sql, "SELECT count(*) FROM stored_edges e WHERE true");
    add_kind(self, &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_query_i64(self->bundle.session, "count the edges", rs_buf_text(&sql),
                                      &n_edges, err);
    }
    rs_buf_reset(&sql);
    rs_buf_add(&sql, "SELECT " EDGE_COLUMNS " FROM stored_edges e WHERE true");
    add_kind(self, &sql);
    if (self->question->n_most > 0) {
        rs_buf_addf(&sql, " LIMIT %zu", self->question->n_most);
    }
    if (status == RS_OK) {
        status = rs_explain_json_rows(self, "find the edges", &sql, out, err);
    }
    *n_found = (size_t)n_edges;
    if (status == RS_OK && n_edges == 0) {
        *problem = "the bundle has no edge of that kind";
    }
    rs_buf_release(&sql);
    return status;
}

rs_status rs_explain_find(rs_explainer *self, json_t **out, size_t *n_found, const char **problem,
                          rs_error *err)
{
    const rs_explain_question *question = self->question;
    rs_edge_kind kind;
    *out = NULL;
    *n_found = 0;
    *problem = NULL;
    if (question->kind != NULL && !rs_edge_kind_find(rs_str_of(question->kind), &kind)) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: there is no kind of edge %s",
                            question->kind);
    }
    RS_TRY(rs_explain_add_stored(self, "edges", err));
    if (question->address == NULL && !question->has_edge && question->path == NULL) {
        return by_kind(self, out, n_found, problem, err);
    }
    if (question->address != NULL) {
        RS_TRY(by_address(self, out, problem, err));
    } else if (question->has_edge) {
        RS_TRY(by_id(self, out, problem, err));
    } else if (question->is_call) {
        RS_TRY(by_call(self, out, problem, err));
    } else {
        RS_TRY(by_place(self, out, problem, err));
    }
    *n_found = json_array_size(*out);
    return RS_OK;
}
