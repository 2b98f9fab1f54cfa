/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_ids.c - that ids refer to what they should: each column to what its schema says, both ends of
 * each edge to what its kind says. What rules prove of their edges (plan/proof.c) follows from the
 * former, so it is looked at here as well.
 */
#include <inttypes.h>

#include "base/alloc.h"
#include "bundle/doctor_impl.h"
#include "bundle/sql_texts.h"

/* A node's mark: its kind from 1, or this one where the kind is no word of the registry. */
enum { NO_KIND = UINT8_MAX };
_Static_assert((int)RS_MAX_KINDS < (int)NO_KIND, "a mark has room for a kind");

/* --- the nodes' ids --- */

typedef struct id_reader {
    rs_id_cursor cursor;
    uint64_t n_bad;
} id_reader;

static void add_id(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    id_reader *self = context;
    bool is_new = true;
    uint8_t mark = rs_cursor_is_null(result, 1, row) ? (uint8_t)NO_KIND
                                                     : (uint8_t)(rs_cursor_i64(result, 1, row) + 1);
    if (!rs_id_set_add(&exam->doctor->node_ids, &self->cursor, rs_cursor_i64(result, 0, row), mark,
                       &is_new)) {
        exam->out_of_memory = true;
    }
    self->n_bad += !is_new;
}

/* The one exam that writes to the doctor's node_ids; none of its step reads them. */
static rs_status collect_ids(rs_exam *exam, rs_error *err)
{
    id_reader self = {0};
    RS_TRY(rs_exam_each_row(exam, "key", "cpg/nodes", rs_sql_bundle_node_kinds.text, add_id, &self,
                            err));
    if (self.n_bad > 0) {
        rs_exam_report(exam, "key", "cpg/nodes", "%" PRIu64 " rows have the id of another node",
                       self.n_bad);
    }
    return RS_OK;
}

rs_status rs_doctor_add_node_exam(rs_doctor *doctor, rs_error *err)
{
    rs_doctor_dataset *nodes = rs_doctor_find(doctor, "nodes");
    return nodes == NULL
               ? RS_OK
               : rs_doctor_add_exam(
                     doctor, (rs_exam){.fn = collect_ids, .dataset = nodes, .cost = nodes->n_rows},
                     err);
}

/* --- what one id refers to --- */

typedef struct id_check {
    rs_id_cursor cursor;
    uint64_t n_dangling; /* that are no node */
    uint64_t n_wrong;    /* that are a node of another kind */
} id_check;

static void check_id(const rs_doctor *doctor, id_check *self, rs_kind_set kinds, int64_t id)
{
    uint8_t mark = rs_id_set_mark(&doctor->node_ids, &self->cursor, id);
    self->n_dangling += mark == 0;
    self->n_wrong += mark != 0 && mark != NO_KIND && !rs_kind_set_has(kinds, mark - 1);
}

/* --- columns --- */

/* Columns that hold a node's id, beside those that views follow ("node:ID:COLUMN"). */
typedef struct reference {
    const char *dataset;
    const char *column;
    const rs_sql *sql; /* a list of the id */
} reference;

static const reference references[] = {
    {"props", "entity_id", &rs_sql_bundle_reference_of_props},
    {"syntax_nodes", "parent_id", &rs_sql_bundle_reference_of_syntax_nodes},
};

enum { MAX_REFERENCES = 16 };

typedef struct reference_reader {
    const char *names[MAX_REFERENCES]; /* of the schema document */
    const rs_entity *entities[MAX_REFERENCES];
    rs_kind_set kinds[MAX_REFERENCES];
    bool is_node
        [MAX_REFERENCES]; /* a node there must be; else one may be, in a run with its rules */
    id_check checks[MAX_REFERENCES];
    size_t n_columns;
    rs_buf sql; /* the list of them */
} reference_reader;

static bool is_followed(const json_t *columns, const char *name)
{
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const char *source = rs_manifest_text(json_array_get(columns, i), "computed");
        if (strncmp(source, "node:", 5) != 0) {
            continue;
        }
        const rs_str id = {source + 5, strcspn(source + 5, ":")};
        if (rs_str_equal(id, rs_str_of(name))) {
            return true;
        }
    }
    return false;
}

static const rs_sql *sql_of(const char *dataset, const char *column)
{
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        if (strcmp(references[i].dataset, dataset) == 0 &&
            strcmp(references[i].column, column) == 0) {
            return references[i].sql;
        }
    }
    return NULL;
}

static void add_reference(reference_reader *self, const char *name, const rs_sql *sql,
                          const rs_entity *entity, bool is_node)
{
    RS_ASSERT(self->n_columns < MAX_REFERENCES);
    size_t n = self->n_columns++;
    self->names[n] = name;
    self->entities[n] = entity;
    self->kinds[n] = rs_entity_kinds(entity);
    self->is_node[n] = is_node;
    const rs_sql_arg column = rs_sql_word("column", name);
    if (sql != NULL) {
        rs_sql_add_list(sql, NULL, 0, &self->sql);
    } else {
        rs_sql_add_list(&rs_sql_bundle_reference, &column, 1, &self->sql);
    }
}

static void collect_references(const rs_doctor_dataset *dataset, reference_reader *self)
{
    const json_t *columns = json_object_get(dataset->schema, "columns");
    for (size_t i = 0; i < json_array_size(columns) && self->n_columns < MAX_REFERENCES; i++) {
        const json_t *column = json_array_get(columns, i);
        const char *name = rs_manifest_text(column, "name");
        const rs_entity *entity = rs_entity_find(rs_str_of(rs_manifest_text(column, "refers_to")));
        if (entity == NULL || !rs_schema_column_is_stored(column)) {
            continue;
        }
        const rs_sql *sql = sql_of(dataset->name, name);
        bool is_node = sql != NULL || is_followed(columns, name);
        bool has_kinds = entity->family != RS_ENTITY_any && entity->family != RS_ENTITY_node &&
                         !rs_kind_set_is_empty(rs_entity_kinds(entity));
        if (is_node || has_kinds) {
            add_reference(self, name, sql, entity, is_node);
        }
    }
}

static void follow(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    reference_reader *self = context;
    for (size_t i = 0; i < self->n_columns; i++) {
        if (!rs_cursor_is_null(result, i, row)) {
            check_id(exam->doctor, &self->checks[i], self->kinds[i], rs_cursor_i64(result, i, row));
        }
    }
}

static void report_references(rs_exam *exam, const reference_reader *self)
{
    const char *path = exam->dataset->path;
    exam->n_checks += self->n_columns;
    for (size_t i = 0; i < self->n_columns; i++) {
        if (self->checks[i].n_dangling > 0 && self->is_node[i]) {
            rs_exam_report(exam, "reference", path, "%" PRIu64 " rows have a %s that is no node",
                           self->checks[i].n_dangling, self->names[i]);
        }
        if (self->checks[i].n_wrong > 0) {
            rs_exam_report(exam, "referent", path, "%" PRIu64 " rows have a %s that is not %s",
                           self->checks[i].n_wrong, self->names[i], self->entities[i]->doc);
        }
    }
}

static rs_status check_references(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    rs_status status = RS_OK;
    reference_reader *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the references: out of memory");
    }
    collect_references(dataset, self);
    if (self->n_columns > 0) {
        rs_buf rows = {0};
        const rs_sql_arg args[] = {rs_sql_expr("columns", rs_buf_text(&self->sql)),
                                   rs_sql_word("dataset", dataset->name)};
        rs_sql_add(&rs_sql_bundle_referring, args, 2, &rows);
        rows.failed = rows.failed || self->sql.failed;
        status = rs_buf_check(&rows, err);
        RS_THEN(status, rs_exam_each_row(exam, "reference", dataset->path, rs_buf_text(&rows),
                                         follow, self, err));
        rs_buf_release(&rows);
    }
    report_references(exam, self);
    rs_buf_release(&self->sql);
    rs_free(self);
    return status;
}

/* --- edges --- */

typedef struct end_reader {
    size_t n_kinds;
    rs_kind_set kinds[RS_MAX_KINDS][2];
    id_check checks[RS_MAX_KINDS + 1][2]; /* the one behind those: of kinds that are none */
} end_reader;

static const char *const end_names[] = {"src", "dst"};

static void follow_ends(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    static const rs_kind_set every = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    end_reader *self = context;
    size_t kind =
        rs_cursor_is_null(result, 2, row) ? self->n_kinds : (size_t)rs_cursor_i64(result, 2, row);
    RS_ASSERT(kind <= self->n_kinds);
    for (size_t i = 0; i < 2; i++) {
        if (!rs_cursor_is_null(result, i, row)) {
            check_id(exam->doctor, &self->checks[kind][i],
                     kind < self->n_kinds ? self->kinds[kind][i] : every,
                     rs_cursor_i64(result, i, row));
        }
    }
}

static void report_ends(rs_exam *exam, const end_reader *self)
{
    for (size_t i = 0; i < 2; i++) {
        uint64_t n_dangling = 0;
        for (size_t kind = 0; kind <= self->n_kinds; kind++) {
            const id_check *check = &self->checks[kind][i];
            n_dangling += check->n_dangling;
            if (check->n_wrong > 0) {
                const rs_kind *edge = rs_kinds_get(exam->doctor->reader->kinds, true, kind);
                rs_exam_report(exam, "referent", "cpg/edges",
                               "%" PRIu64 " edges %s have a %s that is not %s", check->n_wrong,
                               edge->name, end_names[i], edge->ends[i]->doc);
            }
        }
        if (n_dangling > 0) {
            rs_exam_report(exam, "reference", "cpg/edges",
                           "%" PRIu64 " rows have a %s that is no node", n_dangling, end_names[i]);
        }
    }
    exam->n_checks += 2 * (self->n_kinds + 1);
}

static rs_status check_ends(rs_exam *exam, rs_error *err)
{
    end_reader *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the edges' ends: out of memory");
    }
    const rs_kinds *kinds = exam->doctor->reader->kinds;
    self->n_kinds = rs_kinds_count(kinds, true);
    for (size_t kind = 0; kind < self->n_kinds; kind++) {
        for (size_t i = 0; i < 2; i++) {
            self->kinds[kind][i] = rs_entity_kinds(rs_kinds_get(kinds, true, kind)->ends[i]);
        }
    }
    rs_status status = rs_exam_each_row(exam, "reference", "cpg/edges",
                                        rs_sql_bundle_edge_ends.text, follow_ends, self, err);
    report_ends(exam, self);
    rs_free(self);
    return status;
}

rs_status rs_doctor_add_reference_exams(rs_doctor *doctor, rs_error *err)
{
    if (rs_doctor_find(doctor, "nodes") == NULL) {
        return RS_OK;
    }
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        rs_doctor_dataset *dataset = &doctor->datasets[i];
        if (dataset->is_reject || !dataset->is_readable || dataset->schema == NULL ||
            dataset->n_rows == 0) {
            continue;
        }
        bool is_edges = strcmp(dataset->path, "cpg/edges") == 0;
        RS_TRY(rs_doctor_add_exam(doctor,
                                  (rs_exam){.fn = is_edges ? check_ends : check_references,
                                            .dataset = dataset,
                                            .cost = dataset->n_rows},
                                  err));
    }
    return RS_OK;
}
