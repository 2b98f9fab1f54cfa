/* SPDX-License-Identifier: Apache-2.0 */
/* place.c - from ids and bytes to files with their lines and texts, to nodes, to rows with places.
 *
 * Text comes from the analysed tree, and only when its SHA-256 is the one that the bundle knows:
 * what is shown is what was analysed. Lines and columns come from the bundle where it is not.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "explain/explain_impl.h"
#include "explain/sql_texts.h"

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
static const char *read_bytes(int fd, const rs_explain_file *file, rs_buf *text)
{
    struct stat info;
    int64_t n_wanted = file->n_bytes;
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
    return strcmp(hash, file->sha256) == 0 ? NULL : "the file has changed since";
}

static const char *read_text(const rs_explainer *self, rs_explain_file *file)
{
    if (self->root_fd < 0) {
        return self->root_problem;
    }
    rs_tree_cursor cursor = {0};
    rs_buf path = {0};
    int fd = -1;
    add_system_path(file->path, &path);
    rs_tree_cursor_init(&cursor, self->root_fd);
    const char *problem = "the file is not there any more";
    if (!path.failed && rs_tree_open_file(&cursor, rs_buf_str(&path), &fd) == 0) {
        problem = read_bytes(fd, file, &file->text);
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

static bool set_lines(rs_explain_file *file, const rs_explain_rows *rows)
{
    rs_line_index *lines = &file->lines;
    lines->line_start = rs_alloc_zero(rows->n_items + 1, sizeof *lines->line_start);
    if (lines->line_start == NULL) {
        return false;
    }
    for (size_t i = 0; i < rows->n_items; i++) {
        lines->line_start[i] = (uint32_t)rs_explain_i64(&rows->items[i], "start_byte", 0);
    }
    lines->n_lines = rows->n_items > 0 ? (uint32_t)rows->n_items : 1;
    lines->n_capacity = lines->n_lines;
    lines->n_bytes = (uint32_t)file->n_bytes;
    return true;
}

/* Of the text; else as the bundle has them. */
static void load_lines(rs_explainer *self, rs_explain_file *file)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_lines,
                                .params = {rs_explain_i64_of(file->file_id)}};
    if (file->problem == NULL) {
        (void)rs_explain_note(self, rs_line_index_build(&file->lines, rs_buf_text(&file->text),
                                                        file->text.n_bytes, &self->error));
        return;
    }
    rs_explain_add_stored(self, "line_index");
    const rs_explain_rows rows = rs_explain_query(self, &ask);
    self->failed = !set_lines(file, &rows) || self->failed;
}

static void load_file(rs_explainer *self, rs_explain_file *file)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_file,
                                .params = {rs_explain_i64_of(file->file_id)}};
    rs_explain_add_stored(self, "repo_files");
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    if (row.n_columns > 0 && rs_explain_is_ok(self)) {
        file->path = rs_explain_text(&row, "path");
        file->sha256 = rs_explain_text(&row, "sha256");
        file->n_bytes = rs_explain_i64(&row, "size_bytes", 0);
        file->problem = read_text(self, file);
        load_lines(self, file);
    }
}

rs_explain_file *rs_explain_file_get(rs_explainer *self, int64_t file_id)
{
    if (file_id < 0) {
        return NULL;
    }
    for (size_t i = 0; i < self->n_files; i++) {
        if (self->files[i]->file_id == file_id) {
            return self->files[i]->path != NULL ? self->files[i] : NULL;
        }
    }
    rs_explain_file *file = rs_explain_new(self, 1, sizeof *file);
    rs_explain_file **files = rs_explain_grow(self, self->files, self->n_files, sizeof file);
    if (file == NULL || files == NULL) {
        return NULL;
    }
    file->file_id = file_id;
    self->files = files;
    self->files[self->n_files++] = file;
    load_file(self, file);
    return file->path != NULL ? file : NULL;
}

/* --- places --- */

rs_explain_place rs_explain_place_get(rs_explainer *self, int64_t file_id, int64_t start_byte,
                                      int64_t end_byte)
{
    const rs_explain_file *file = rs_explain_file_get(self, file_id);
    return file != NULL ? (rs_explain_place){file, start_byte, end_byte} : (rs_explain_place){0};
}

bool rs_explain_has_bytes(const rs_explain_place *place)
{
    return place->file != NULL && place->start_byte >= 0 && place->start_byte <= place->end_byte &&
           place->end_byte <= (int64_t)place->file->lines.n_bytes;
}

static rs_explain_place place_of_row(rs_explainer *self, int64_t file_id, const rs_explain_row *row)
{
    return rs_explain_place_get(self, file_id, rs_explain_i64(row, "start_byte", -1),
                                rs_explain_i64(row, "end_byte", -1));
}

rs_explain_node rs_explain_node_get(rs_explainer *self, int64_t node_id)
{
    const char *nodes = rs_explain_nodes(self, rs_explain_file_of_id(node_id));
    const rs_explain_ask ask = {.statement = &rs_sql_explain_node,
                                .args = {rs_sql_word("nodes", nodes)},
                                .params = {rs_explain_i64_of(node_id)}};
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    int64_t file_id = rs_explain_i64(&row, "file_id", RS_EXPLAIN_RUN);
    return (rs_explain_node){row, place_of_row(self, file_id, &row)};
}

/* --- rows with their places --- */

/* Its bytes; those of the node of its key where it has none. */
static rs_explain_place place_of(rs_explainer *self, const rs_dataset *dataset,
                                 const rs_explain_row *row)
{
    int64_t file_id = rs_explain_file_of(dataset, row);
    if (rs_explain_i64(row, "start_byte", -1) < 0 && file_id != RS_EXPLAIN_RUN &&
        dataset != rs_dataset_get(RS_DS_repo_files)) {
        const char *key = dataset->key;
        char column[RS_EXPLAIN_NAME_BYTES];
        (void)rs_explain_key_next(&key, column);
        const rs_explain_node node = rs_explain_node_get(self, rs_explain_i64(row, column, -1));
        if (node.row.n_columns > 0) {
            return node.place;
        }
    }
    return place_of_row(self, file_id, row);
}

rs_explain_item *rs_explain_add_item(rs_explainer *self, const rs_dataset *dataset,
                                     const rs_explain_row *row, rs_explain_items *list)
{
    rs_explain_item *item = rs_explain_new(self, 1, sizeof *item);
    if (item == NULL) {
        return NULL;
    }
    item->dataset = dataset;
    item->row = *row;
    if (dataset != NULL) {
        item->place = place_of(self, dataset, row);
    }
    rs_explain_items_push(self, list, item);
    return rs_explain_is_ok(self) ? item : NULL;
}

void rs_explain_items_push(rs_explainer *self, rs_explain_items *list, rs_explain_item *item)
{
    list->items = rs_explain_grow(self, list->items, list->n_items, sizeof(rs_explain_item *));
    if (list->items == NULL) {
        list->n_items = 0;
        return;
    }
    list->items[list->n_items++] = item;
}
