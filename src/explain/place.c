/* SPDX-License-Identifier: Apache-2.0 */
/* place.c - from ids and bytes to paths, lines and the text that stands there.
 *
 * Text comes from the analysed tree, and only when its SHA-256 is the one that the bundle knows:
 * what is shown is what was analysed. Lines and columns come from the bundle where it is not.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "explain/explain_impl.h"

enum { MAX_LINE_BYTES = 400 };

/* --- the text of a file --- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The system's bytes of a display path (repo/walk.h): \xNN is one byte. */
static void add_system_path(const char *path, rs_buf *out)
{
    while (*path != '\0') {
        bool is_byte =
            path[0] == '\\' && path[1] == 'x' && hex_value(path[2]) >= 0 && hex_value(path[3]) >= 0;
        if (is_byte) {
            rs_buf_add_char(out, (char)(hex_value(path[2]) * 16 + hex_value(path[3])));
        } else {
            rs_buf_add_char(out, path[0]);
        }
        path += is_byte ? 4 : 1;
    }
}

/* All bytes of fd, which must be those that the bundle has seen; else why not. */
static const char *read_bytes(int fd, const json_t *row, rs_buf *text)
{
    struct stat info;
    int64_t n_wanted = rs_explain_i64(row, "size_bytes", -1);
    char chunk[1 << 14];
    ssize_t n_read = 0;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return "the file is no regular file any more";
    }
    if (info.st_size != n_wanted) {
        return "the file has changed since";
    }
    while ((n_read = read(fd, chunk, sizeof chunk)) > 0 && text->n_bytes <= (size_t)n_wanted) {
        rs_buf_append(text, chunk, (size_t)n_read);
    }
    char hash[RS_SHA256_TEXT_BYTES];
    rs_sha256_text(rs_buf_text(text), text->n_bytes, hash);
    if (n_read < 0) {
        return "the file cannot be read";
    }
    return strcmp(hash, rs_explain_text(row, "sha256")) == 0 ? NULL : "the file has changed since";
}

static const char *read_text(const rs_explainer *self, rs_explain_file *file)
{
    if (self->root_fd < 0) {
        return self->root_problem;
    }
    rs_tree_cursor cursor = {0};
    rs_buf path = {0};
    int fd = -1;
    add_system_path(rs_explain_text(file->row, "path"), &path);
    rs_tree_cursor_init(&cursor, self->root_fd);
    const char *problem = "the file is not there any more";
    if (!path.failed && rs_tree_open_file(&cursor, rs_buf_str(&path), &fd) == 0) {
        problem = read_bytes(fd, file->row, &file->text);
        close(fd);
    }
    rs_tree_cursor_release(&cursor);
    rs_buf_release(&path);
    if (problem != NULL) {
        rs_buf_release(&file->text);
    }
    return problem;
}

/* --- lines --- */

static rs_status set_lines(rs_explain_file *file, const json_t *rows, rs_error *err)
{
    size_t n_lines = json_array_size(rows);
    rs_line_index *lines = &file->lines;
    lines->line_start = rs_alloc_zero(n_lines + 1, sizeof *lines->line_start);
    if (lines->line_start == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "lines: out of memory");
    }
    for (size_t i = 0; i < n_lines; i++) {
        lines->line_start[i] = (uint32_t)rs_explain_i64(json_array_get(rows, i), "start_byte", 0);
    }
    lines->n_lines = n_lines > 0 ? (uint32_t)n_lines : 1;
    lines->n_capacity = lines->n_lines;
    lines->n_bytes = (uint32_t)rs_explain_i64(file->row, "size_bytes", 0);
    return RS_OK;
}

/* As the bundle has them. */
static rs_status load_lines(rs_explainer *self, rs_explain_file *file, rs_error *err)
{
    rs_buf sql = {0};
    json_t *rows = NULL;
    RS_TRY(rs_explain_add_stored(self, "line_index", err));
    rs_buf_addf(
        &sql, "SELECT start_byte FROM stored_line_index WHERE file_id = %" PRId64 " ORDER BY line",
        file->file_id);
    rs_status status = rs_explain_json_rows(self, "lines", &sql, &rows, err);
    if (status == RS_OK) {
        status = set_lines(file, rows, err);
    }
    json_decref(rows);
    rs_buf_release(&sql);
    return status;
}

static rs_status load_file(rs_explainer *self, rs_explain_file *file, rs_error *err)
{
    rs_buf sql = {0};
    RS_TRY(rs_explain_add_stored(self, "repo_files", err));
    rs_buf_addf(&sql,
                "SELECT file_id, path, sha256, size_bytes, n_lines FROM stored_repo_files "
                "WHERE file_id = %" PRId64,
                file->file_id);
    rs_status status = rs_explain_json_row(self, "find a file", &sql, &file->row, err);
    rs_buf_release(&sql);
    if (status != RS_OK || file->row == NULL) {
        return status;
    }
    file->problem = read_text(self, file);
    if (file->problem != NULL) {
        return load_lines(self, file, err);
    }
    return rs_line_index_build(&file->lines, rs_buf_text(&file->text), file->text.n_bytes, err);
}

rs_status rs_explain_file_get(rs_explainer *self, int64_t file_id, rs_explain_file **out,
                              rs_error *err)
{
    *out = NULL;
    if (file_id < 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < self->files.n_items; i++) {
        if (self->files.items[i]->file_id == file_id) {
            *out = self->files.items[i]->row != NULL ? self->files.items[i] : NULL;
            return RS_OK;
        }
    }
    rs_explain_file *file = rs_alloc_zero(1, sizeof *file);
    if (file == NULL || !rs_explain_files_push(&self->files, file)) {
        rs_free(file);
        return rs_error_set(err, RS_ERR_NOMEM, "explain: out of memory");
    }
    file->file_id = file_id;
    RS_TRY(load_file(self, file, err));
    *out = file->row != NULL ? file : NULL;
    return RS_OK;
}

/* --- places --- */

/* Characters that a text has once it is JSON. */
static size_t n_characters(rs_str text, bool *failed)
{
    json_t *value = rs_json_str(text);
    const char *bytes = json_string_value(value);
    size_t n_characters = 0;
    for (size_t i = 0; i < json_string_length(value); i++) {
        n_characters += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    }
    *failed = *failed || value == NULL;
    json_decref(value);
    return n_characters;
}

/* The line that start_byte is in, or what of it is near, cut between characters; and which of its
 * characters are meant. */
static json_t *source_of(rs_explainer *self, const rs_explain_file *file, uint32_t line,
                         uint32_t start_byte, uint32_t end_byte)
{
    const char *text = rs_buf_text(&file->text);
    uint32_t first = file->lines.line_start[line - 1];
    uint32_t end = line < file->lines.n_lines ? file->lines.line_start[line] : file->lines.n_bytes;
    while (end > first && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
        end--;
    }
    if (end - first > MAX_LINE_BYTES) { /* around the place */
        first = start_byte - first > MAX_LINE_BYTES / 2 ? start_byte - MAX_LINE_BYTES / 2 : first;
        end = end - first > MAX_LINE_BYTES ? first + MAX_LINE_BYTES : end;
    }
    while (first < start_byte && ((unsigned char)text[first] & 0xc0) == 0x80) {
        first++;
    }
    while (end > first && end < file->lines.n_bytes && ((unsigned char)text[end] & 0xc0) == 0x80) {
        end--;
    }
    uint32_t mark = start_byte < end ? start_byte : end;
    uint32_t mark_end = end_byte < end ? end_byte : end;
    size_t n_before = n_characters((rs_str){text + first, mark - first}, &self->failed);
    size_t n_marked =
        mark_end > mark ? n_characters((rs_str){text + mark, mark_end - mark}, &self->failed) : 0;
    json_t *source = json_object();
    rs_json_set(source, "text", rs_json_str((rs_str){text + first, end - first}), &self->failed);
    rs_json_set(source, "mark_start", json_integer((json_int_t)n_before), &self->failed);
    rs_json_set(source, "mark_end", json_integer((json_int_t)n_before + (json_int_t)n_marked),
                &self->failed);
    return source;
}

rs_status rs_explain_place(rs_explainer *self, int64_t file_id, int64_t start_byte,
                           int64_t end_byte, json_t **out, rs_error *err)
{
    rs_explain_file *file = NULL;
    *out = NULL;
    RS_TRY(rs_explain_file_get(self, file_id, &file, err));
    if (file == NULL) {
        *out = json_null();
        return RS_OK;
    }
    json_t *place = json_object();
    rs_json_set(place, "path", json_incref(json_object_get(file->row, "path")), &self->failed);
    if (start_byte >= 0 && start_byte <= end_byte && end_byte <= (int64_t)file->lines.n_bytes) {
        rs_position start = rs_line_index_find(&file->lines, (uint32_t)start_byte);
        rs_position end = rs_line_index_find(&file->lines, (uint32_t)end_byte);
        rs_json_set(place, "start_byte", json_integer(start_byte), &self->failed);
        rs_json_set(place, "end_byte", json_integer(end_byte), &self->failed);
        rs_json_set(place, "line", json_integer(start.line), &self->failed);
        rs_json_set(place, "column", json_integer(start.column), &self->failed);
        rs_json_set(place, "end_line", json_integer(end.line), &self->failed);
        rs_json_set(place, "end_column", json_integer(end.column), &self->failed);
        rs_json_set(place, "source",
                    file->problem == NULL ? source_of(self, file, start.line, (uint32_t)start_byte,
                                                      (uint32_t)end_byte)
                                          : json_null(),
                    &self->failed);
    }
    *out = place;
    return RS_OK;
}

rs_status rs_explain_node(rs_explainer *self, int64_t node_id, json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    json_t *node = NULL;
    json_t *place = NULL;
    *out = NULL;
    rs_buf_add(&sql,
               "SELECT node_id, kind, name, qualified_name, file_id, start_byte, end_byte FROM ");
    rs_status status = rs_explain_add_nodes_name(self, node_id, &sql, err);
    rs_buf_addf(&sql, " WHERE node_id = %" PRId64, node_id);
    if (status == RS_OK) {
        status = rs_explain_json_row(self, "find a node", &sql, &node, err);
    }
    if (status == RS_OK && node != NULL) {
        status = rs_explain_place(self, rs_explain_i64(node, "file_id", -1),
                                  rs_explain_i64(node, "start_byte", -1),
                                  rs_explain_i64(node, "end_byte", -1), &place, err);
        rs_json_set(node, "place", place, &self->failed);
    }
    rs_buf_release(&sql);
    if (status != RS_OK) {
        json_decref(node);
        return status;
    }
    *out = node != NULL ? node : json_null();
    return RS_OK;
}
