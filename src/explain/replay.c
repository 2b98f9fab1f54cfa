/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - an edge's rule once more, then the rules of the rows that it read, down to evidence.
 *
 * A rule is done again on the rows that can matter alone: where a column of its key is a column of
 * an input, that input is cut down to the value. Its places then name the rows that were read
 * (schema/frame.h). The tree is grown by a queue, not by recursion.
 */
#include <inttypes.h>

#include "explain/replay.h"
#include "plan/operator.h"
#include "plan/steps.h"

enum { MAX_NODES = 512 };

/* --- the inputs of a rule, cut down --- */

/* The output column's expression where it is a column of an input, and nothing else. */
static const rs_expr *plain_column(const rs_plan *rule, const char *name)
{
    const rs_select *select = &rule->selects[0];
    for (size_t i = 0; i < select->output->n_columns; i++) {
        const rs_expr *expr = select->columns[i];
        if (strcmp(select->output->columns[i].name, name) == 0 && expr != NULL &&
            expr->kind == RS_EXPR_COLUMN && expr->input < rule->n_inputs) {
            return expr;
        }
    }
    return NULL;
}

static void add_condition(const rs_plan *rule, size_t input, const char *name, const json_t *row,
                          rs_buf *sql)
{
    const rs_expr *expr = plain_column(rule, name);
    if (expr != NULL && expr->input == input) {
        rs_buf_add(sql, sql->n_bytes > 0 ? " AND " : "");
        rs_explain_add_equal(expr->column->name, json_object_get(row, name), sql);
    }
}

/* What rows of an input must be like to make row; a winner's rivals are alike in its keys alone. */
static void add_conditions(const rs_plan *rule, size_t input, const json_t *row, rs_buf *sql)
{
    const char *key = rule->selects[0].output->key;
    char name[RS_EXPLAIN_NAME_BYTES];
    for (size_t i = 0; i < rule->winner.n_keys; i++) {
        add_condition(rule, input, rule->winner.keys[i].column->name, row, sql);
    }
    while (rule->winner.n_keys == 0 && rs_explain_key_next(&key, name)) {
        add_condition(rule, input, name, row, sql);
    }
}

/* Two inputs of one dataset share its view. */
static bool is_shared(const rs_plan *rule, size_t input)
{
    for (size_t i = 0; i < rule->n_inputs; i++) {
        if (i != input && rule->inputs[i].dataset == rule->inputs[input].dataset) {
            return true;
        }
    }
    return false;
}

rs_status rs_explain_select_inputs(rs_explainer *self, const rs_plan *rule, int64_t file_id,
                                   const json_t *row, rs_error *err)
{
    rs_buf sql = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < rule->n_inputs && status == RS_OK; i++) {
        bool is_right = rule->op->meets == RS_MEETS_BY_INTERVAL && i == 1;
        rs_buf_reset(&sql);
        if (row != NULL && !is_right && !is_shared(rule, i)) {
            add_conditions(rule, i, row, &sql);
        }
        status = rs_buf_check(&sql, err);
        if (status == RS_OK) {
            status = rs_explain_select(self, rule->inputs[i].dataset, file_id,
                                       sql.n_bytes > 0 ? rs_buf_text(&sql) : NULL, err);
        }
    }
    rs_buf_release(&sql);
    return status;
}

int64_t rs_explain_rule_file(const rs_plan *rule, int64_t file_id)
{
    return rule->wave == RS_WAVE_FILE ? file_id : RS_EXPLAIN_RUN;
}

/* --- rows and where they stand --- */

/* The bytes of a row; those of the node of its key where it has none. */
static rs_status place_of(rs_explainer *self, const rs_dataset *dataset, const json_t *row,
                          json_t **out, rs_error *err)
{
    int64_t file_id = rs_explain_file_of(dataset, row);
    int64_t start_byte = rs_explain_i64(row, "start_byte", -1);
    int64_t end_byte = rs_explain_i64(row, "end_byte", -1);
    json_t *node = NULL;
    *out = NULL;
    if (file_id == RS_EXPLAIN_RUN) {
        *out = json_null();
        return RS_OK;
    }
    if (start_byte < 0 && dataset != rs_dataset_get(RS_DS_repo_files)) {
        const char *key = dataset->key;
        char column[RS_EXPLAIN_NAME_BYTES];
        (void)rs_explain_key_next(&key, column);
        RS_TRY(rs_explain_node(self, rs_explain_i64(row, column, -1), &node, err));
        *out = json_incref(json_object_get(node, "place"));
        json_decref(node);
        if (*out != NULL) {
            return RS_OK;
        }
    }
    return rs_explain_place(self, file_id, start_byte, end_byte, out, err);
}

rs_status rs_explain_row_node(rs_explainer *self, const rs_dataset *dataset, json_t *row,
                              json_t **out, rs_error *err)
{
    json_t *place = NULL;
    *out = NULL;
    (void)json_object_del(row, "_row");
    (void)json_object_del(row, "_in");
    rs_status status = place_of(self, dataset, row, &place, err);
    if (status != RS_OK) {
        json_decref(row);
        return status;
    }
    json_t *node = json_object();
    rs_json_set(node, "dataset", rs_json_text(dataset->name), &self->failed);
    rs_json_set(node, "row", row, &self->failed);
    rs_json_set(node, "place", place, &self->failed);
    if (self->failed) {
        json_decref(node);
        return rs_explain_check(self, err);
    }
    *out = node;
    return RS_OK;
}

/* --- the columns that a rule reads --- */

/* Depth is bounded by RS_EXPR_MAX_DEPTH. */
static void collect_columns(rs_explainer *self, const rs_expr *expr, size_t input, json_t *names)
{
    if (expr == NULL) {
        return;
    }
    if (expr->kind == RS_EXPR_COLUMN && expr->input == input && expr->column != NULL) {
        rs_json_set(names, expr->column->name, json_true(), &self->failed);
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        collect_columns(self, child, input, names);
    }
}

static json_t *columns_read(rs_explainer *self, const rs_plan *rule, size_t input)
{
    json_t *names = json_object();
    json_t *list = json_array();
    const char *name = NULL;
    json_t *value = NULL;
    collect_columns(self, rule->on, input, names);
    collect_columns(self, rule->where, input, names);
    collect_columns(self, rule->filter, input, names);
    collect_columns(self, rule->explode.text, input, names);
    for (size_t i = 0; i < 2; i++) {
        collect_columns(self, rule->align.left[i], input, names);
        collect_columns(self, rule->align.right[i], input, names);
    }
    for (size_t i = 0; i < rule->selects[0].output->n_columns; i++) {
        collect_columns(self, rule->selects[0].columns[i], input, names);
    }
    json_object_foreach(names, name, value)
    {
        rs_json_push(list, rs_json_text(name), &self->failed);
    }
    json_decref(names);
    return list;
}

/* The interval by which a row was aligned: what to point at. */
static rs_status mark_of(rs_explainer *self, const rs_plan *rule, size_t input, int64_t row,
                         int64_t file_id, json_t **out, rs_error *err)
{
    rs_expr *const *ends = input == 0 ? rule->align.left : rule->align.right;
    const rs_plan_input *from = &rule->inputs[input];
    rs_buf sql = {0};
    json_t *bytes = NULL;
    *out = NULL;
    rs_buf_add(&sql, "SELECT ");
    rs_expr_add_sql(ends[0], rule->inputs, rs_engine_type_duckdb.dialect, &sql);
    rs_buf_add(&sql, " AS a, ");
    rs_expr_add_sql(ends[1], rule->inputs, rs_engine_type_duckdb.dialect, &sql);
    rs_buf_add(&sql, " AS b FROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->dataset->name));
    rs_buf_add(&sql, " AS ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->alias));
    rs_buf_addf(&sql, " WHERE _row = %" PRId64, row);
    rs_status status = rs_explain_json_row(self, rule->name, &sql, &bytes, err);
    if (status == RS_OK) {
        status = rs_explain_place(self, file_id, rs_explain_i64(bytes, "a", -1),
                                  rs_explain_i64(bytes, "b", -1), out, err);
    }
    json_decref(bytes);
    rs_buf_release(&sql);
    return status;
}

/* --- one rule once more --- */

/* The first of a rule's rows with the key of one that is there, as it comes out of the engine. */
typedef struct search {
    rs_explainer *self;
    const rs_dataset *dataset;
    const json_t *wanted;
    json_t *found; /* with its places, `_o1` and `_o2`; NULL: not yet */
} search;

static bool has_key(const search *in, const rs_frame *frame, size_t row)
{
    const char *key = in->dataset->key;
    char name[RS_EXPLAIN_NAME_BYTES];
    bool is_same = true;
    while (is_same && rs_explain_key_next(&key, name)) {
        const rs_vector *column = &frame->columns[rs_column_index(in->dataset, name)];
        json_t *value = rs_explain_value(column, row);
        const json_t *wanted = json_object_get(in->wanted, name);
        is_same = json_is_null(value) ? wanted == NULL || json_is_null(wanted)
                                      : json_equal(value, wanted) == 1;
        json_decref(value);
    }
    return is_same;
}

static rs_status look_for_key(void *context, const rs_frame *frame, rs_error *err)
{
    search *in = context;
    for (size_t row = 0; row < frame->n_rows && in->found == NULL; row++) {
        if (has_key(in, frame, row)) {
            in->found = rs_explain_frame_row(in->self, in->dataset, frame, row);
        }
    }
    return rs_explain_check(in->self, err);
}

/* The rule's plan over its inputs as they are bound now, as the run did it. */
static rs_status run_again(rs_explainer *self, const rs_plan *rule, const json_t *row, json_t **out,
                           rs_error *err)
{
    const rs_engine_type *engine = &rs_engine_type_duckdb;
    search in = {.self = self, .dataset = rule->selects[0].output, .wanted = row};
    const rs_sink sink = {look_for_key, &in};
    void *prepared = NULL;
    rs_status status = engine->prepare(self->bundle.session, rule, &prepared, err);
    if (status == RS_OK) {
        status = engine->run(prepared, &sink, NULL, err);
    }
    engine->release(prepared);
    if (status != RS_OK) {
        json_decref(in.found);
        in.found = NULL;
    }
    *out = in.found;
    return status;
}

/* What of an input was read: `_row`, or -1 for no row. */
static int64_t row_read(const rs_plan *rule, size_t input, const json_t *found)
{
    return rs_plan_row_read(rule, input, rs_explain_i64(found, "_o1", -1),
                            rs_explain_i64(found, "_o2", -1));
}

typedef struct work_item {
    json_t *node; /* borrowed from the tree */
    int64_t file_id;
} work_item;

RS_VEC_DEFINE(work_items, work_item)

typedef struct derivation {
    rs_explainer *self;
    work_items queue;
    size_t n_nodes;
} derivation;

/* A row that a rule read, below the node of what it made. */
static rs_status add_input(derivation *in, const rs_plan *rule, size_t input, int64_t place,
                           json_t *inputs, rs_error *err)
{
    rs_explainer *self = in->self;
    const rs_dataset *dataset = rule->inputs[input].dataset;
    rs_buf sql = {0};
    json_t *row = NULL;
    json_t *node = NULL;
    rs_buf_add(&sql, "SELECT * FROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(dataset->name));
    rs_buf_addf(&sql, " WHERE _row = %" PRId64, place);
    rs_status status = rs_explain_json_row(self, rule->name, &sql, &row, err);
    rs_buf_release(&sql);
    if (status != RS_OK || row == NULL) {
        return status;
    }
    int64_t file_id = rs_explain_file_of(dataset, row);
    RS_TRY(rs_explain_row_node(self, dataset, row, &node, err));
    rs_json_set(node, "reads", columns_read(self, rule, input), &self->failed);
    rs_json_push(inputs, node, &self->failed);
    if (rule->op->meets == RS_MEETS_BY_INTERVAL) {
        json_t *mark = NULL;
        RS_TRY(mark_of(self, rule, input, place, file_id, &mark, err));
        rs_json_set(node, "mark", mark, &self->failed);
    }
    in->n_nodes++;
    if (rs_explain_is_relationship(dataset) &&
        !work_items_push(&in->queue, (work_item){node, file_id})) {
        self->failed = true;
    }
    return rs_explain_check(self, err);
}

/* Of a semi or anti join: what its other side had to hold, or not to hold. */
static void note_half(rs_explainer *self, const rs_plan *rule, json_t *node)
{
    rs_buf text = {0};
    if (!rs_join_is_half(rule->join)) {
        return;
    }
    rs_buf_addf(&text, "%s row of %s has ", rule->join == RS_JOIN_SEMI ? "some" : "no",
                rule->inputs[1].dataset->name);
    rs_expr_add_words(rule->inputs, rule->on, &text);
    self->failed = self->failed || text.failed;
    rs_json_set(node, "and", rs_json_str(rs_buf_str(&text)), &self->failed);
    rs_buf_release(&text);
}

static rs_status replay_item(derivation *in, const rs_plan *rule, work_item item, rs_error *err)
{
    rs_explainer *self = in->self;
    const json_t *row = json_object_get(item.node, "row");
    json_t *found = NULL;
    RS_TRY(
        rs_explain_select_inputs(self, rule, rs_explain_rule_file(rule, item.file_id), row, err));
    rs_status status = run_again(self, rule, row, &found, err);
    if (status == RS_OK && found == NULL) {
        rs_json_set(item.node, "note", rs_json_text("the rule does not give this row again"),
                    &self->failed);
    }
    json_t *inputs = json_array();
    for (size_t i = 0; i < rule->n_inputs && status == RS_OK && found != NULL; i++) {
        int64_t place = row_read(rule, i, found);
        status = place >= 0 ? add_input(in, rule, i, place, inputs, err) : RS_OK;
    }
    rs_json_set(item.node, "inputs", inputs, &self->failed);
    note_half(self, rule, item.node);
    if (status == RS_OK && found != NULL) {
        status = rs_explain_add_rivals(self, rule, item.node, found, err);
    }
    rs_json_set(item.node, "again", found != NULL ? found : json_null(), &self->failed);
    return status;
}

static rs_status add_item(derivation *in, work_item item, rs_error *err)
{
    rs_explainer *self = in->self;
    const json_t *row = json_object_get(item.node, "row");
    const char *name = rs_explain_text(row, "rule_name");
    const rs_plan *rule = rs_explain_rule(self, name);
    rs_json_set(item.node, "rule", rs_json_text(name), &self->failed);
    const char *note = NULL;
    if (rule == NULL) {
        note = "this relspec has no rule with the bundle's signature; name its packs with --rules";
    } else if (in->n_nodes >= MAX_NODES) {
        note = "not followed any further";
    }
    if (note != NULL) {
        rs_json_set(item.node, "note", rs_json_text(note), &self->failed);
        return RS_OK;
    }
    rs_error refusal = {0};
    rs_status status = replay_item(in, rule, item, &refusal);
    if (status == RS_ERR_ENGINE) { /* said of this row; the others are explained */
        rs_json_set(item.node, "note", rs_json_text(refusal.message), &self->failed);
        return RS_OK;
    }
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", refusal.message);
}

/* The file that an edge's rule saw. */
static int64_t edge_file(const json_t *edge)
{
    static const char *const ends[] = {"src", "dst"};
    int64_t file_id = rs_explain_i64(edge, "file_id", -1);
    for (size_t i = 0; i < 2 && file_id < 0; i++) {
        int64_t node_id = rs_explain_i64(edge, ends[i], -1);
        file_id = node_id >= 0 ? node_id >> RS_ID_ENTITY_BITS : -1;
    }
    return file_id < 0 ? RS_EXPLAIN_RUN : file_id;
}

rs_status rs_explain_replay(rs_explainer *self, json_t *edge, json_t **out, rs_error *err)
{
    derivation in = {.self = self};
    json_t *root = json_object();
    rs_status status = RS_OK;
    *out = NULL;
    rs_json_set(root, "dataset", rs_json_text("edges"), &self->failed);
    rs_json_set(root, "row", json_incref(edge), &self->failed);
    if (!work_items_push(&in.queue, (work_item){root, edge_file(edge)})) {
        self->failed = true;
    }
    for (size_t i = 0; i < in.queue.n_items && status == RS_OK; i++) {
        status = add_item(&in, in.queue.items[i], err);
    }
    work_items_release(&in.queue);
    if (status == RS_OK) {
        status = rs_explain_check(self, err);
    }
    if (status != RS_OK) {
        json_decref(root);
        return status;
    }
    *out = root;
    return RS_OK;
}
