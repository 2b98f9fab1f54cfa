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

rs_explain_file *rs_explain_find_file(rs_explainer *self)
{
    const char *path = path_below(self, self->question->path);
    const rs_explain_ask ask = {.statement = &rs_sql_explain_files_of_path,
                                .params = {rs_explain_text_of(path)}};
    rs_explain_add_stored(self, "repo_files");
    const rs_explain_rows rows = rs_explain_query(self, &ask);
    const char *first = rows.n_items > 0 ? rs_explain_text(&rows.items[0], "path") : "";
    if (!rs_explain_is_ok(self)) {
        return NULL;
    }
    if (rows.n_items == 0) {
        self->status =
            rs_error_set(&self->error, RS_ERR_INVALID, "explain: the bundle has no file %s", path);
        return NULL;
    }
    if (rows.n_items > 1 && strcmp(first, path) != 0) {
        self->status =
            rs_error_set(&self->error, RS_ERR_INVALID, "explain: several files end in %s: %s, %s",
                         path, first, rs_explain_text(&rows.items[1], "path"));
        return NULL;
    }
    return rs_explain_file_get(self, rs_explain_i64(&rows.items[0], "file_id", RS_EXPLAIN_RUN));
}

bool rs_explain_line(rs_explainer *self, const rs_explain_file *file, int64_t *start_byte,
                     int64_t *end_byte)
{
    int64_t line = self->question->line;
    if (file == NULL || !rs_explain_is_ok(self)) {
        return false;
    }
    const rs_line_index *lines = &file->lines;
    if (line < 1 || line > (int64_t)lines->n_lines) {
        self->status =
            rs_error_set(&self->error, RS_ERR_INVALID, "explain: %s has %" PRIu32 " lines",
                         file->path, lines->n_lines);
        return false;
    }
    *start_byte = lines->line_start[line - 1];
    *end_byte = line < (int64_t)lines->n_lines ? (int64_t)lines->line_start[line]
                                               : (int64_t)lines->n_bytes + 1;
    return true;
}

void rs_explain_check_kind(rs_explainer *self)
{
    const char *kind = self->question->kind;
    if (rs_explain_is_ok(self) && kind != NULL &&
        rs_kinds_find(self->bundle.kinds, true, rs_str_of(kind), NULL) == NULL) {
        self->status = rs_error_set(&self->error, RS_ERR_INVALID,
                                    "explain: there is no kind of edge %s", kind);
    }
}

/* --- calls --- */

rs_explain_rows rs_explain_find_calls(rs_explainer *self, const rs_explain_file *file)
{
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    if (!rs_explain_line(self, file, &start_byte, &end_byte)) {
        return (rs_explain_rows){0};
    }
    const char *source = rs_explain_source(self, rs_dataset_get(RS_DS_calls), file->file_id);
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_calls_on_line,
        .args = {rs_sql_word("source", source)},
        .params = {rs_explain_i64_of(start_byte), rs_explain_i64_of(end_byte)}};
    return rs_explain_query(self, &ask);
}

/* --- edges --- */

/* What tells an edge from all others, where there is one of that id: the id is in no file, so that all
 * edges are looked at; unless it has derivations, which do have it, its rule, and the files of its
 * evidence. */
static rs_explain_row find_address(rs_explainer *self)
{
    rs_explain_ask ask = {.statement = &rs_sql_explain_evidence_of_edge,
                          .params = {rs_explain_i64_of(self->question->edge_id)}};
    rs_explain_row found = {0};
    rs_explain_add_stored(self, "derivations");
    const rs_explain_rows rows = rs_explain_query(self, &ask);
    if (rows.n_items > 0) {
        ask.statement = &rs_sql_explain_address_near_evidence;
        ask.args[0] = rs_explain_one_of(self, "rules", &rows, "rule_name");
        ask.args[1] = rs_explain_one_of(self, "files", &rows, "file_id");
        found = rs_explain_query_row(self, &ask);
    }
    if (found.n_columns == 0) {
        ask.statement = &rs_sql_explain_address;
        memset(ask.args, 0, sizeof ask.args);
        found = rs_explain_query_row(self, &ask);
    }
    return found;
}

static rs_explain_rows by_address(rs_explainer *self, const rs_explain_address *at)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edge_at_address,
                                .params = {rs_explain_text_of(at->kind), rs_explain_i64_of(at->src),
                                           rs_explain_i64_of(at->dst),
                                           rs_explain_i64_of(at->start_byte)}};
    return rs_explain_query(self, &ask);
}

static rs_explain_rows by_id(rs_explainer *self)
{
    const rs_explain_row row = find_address(self);
    const rs_explain_address at = {.kind = rs_explain_text(&row, "kind"),
                                   .src = rs_explain_i64(&row, "src", -1),
                                   .dst = rs_explain_i64(&row, "dst", -1),
                                   .start_byte = rs_explain_i64(&row, "start_byte", -1)};
    return row.n_columns > 0 ? by_address(self, &at) : (rs_explain_rows){0};
}

/* The kinds of edges that the names lens is for. */
static rs_sql_arg kinds_by_names(rs_explainer *self)
{
    const char **kinds = rs_explain_new(self, RS_N_EDGE_KINDS, sizeof *kinds);
    size_t n_kinds = 0;
    for (size_t i = 0; i < RS_N_EDGE_KINDS && kinds != NULL; i++) {
        const rs_kind *kind = rs_edge_kind_get((rs_edge_kind)i);
        if (strcmp(kind->lens, "names") == 0) {
            kinds[n_kinds++] = kind->name;
        }
    }
    return (rs_sql_arg){.name = "kinds", .form = RS_SQL_WORDS, .words = kinds, .n_words = n_kinds};
}

/* The edges that say what the calls on the line call. */
static rs_explain_rows by_call(rs_explainer *self, const char **problem)
{
    const rs_explain_rows calls = rs_explain_find_calls(self, rs_explain_find_file(self));
    if (calls.n_items == 0) {
        *problem = "there is no call on that line";
        return calls;
    }
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_edges_of_calls,
        .args = {rs_explain_one_of(self, "calls", &calls, "call_id"), kinds_by_names(self)},
        .params = {rs_explain_text_of(self->question->kind)}};
    *problem = "the calls on that line have no such edge; `relspec why-not` says why";
    return rs_explain_query(self, &ask);
}

/* Whether edges without a file may be there, as the bundle's statistics have it: they are the
 * slower to find. */
static bool may_lack_files(rs_explainer *self)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edges_without_files};
    if (!rs_explain_has(self, "column_stats")) {
        return true;
    }
    rs_explain_add_stored(self, "column_stats");
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    return rs_explain_i64(&row, "null_count", 1) > 0;
}

static rs_explain_rows by_place(rs_explainer *self, const char **problem)
{
    const rs_explain_file *file = rs_explain_find_file(self);
    int64_t column = self->question->column;
    bool is_line = column < 0;
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    if (!rs_explain_line(self, file, &start_byte, &end_byte)) {
        return (rs_explain_rows){0};
    }
    if (column >= end_byte - start_byte) {
        self->status =
            rs_error_set(&self->error, RS_ERR_INVALID, "explain: that line has %" PRId64 " bytes",
                         end_byte - start_byte);
        return (rs_explain_rows){0};
    }
    const rs_sql_arg nodes[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("nodes", rs_explain_nodes(self, file->file_id))};
    const rs_explain_ask ask = {
        .statement = is_line ? &rs_sql_explain_edges_on_line : &rs_sql_explain_edges_around_byte,
        .args = {rs_sql_rows("edges", rs_explain_sql(self, &rs_sql_explain_anchored_edges, nodes))},
        .params = {rs_explain_i64_of(file->file_id),
                   {.type = RS_TYPE_BOOL, .value.boolean = may_lack_files(self)},
                   rs_explain_text_of(self->question->kind),
                   rs_explain_i64_of(is_line ? start_byte : start_byte + column),
                   rs_explain_i64_of(end_byte)}};
    *problem =
        is_line ? "no such edge has its place on that line" : "no such edge has its place there";
    return rs_explain_query(self, &ask);
}

/* The first edges of a kind, as they stand in the bundle. */
static rs_explain_rows by_kind(rs_explainer *self, size_t *n_found)
{
    size_t n_most = self->question->n_most;
    int64_t n_wanted = n_most == 0 || n_most > INT64_MAX ? INT64_MAX : (int64_t)n_most;
    rs_explain_ask ask = {
        .statement = &rs_sql_explain_count_of_kind,
        .params = {rs_explain_text_of(self->question->kind), rs_explain_i64_of(n_wanted)}};
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    *n_found = (size_t)rs_explain_i64(&row, "n_edges", 0);
    ask.statement = &rs_sql_explain_edges_of_kind;
    return rs_explain_query(self, &ask);
}

rs_explain_rows rs_explain_find(rs_explainer *self, size_t *n_found, const char **problem)
{
    const rs_explain_question *question = self->question;
    rs_explain_rows rows;
    *n_found = 0;
    rs_explain_check_kind(self);
    rs_explain_add_stored(self, "edges");
    if (question->address != NULL) {
        *problem = "the bundle has no edge of that address";
        rows = by_address(self, question->address);
    } else if (question->has_edge) {
        *problem = "the bundle has no edge of that id";
        rows = by_id(self);
    } else if (question->path == NULL) {
        *problem = "the bundle has no edge of that kind";
        rows = by_kind(self, n_found);
    } else {
        rows = question->is_call ? by_call(self, problem) : by_place(self, problem);
    }
    *n_found = rows.n_items > *n_found ? rows.n_items : *n_found;
    *problem = *n_found > 0 ? NULL : *problem;
    return rows;
}
