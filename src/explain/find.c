/* SPDX-License-Identifier: Apache-2.0 */
/* find.c - the edges that a question is about. */
#include <inttypes.h>

#include "explain/explain_impl.h"
#include "explain/sql_texts.h"

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
    const rs_explain_ask ask = {.statement = &rs_sql_explain_files_of_path,
                                .params = {rs_explain_text_of(path)},
                                .n_params = 1};
    rs_explain_rows rows;
    *out = NULL;
    RS_TRY(rs_explain_add_stored(self, "repo_files", err));
    RS_TRY(rs_explain_query(self, &ask, &rows, err));
    if (rows.n_items == 0) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: the bundle has no file %s", path);
    }
    const char *first = rs_explain_text(&rows.items[0], "path");
    if (rows.n_items > 1 && strcmp(first, path) != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: several files end in %s: %s, %s", path,
                            first, rs_explain_text(&rows.items[1], "path"));
    }
    return rs_explain_file_get(self, rs_explain_i64(&rows.items[0], "file_id", RS_EXPLAIN_RUN), out,
                               err);
}

rs_status rs_explain_line(const rs_explainer *self, const rs_explain_file *file,
                          int64_t *start_byte, int64_t *end_byte, rs_error *err)
{
    const rs_line_index *lines = &file->lines;
    int64_t line = self->question->line;
    if (line < 1 || line > (int64_t)lines->n_lines) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: %s has %" PRIu32 " lines", file->path,
                            lines->n_lines);
    }
    *start_byte = lines->line_start[line - 1];
    *end_byte = line < (int64_t)lines->n_lines ? (int64_t)lines->line_start[line]
                                               : (int64_t)lines->n_bytes + 1;
    return RS_OK;
}

rs_status rs_explain_check_kind(const rs_explainer *self, rs_error *err)
{
    const char *kind = self->question->kind;
    rs_edge_kind number;
    return kind == NULL || rs_edge_kind_find(rs_str_of(kind), &number)
               ? RS_OK
               : rs_error_set(err, RS_ERR_INVALID, "explain: there is no kind of edge %s", kind);
}

/* --- calls --- */

rs_status rs_explain_find_calls(rs_explainer *self, const rs_explain_file *file,
                                rs_explain_rows *out, rs_error *err)
{
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    rs_explain_ask ask = {.statement = &rs_sql_explain_calls_on_line,
                          .args = {rs_sql_word("source", NULL)}};
    *out = (rs_explain_rows){0};
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    RS_TRY(rs_explain_source(self, rs_dataset_get(RS_DS_calls), file->file_id, &ask.args[0].word,
                             err));
    ask.params[0] = rs_explain_i64_of(start_byte);
    ask.params[1] = rs_explain_i64_of(end_byte);
    ask.n_params = 2;
    return rs_explain_query(self, &ask, out, err);
}

/* --- edges --- */

/* What tells an edge from all others, where there is one of that id: the id is in no file, so that all
 * edges are looked at; unless it has derivations, which do have it, its rule, and the files of its
 * evidence. */
static rs_status find_address(rs_explainer *self, rs_explain_row *out, rs_error *err)
{
    rs_explain_ask ask = {.statement = &rs_sql_explain_evidence_of_edge,
                          .params = {rs_explain_i64_of(self->question->edge_id)},
                          .n_params = 1};
    rs_explain_rows rows;
    *out = (rs_explain_row){0};
    RS_TRY(rs_explain_add_stored(self, "derivations", err));
    RS_TRY(rs_explain_query(self, &ask, &rows, err));
    if (rows.n_items > 0) {
        ask.statement = &rs_sql_explain_address_near_evidence;
        ask.args[0] = rs_explain_one_of(self, "rules", &rows, "rule_name");
        ask.args[1] = rs_explain_one_of(self, "files", &rows, "file_id");
        RS_TRY(rs_explain_query_row(self, &ask, out, err));
    }
    if (out->n_columns > 0) {
        return RS_OK;
    }
    ask = (rs_explain_ask){.statement = &rs_sql_explain_address,
                           .params = {rs_explain_i64_of(self->question->edge_id)},
                           .n_params = 1};
    return rs_explain_query_row(self, &ask, out, err);
}

static rs_status at_address(rs_explainer *self, const rs_explain_address *at, rs_explain_rows *out,
                            rs_error *err)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_edge_at_address,
        .params = {rs_explain_text_of(at->kind), rs_explain_i64_of(at->src),
                   rs_explain_i64_of(at->dst), rs_explain_i64_of(at->start_byte)},
        .n_params = 4,
    };
    return rs_explain_query(self, &ask, out, err);
}

static rs_status by_address(rs_explainer *self, rs_explain_rows *out, const char **problem,
                            rs_error *err)
{
    *problem = "the bundle has no edge of that address";
    return at_address(self, self->question->address, out, err);
}

static rs_status by_id(rs_explainer *self, rs_explain_rows *out, const char **problem,
                       rs_error *err)
{
    rs_explain_row row;
    *problem = "the bundle has no edge of that id";
    RS_TRY(find_address(self, &row, err));
    if (row.n_columns == 0) {
        return RS_OK;
    }
    const rs_explain_address at = {.kind = rs_explain_text(&row, "kind"),
                                   .src = rs_explain_i64(&row, "src", -1),
                                   .dst = rs_explain_i64(&row, "dst", -1),
                                   .start_byte = rs_explain_i64(&row, "start_byte", -1)};
    return at_address(self, &at, out, err);
}

/* The edges that say what the calls on the line call. */
static rs_status by_call(rs_explainer *self, rs_explain_rows *out, const char **problem,
                         rs_error *err)
{
    rs_explain_file *file = NULL;
    rs_explain_rows calls;
    RS_TRY(rs_explain_find_file(self, &file, err));
    RS_TRY(rs_explain_find_calls(self, file, &calls, err));
    if (calls.n_items == 0) {
        *problem = "there is no call on that line";
        return RS_OK;
    }
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edges_of_calls,
                                .args = {rs_explain_one_of(self, "calls", &calls, "call_id")},
                                .params = {rs_explain_text_of(self->question->kind)},
                                .n_params = 1};
    *problem = "the calls on that line have no such edge; `relspec why-not` says why";
    return rs_explain_query(self, &ask, out, err);
}

/* Whether edges without a file may be there, as the bundle's statistics have it: they are the
 * slower to find. */
static rs_status may_lack_files(rs_explainer *self, bool *may, rs_error *err)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edges_without_files};
    rs_explain_row row;
    *may = true;
    if (!rs_explain_has(self, "column_stats")) {
        return RS_OK;
    }
    RS_TRY(rs_explain_add_stored(self, "column_stats", err));
    RS_TRY(rs_explain_query_row(self, &ask, &row, err));
    *may = rs_explain_i64(&row, "null_count", 1) > 0;
    return RS_OK;
}

static rs_status by_place(rs_explainer *self, rs_explain_rows *out, const char **problem,
                          rs_error *err)
{
    rs_explain_file *file = NULL;
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    int64_t column = self->question->column;
    bool may = false;
    rs_sql_arg nodes[RS_EXPLAIN_MAX_ARGS] = {rs_sql_word("nodes", NULL)};
    RS_TRY(rs_explain_find_file(self, &file, err));
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    if (column >= end_byte - start_byte) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: that line has %" PRId64 " bytes",
                            end_byte - start_byte);
    }
    RS_TRY(may_lack_files(self, &may, err));
    RS_TRY(rs_explain_nodes(self, file->file_id, &nodes[0].word, err));
    const rs_explain_ask ask = {
        .statement = column < 0 ? &rs_sql_explain_edges_on_line : &rs_sql_explain_edges_around_byte,
        .args = {rs_sql_rows("edges", rs_explain_sql(self, &rs_sql_explain_anchored_edges, nodes))},
        .params = {rs_explain_i64_of(file->file_id),
                   {.type = RS_TYPE_BOOL, .value.boolean = may},
                   rs_explain_text_of(self->question->kind),
                   rs_explain_i64_of(column < 0 ? start_byte : start_byte + column),
                   rs_explain_i64_of(end_byte)},
        .n_params = column < 0 ? 5 : 4};
    *problem =
        column < 0 ? "no such edge has its place on that line" : "no such edge has its place there";
    return rs_explain_query(self, &ask, out, err);
}

/* The first edges of a kind, as they stand in the bundle. */
static rs_status by_kind(rs_explainer *self, rs_explain_rows *out, size_t *n_found,
                         const char **problem, rs_error *err)
{
    size_t n_most = self->question->n_most;
    rs_explain_ask ask = {
        .statement = &rs_sql_explain_count_of_kind,
        .params = {rs_explain_text_of(self->question->kind),
                   rs_explain_i64_of(n_most == 0 || n_most > INT64_MAX ? INT64_MAX
                                                                       : (int64_t)n_most)},
        .n_params = 1};
    rs_explain_row row;
    *problem = "the bundle has no edge of that kind";
    RS_TRY(rs_explain_query_row(self, &ask, &row, err));
    *n_found = (size_t)rs_explain_i64(&row, "n_edges", 0);
    ask.statement = &rs_sql_explain_edges_of_kind;
    ask.n_params = 2;
    return rs_explain_query(self, &ask, out, err);
}

rs_status rs_explain_find(rs_explainer *self, rs_explain_rows *out, size_t *n_found,
                          const char **problem, rs_error *err)
{
    const rs_explain_question *question = self->question;
    rs_status status = RS_OK;
    *out = (rs_explain_rows){0};
    *n_found = 0;
    *problem = NULL;
    RS_TRY(rs_explain_check_kind(self, err));
    RS_TRY(rs_explain_add_stored(self, "edges", err));
    if (question->address != NULL) {
        status = by_address(self, out, problem, err);
    } else if (question->has_edge) {
        status = by_id(self, out, problem, err);
    } else if (question->path == NULL) {
        status = by_kind(self, out, n_found, problem, err);
    } else if (question->is_call) {
        status = by_call(self, out, problem, err);
    } else {
        status = by_place(self, out, problem, err);
    }
    *n_found = out->n_items > *n_found ? out->n_items : *n_found;
    *problem = *n_found > 0 ? NULL : *problem;
    return status;
}
