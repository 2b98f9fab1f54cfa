/* SPDX-License-Identifier: Apache-2.0 */
#include "output/graph_source.h"

#include "base/hash.h"
#include "base/sql.h"
#include "base/stop.h"
#include "bundle/files.h"
#include "bundle/reader.h"
#include "output/sql_texts.h"
#include "schema/schema.h"

/* Columns of sql/graph.sql. */
enum { FILE_ID, FILE_PATH };
enum {
    NODE_ID,
    NODE_KIND,
    NODE_FILE_ID,
    NODE_START_BYTE,
    NODE_END_BYTE,
    NODE_START_LINE,
    NODE_START_COLUMN,
    NODE_END_LINE,
    NODE_END_COLUMN,
    NODE_NAME,
    NODE_QUALIFIED_NAME,
    NODE_STATUS,
    NODE_DAMAGED
};
enum {
    EDGE_KIND,
    EDGE_SRC,
    EDGE_DST,
    EDGE_FILE_ID,
    EDGE_START_BYTE,
    EDGE_END_BYTE,
    EDGE_ORIGIN,
    EDGE_METHOD,
    EDGE_CONFIDENCE,
    EDGE_SCORE,
    EDGE_GROUP,
    EDGE_RULE,
    EDGE_DAMAGED
};
enum { PROP_ID, PROP_KEY, PROP_STR, PROP_INT, PROP_FLOAT, PROP_BOOL, PROP_JSON };

/* Nodes or edges, as they are read. */
typedef struct walk {
    const char *dataset; /* "nodes" */
    const char *view;
    const char *entity; /* of its properties */
    const rs_sql *statement;
    const json_t *files; /* rows of the manifest */
    const json_t *props_files;
    size_t n_parts_begun;
    rs_cursor *rows; /* of the current part; NULL: it has to be opened */
    size_t n_rows;
    size_t row; /* the next one */
    uint64_t n_given;
} walk;

struct rs_graph_source {
    rs_reader *reader;
    rs_graph_filter filter;
    rs_property_map paths; /* by file, a property without a name each */
    rs_property_map part_props;
    rs_property_map run_props;        /* of the last part, for all others */
    rs_graph_property_vec properties; /* of the current row */
    walk nodes;
    walk edges;
    rs_graph_node node;
    rs_graph_edge edge;
};

/* --- values --- */

static rs_str text_at(const rs_cursor *rows, size_t column, size_t row)
{
    return rs_cursor_is_null(rows, column, row) ? (rs_str){NULL, 0}
                                                : rs_cursor_str(rows, column, row);
}

static rs_some_i64 number_at(const rs_cursor *rows, size_t column, size_t row)
{
    return (rs_some_i64){!rs_cursor_is_null(rows, column, row), rs_cursor_i64(rows, column, row)};
}

/* --- properties --- */

/* False where all values are null. */
static bool read_property(const rs_cursor *rows, size_t row, rs_graph_property *out)
{
    static const struct {
        size_t column;
        rs_property_type type;
    } values[] = {{PROP_STR, RS_PROPERTY_STR},
                  {PROP_INT, RS_PROPERTY_INT},
                  {PROP_FLOAT, RS_PROPERTY_FLOAT},
                  {PROP_BOOL, RS_PROPERTY_BOOL},
                  {PROP_JSON, RS_PROPERTY_JSON}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        size_t column = values[i].column;
        if (rs_cursor_is_null(rows, column, row)) {
            continue;
        }
        *out = (rs_graph_property){.key = rs_cursor_str(rows, PROP_KEY, row),
                                   .type = values[i].type,
                                   .text = rs_cursor_str(rows, column, row)};
        if (values[i].type == RS_PROPERTY_FLOAT) {
            out->number.f64 = rs_cursor_f64(rows, column, row);
        } else if (values[i].type == RS_PROPERTY_BOOL) {
            out->number.boolean = rs_cursor_i64(rows, column, row) != 0;
        } else {
            out->number.i64 = rs_cursor_i64(rows, column, row);
        }
        return true;
    }
    return false;
}

typedef bool (*keep_fn)(const rs_cursor *rows, size_t row, rs_property_map *map);

static bool keep_property(const rs_cursor *rows, size_t row, rs_property_map *map)
{
    rs_graph_property property;
    return !read_property(rows, row, &property) ||
           rs_property_map_add(map, rs_cursor_i64(rows, PROP_ID, row), &property);
}

static bool keep_path(const rs_cursor *rows, size_t row, rs_property_map *map)
{
    const rs_graph_property path = {
        .key = {"", 0}, .type = RS_PROPERTY_STR, .text = rs_cursor_str(rows, FILE_PATH, row)};
    return rs_property_map_add(map, rs_cursor_i64(rows, FILE_ID, row), &path);
}

static rs_status fill_map(rs_graph_source *self, const char *sql, keep_fn keep,
                          rs_property_map *map, rs_error *err)
{
    rs_cursor *rows = NULL;
    size_t n_rows = 1;
    RS_TRY(rs_session_query(self->reader->session, "read the graph", sql, NULL, 0, &rows, err));
    rs_status status = RS_OK;
    while (status == RS_OK && n_rows > 0) {
        status = rs_cursor_next(rows, &n_rows, err);
        for (size_t i = 0; i < n_rows && status == RS_OK; i++) {
            if (!keep(rows, i, map)) {
                status = rs_error_set(err, RS_ERR_NOMEM, "read the graph: out of memory");
            }
        }
    }
    rs_cursor_free(rows);
    return status;
}

/* --- parts --- */

static rs_status add_part_view(rs_graph_source *self, const char *view, const char *dataset,
                               const json_t *file, rs_error *err)
{
    rs_buf folder = {0};
    rs_buf path = {0};
    rs_buf literal = {0};
    rs_status status = rs_path_set(&folder, rs_buf_text(&self->reader->directory), dataset, err);
    RS_THEN(status, rs_path_set(&path, folder.bytes, rs_manifest_text(file, "name"), err));
    if (status == RS_OK) {
        rs_buf_add_sql_literal(&literal, rs_buf_str(&path));
        status = rs_buf_check(&literal, err);
    }
    RS_THEN(status, rs_session_add_parquet_view(self->reader->session, view, literal.bytes, err));
    rs_buf_release(&literal);
    rs_buf_release(&path);
    rs_buf_release(&folder);
    return status;
}

static rs_status load_props(rs_graph_source *self, const walk *of, size_t part,
                            rs_property_map *map, rs_error *err)
{
    const rs_sql_arg args[] = {{.name = "entity", .word = of->entity}};
    rs_buf sql = {0};
    rs_property_map_reset(map);
    RS_TRY(add_part_view(self, "export_props", "cpg/props", json_array_get(of->props_files, part),
                         err));
    rs_sql_add(&rs_sql_output_props, args, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, fill_map(self, sql.bytes, keep_property, map, err));
    rs_buf_release(&sql);
    return status;
}

static rs_status open_part(rs_graph_source *self, walk *of, rs_error *err)
{
    size_t part = of->n_parts_begun++;
    size_t n_props = json_array_size(of->props_files);
    if (part == 0 && n_props > 0) {
        RS_TRY(load_props(self, of, n_props - 1, &self->run_props, err));
    }
    rs_property_map_reset(&self->part_props);
    if (part + 1 < n_props) {
        RS_TRY(load_props(self, of, part, &self->part_props, err));
    }
    RS_TRY(add_part_view(self, of->view, of->dataset, json_array_get(of->files, part), err));
    return rs_session_query(self->reader->session, "read the graph", of->statement->text, NULL, 0,
                            &of->rows, err);
}

/* Go to the next row; *is_one is false behind the last of the last part. */
static rs_status step(rs_graph_source *self, walk *of, bool *is_one, rs_error *err)
{
    *is_one = true;
    while (of->rows == NULL || of->row + 1 >= of->n_rows) {
        if (of->rows == NULL) {
            if (of->n_parts_begun == json_array_size(of->files)) {
                *is_one = false;
                return RS_OK;
            }
            RS_TRY(open_part(self, of, err));
        }
        RS_TRY(rs_cursor_next(of->rows, &of->n_rows, err));
        of->row = SIZE_MAX; /* before the first */
        if (of->n_rows == 0) {
            rs_cursor_free(of->rows);
            of->rows = NULL;
        } else {
            break;
        }
    }
    of->row++;
    return RS_OK;
}

static bool is_wanted(const rs_graph_filter *filter, rs_str kind)
{
    for (size_t i = 0; i < filter->n_kinds; i++) {
        if (rs_str_equal(rs_str_of(filter->kinds[i]), kind)) {
            return true;
        }
    }
    return filter->n_kinds == 0;
}

/* The next row of a kind that is wanted. */
static rs_status next(rs_graph_source *self, walk *of, size_t kind_column, bool *is_one,
                      rs_error *err)
{
    do {
        RS_TRY(step(self, of, is_one, err));
    } while (*is_one && !is_wanted(&self->filter, rs_cursor_str(of->rows, kind_column, of->row)));
    of->n_given += *is_one;
    return RS_OK;
}

static rs_status find_properties(rs_graph_source *self, int64_t id, rs_error *err)
{
    rs_graph_property_vec_reset(&self->properties);
    bool found = rs_property_map_find(&self->part_props, id, &self->properties) &&
                 rs_property_map_find(&self->run_props, id, &self->properties);
    return found ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "read the graph: out of memory");
}

static rs_status find_path(rs_graph_source *self, const rs_some_i64 *file_id, rs_str *path,
                           rs_error *err)
{
    *path = (rs_str){NULL, 0};
    if (!file_id->is_set) {
        return RS_OK;
    }
    rs_graph_property_vec_reset(&self->properties);
    if (!rs_property_map_find(&self->paths, file_id->value, &self->properties)) {
        return rs_error_set(err, RS_ERR_NOMEM, "read the graph: out of memory");
    }
    if (self->properties.n_items > 0) {
        *path = self->properties.items[0].text;
    }
    return RS_OK;
}

/* --- rows --- */

rs_status rs_graph_source_next_node(rs_graph_source *source, const rs_graph_node **out,
                                    rs_error *err)
{
    walk *of = &source->nodes;
    rs_graph_node *node = &source->node;
    bool is_one = false;
    *out = NULL;
    RS_TRY(rs_stop_check(source->reader->stop, err));
    RS_TRY(next(source, of, NODE_KIND, &is_one, err));
    if (!is_one) {
        return RS_OK;
    }
    const rs_cursor *rows = of->rows;
    size_t row = of->row;
    *node = (rs_graph_node){
        .id = rs_cursor_i64(rows, NODE_ID, row),
        .kind = rs_cursor_str(rows, NODE_KIND, row),
        .file_id = number_at(rows, NODE_FILE_ID, row),
        .start_byte = number_at(rows, NODE_START_BYTE, row),
        .end_byte = number_at(rows, NODE_END_BYTE, row),
        .start_line = number_at(rows, NODE_START_LINE, row),
        .start_column = number_at(rows, NODE_START_COLUMN, row),
        .end_line = number_at(rows, NODE_END_LINE, row),
        .end_column = number_at(rows, NODE_END_COLUMN, row),
        .name = text_at(rows, NODE_NAME, row),
        .qualified_name = text_at(rows, NODE_QUALIFIED_NAME, row),
        .status = text_at(rows, NODE_STATUS, row),
        .is_damaged = rs_cursor_i64(rows, NODE_DAMAGED, row) != 0,
    };
    RS_TRY(find_path(source, &node->file_id, &node->path, err));
    RS_TRY(find_properties(source, node->id, err));
    node->properties = source->properties.items;
    node->n_properties = source->properties.n_items;
    *out = node;
    return RS_OK;
}

/* An edge's properties go by its id, which is not stored: it is made where there are any. */
static rs_status find_edge_properties(rs_graph_source *self, rs_graph_edge *edge, rs_error *err)
{
    if (self->part_props.n_records == 0 && self->run_props.n_records == 0) {
        return RS_OK;
    }
    RS_TRY(find_properties(self,
                           rs_edge_id(edge->kind, edge->src, edge->dst,
                                      edge->start_byte.is_set ? &edge->start_byte.value : NULL),
                           err));
    edge->properties = self->properties.items;
    edge->n_properties = self->properties.n_items;
    return RS_OK;
}

rs_status rs_graph_source_next_edge(rs_graph_source *source, const rs_graph_edge **out,
                                    rs_error *err)
{
    walk *of = &source->edges;
    rs_graph_edge *edge = &source->edge;
    bool is_one = false;
    *out = NULL;
    rs_cursor_free(source->nodes.rows); /* the engine reads one statement at a time */
    source->nodes.rows = NULL;
    source->nodes.n_parts_begun = json_array_size(source->nodes.files);
    RS_TRY(rs_stop_check(source->reader->stop, err));
    RS_TRY(next(source, of, EDGE_KIND, &is_one, err));
    if (!is_one) {
        return RS_OK;
    }
    const rs_cursor *rows = of->rows;
    size_t row = of->row;
    *edge = (rs_graph_edge){
        .kind = rs_cursor_str(rows, EDGE_KIND, row),
        .src = rs_cursor_i64(rows, EDGE_SRC, row),
        .dst = rs_cursor_i64(rows, EDGE_DST, row),
        .file_id = number_at(rows, EDGE_FILE_ID, row),
        .start_byte = number_at(rows, EDGE_START_BYTE, row),
        .end_byte = number_at(rows, EDGE_END_BYTE, row),
        .origin = rs_cursor_str(rows, EDGE_ORIGIN, row),
        .method = text_at(rows, EDGE_METHOD, row),
        .rule_name = rs_cursor_str(rows, EDGE_RULE, row),
        .confidence = rs_cursor_f64(rows, EDGE_CONFIDENCE, row),
        .has_score = !rs_cursor_is_null(rows, EDGE_SCORE, row),
        .score = rs_cursor_f64(rows, EDGE_SCORE, row),
        .ambiguity_group_id = number_at(rows, EDGE_GROUP, row),
        .is_damaged = rs_cursor_i64(rows, EDGE_DAMAGED, row) != 0,
    };
    RS_TRY(find_path(source, &edge->file_id, &edge->path, err));
    RS_TRY(find_edge_properties(source, edge, err));
    *out = edge;
    return RS_OK;
}

rs_status rs_graph_source_query(rs_graph_source *source, const rs_sql *statement, rs_cursor **out,
                                rs_error *err)
{
    rs_reader *reader = source->reader;
    *out = NULL;
    if (source->filter.n_kinds > 0) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "export: %s is no list of nodes and edges: it has no kinds",
                            statement->name);
    }
    RS_TRY(rs_reader_add_views_of(reader, statement->name, statement->text, err));
    RS_TRY(rs_stop_check(reader->stop, err));
    return rs_session_query(reader->session, statement->name, statement->text, NULL, 0, out, err);
}

void rs_graph_source_count(rs_graph_source *source, uint64_t n_nodes, uint64_t n_edges)
{
    source->nodes.n_given = n_nodes;
    source->edges.n_given = n_edges;
}

uint64_t rs_graph_source_n_nodes(const rs_graph_source *source)
{
    return source->nodes.n_given;
}

uint64_t rs_graph_source_n_edges(const rs_graph_source *source)
{
    return source->edges.n_given;
}

/* --- opening --- */

static const json_t *dataset_row(const rs_reader *reader, const char *path)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        if (strcmp(rs_manifest_text(row, "path"), path) == 0) {
            return row;
        }
    }
    return NULL;
}

static rs_status check_kinds(const rs_graph_filter *filter, const rs_kinds *kinds, rs_error *err)
{
    for (size_t i = 0; i < filter->n_kinds; i++) {
        rs_str kind = rs_str_of(filter->kinds[i]);
        if (rs_kinds_find(kinds, false, kind, NULL) == NULL &&
            rs_kinds_find(kinds, true, kind, NULL) == NULL) {
            return rs_error_set(err, RS_ERR_INVALID,
                                "export: there is no kind %s; `relspec schema kinds` lists them",
                                filter->kinds[i]);
        }
    }
    return RS_OK;
}

static rs_status load_paths(rs_graph_source *self, rs_error *err)
{
    const json_t *files = dataset_row(self->reader, "evidence/repo_files");
    if (files == NULL) {
        return RS_OK;
    }
    RS_TRY(rs_reader_add_files_view(self->reader, files, "export_files", err));
    return fill_map(self, rs_sql_output_files.text, keep_path, &self->paths, err);
}

static rs_status open_source(rs_graph_source *self, const char *bundle, const atomic_bool *stop,
                             rs_error *err)
{
    RS_TRY(rs_reader_new(bundle, stop, &self->reader, err));
    RS_TRY(check_kinds(&self->filter, self->reader->kinds, err));
    /* One thread gives rows in the order of the files. */
    RS_TRY(rs_session_use_one_thread(self->reader->session, err));
    const json_t *props = json_object_get(dataset_row(self->reader, "cpg/props"), "files");
    self->nodes = (walk){.dataset = "cpg/nodes",
                         .view = "export_nodes",
                         .entity = "node",
                         .statement = &rs_sql_output_nodes,
                         .files = json_object_get(dataset_row(self->reader, "cpg/nodes"), "files"),
                         .props_files = props};
    self->edges = (walk){.dataset = "cpg/edges",
                         .view = "export_edges",
                         .entity = "edge",
                         .statement = &rs_sql_output_edges,
                         .files = json_object_get(dataset_row(self->reader, "cpg/edges"), "files"),
                         .props_files = props};
    return load_paths(self, err);
}

rs_status rs_graph_source_new(const char *bundle, const rs_graph_filter *filter,
                              const atomic_bool *stop, rs_graph_source **out, rs_error *err)
{
    *out = NULL;
    rs_graph_source *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "export %s: out of memory", bundle);
    }
    self->filter = *filter;
    rs_status status = open_source(self, bundle, stop, err);
    if (status != RS_OK) {
        rs_graph_source_free(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

void rs_graph_source_free(rs_graph_source *source)
{
    if (source == NULL) {
        return;
    }
    rs_cursor_free(source->nodes.rows);
    rs_cursor_free(source->edges.rows);
    rs_property_map_release(&source->paths);
    rs_property_map_release(&source->part_props);
    rs_property_map_release(&source->run_props);
    rs_graph_property_vec_release(&source->properties);
    rs_reader_free(source->reader);
    rs_free(source);
}
