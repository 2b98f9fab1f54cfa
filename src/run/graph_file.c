/* SPDX-License-Identifier: Apache-2.0 */
#include "run/graph_file.h"

#include <string.h>

#include "base/alloc.h"
#include "graph/stream.h"
#include "run/beside.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate.h"

/* Rows of derivations on their way: column by column. */
typedef struct derived_rows {
    size_t n_rows;
    int64_t edges[RS_FRAME_ROWS];
    rs_str rules[RS_FRAME_ROWS];
    rs_str relationship_rules[RS_FRAME_ROWS];
    int32_t indices[RS_FRAME_ROWS];
    rs_str datasets[RS_FRAME_ROWS];
    int64_t ids[RS_FRAME_ROWS];
} derived_rows;

/* A file on its way, and room for what frames have otherwise than it: texts by number, rows that it does not
 * take. */
typedef struct writing {
    const rs_graph_file *of;
    rs_beside *beside;
    rs_group_vec groups;
    rs_parquet *file;
    const char *names[RS_PLAN_MAX_COLUMNS + 1];
    rs_parquet_column columns[RS_PLAN_MAX_COLUMNS + 1]; /* and why a row is kept out */
    size_t n_columns;
    rs_parquet_vector vectors[RS_PLAN_MAX_COLUMNS + 1];
    derived_rows *derived; /* of derivations, which are written of edges; NULL: of anything else */
    const rs_plan *failed; /* rule of the engine beside */
    const rs_plan *last_rule; /* that gave rows, and when it was done */
    uint64_t last_ended_ns;
    rs_stream_gate *gate; /* of the group at hand; NULL: its rows are proved */
    rs_str reasons[RS_FRAME_ROWS];
    uint32_t picked[RS_FRAME_ROWS];
    rs_str *room; /* RS_FRAME_ROWS of any type a column */
    uint64_t (*validity)[RS_FRAME_ROWS / 64];
    rs_str *sets; /* words of columns, one set behind the other */
} writing;

static rs_wave wave_of(size_t range)
{
    return range == RS_RANGE_RUN ? RS_WAVE_RUN : RS_WAVE_FILE;
}

static rs_status out_of_memory(const writing *self, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->of->label);
}

/* --- which groups --- */

/* The engine beside runs all rules of a group. */
static bool is_beside(const writing *self, const rs_group *group)
{
    bool all = true;
    for (size_t i = 0; i < group->selects.n_items && all; i++) {
        all = rs_beside_takes(self->beside, group->selects.items[i]->plan);
    }
    return all;
}

static bool are_derivations(const rs_output *output)
{
    return output->dataset == rs_graph_dataset_get(RS_G_derivations);
}

/* The dataset whose rows the groups have. */
static const rs_dataset *gated_by(const rs_output *output)
{
    return are_derivations(output) ? rs_graph_dataset_get(RS_G_edges) : output->dataset;
}

/* Rows that are proved are never rejects; derivations are those of joined rows. */
static bool has_rows(const writing *self, const rs_group *group)
{
    return are_derivations(self->of->output) ? group->is_derived
                                             : !self->of->are_rejects || !group->is_proved;
}

/* --- columns --- */

static void add_words(const rs_words *words, rs_str **room, rs_parquet_column *column)
{
    column->words = *room;
    column->n_words = words->n_words;
    for (size_t i = 0; i < words->n_words; i++) {
        *(*room)++ = rs_str_of(words->words[i]);
    }
}

/* As the SQL engine has them: a text of which the plan knows all words is one of a set. */
static rs_status describe(writing *self, rs_error *err)
{
    const rs_output *output = self->of->output;
    const rs_graph_plan *plan = rs_run_graph_plan(self->of->pipeline);
    const rs_kinds *kinds = rs_rules_kinds(rs_run_rules(self->of->pipeline));
    size_t n_words = 0;
    size_t n_own = output->dataset->n_columns;
    self->n_columns = rs_output_names(output, self->of->are_rejects, self->names);
    RS_ASSERT(self->n_columns == n_own + self->of->are_rejects);
    for (size_t i = 0; i < n_own; i++) {
        const rs_words *words = rs_kinds_words(kinds, output->dataset->columns[i].words);
        n_words += words != NULL ? words->n_words : 0;
    }
    self->room = rs_alloc(self->n_columns, RS_FRAME_ROWS * sizeof *self->room);
    self->validity = rs_alloc(self->n_columns, sizeof *self->validity);
    self->sets = rs_alloc(n_words + 1, sizeof *self->sets);
    if (self->room == NULL || self->validity == NULL || self->sets == NULL) {
        return out_of_memory(self, err);
    }
    rs_str *room = self->sets;
    self->columns[n_own] = (rs_parquet_column){.name = self->names[n_own], .type = RS_TYPE_STR};
    for (size_t i = 0; i < n_own; i++) {
        const rs_column *from = &output->dataset->columns[i];
        rs_parquet_column *to = &self->columns[i];
        *to = (rs_parquet_column){.name = from->name, .type = from->type};
        if (from->words != NULL) {
            add_words(rs_kinds_words(kinds, from->words), &room, to);
        } else if (from->type == RS_TYPE_STR &&
                   rs_graph_plan_words(plan, output->dataset, i, &to->words, &to->n_words)) {
            to->type = RS_TYPE_ENUM;
        }
    }
    return RS_OK;
}

/* --- rows of the engine beside --- */

/* A text's number among the words of its column; RS_ENUM_NULL for none. */
static uint8_t word_of(const rs_parquet_column *column, rs_str text)
{
    for (size_t i = 0; i < column->n_words && text.bytes != NULL; i++) {
        if (rs_str_equal(column->words[i], text)) {
            return (uint8_t)i;
        }
    }
    return RS_ENUM_NULL;
}

static void take_texts(writing *self, size_t index, const rs_vector *from, const uint32_t *picked,
                       size_t n, rs_parquet_vector *to)
{
    const rs_parquet_column *column = &self->columns[index];
    rs_str *texts = self->room + index * RS_FRAME_ROWS;
    uint8_t *words = (uint8_t *)(void *)texts;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = ((const uint32_t *)from->values)[picked != NULL ? picked[i] : i];
        rs_str text = rs_strings_text(from->strings, number);
        if (column->type == RS_TYPE_STR) {
            texts[i] = text;
        } else {
            words[i] = word_of(column, text);
        }
    }
    to->values = texts;
    to->validity = NULL;
}

/* Some rows of a column of anything but texts. */
static void pick_values(writing *self, size_t index, const rs_vector *from, const uint32_t *picked,
                        size_t n, rs_parquet_vector *to)
{
    char *values = (char *)(void *)(self->room + index * RS_FRAME_ROWS);
    size_t n_bytes = rs_type_bytes(from->type);
    to->values = values;
    for (size_t i = 0; i < n; i++) {
        memcpy(values + i * n_bytes, (const char *)from->values + picked[i] * n_bytes, n_bytes);
    }
    if (from->validity == NULL) {
        return;
    }
    memset(self->validity[index], 0, sizeof self->validity[index]);
    for (size_t i = 0; i < n; i++) {
        self->validity[index][i / 64] |= (uint64_t)!rs_vector_is_null(from, picked[i]) << (i % 64);
    }
    to->validity = self->validity[index];
    to->first_bit = 0;
}

/* picked: rows that the file takes; NULL: all. */
static void convert(writing *self, size_t index, const rs_vector *from, const uint32_t *picked,
                    size_t n)
{
    rs_parquet_vector *to = &self->vectors[index];
    bool is_flat = from->form == RS_FORM_FLAT;
    *to = (rs_parquet_vector){.form = from->form,
                              .values = from->values,
                              .validity = from->validity,
                              .first_bit = from->first_bit};
    if (from->type == RS_TYPE_STR && from->form != RS_FORM_NULL) {
        take_texts(self, index, from, is_flat ? picked : NULL, is_flat ? n : 1, to);
    } else if (is_flat && picked != NULL) {
        pick_values(self, index, from, picked, n, to);
    }
}

/* Why rows are kept out, behind the columns. */
static void set_reasons(writing *self, size_t n)
{
    rs_str *reasons = self->room + (self->n_columns - 1) * RS_FRAME_ROWS;
    for (size_t i = 0; i < n; i++) {
        reasons[i] = self->reasons[self->picked[i]];
    }
    self->vectors[self->n_columns - 1] =
        (rs_parquet_vector){.form = RS_FORM_FLAT, .values = reasons};
}

/* The rows of a frame that the file takes: good ones, or the others. */
static rs_status pick(writing *self, const rs_frame *frame, size_t *n, rs_error *err)
{
    *n = 0;
    RS_TRY(rs_stream_gate_judge(self->gate, frame, self->reasons, err));
    for (size_t i = 0; i < frame->n_rows; i++) {
        self->picked[*n] = (uint32_t)i;
        *n += (self->reasons[i].n_bytes > 0) == self->of->are_rejects;
    }
    return RS_OK;
}

static rs_status push(void *context, const rs_frame *frame, rs_error *err)
{
    writing *self = context;
    size_t n = frame->n_rows;
    if (self->gate != NULL) {
        RS_TRY(pick(self, frame, &n, err));
    }
    if (n == 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < frame->n_columns; i++) {
        convert(self, i, &frame->columns[i], n < frame->n_rows ? self->picked : NULL, n);
    }
    if (self->of->are_rejects) {
        set_reasons(self, n);
    }
    return rs_parquet_push(self->file, self->vectors, n, err);
}

/* --- derivations of edges --- */

static rs_status flush_derived(writing *self, rs_error *err)
{
    derived_rows *rows = self->derived;
    const void *const values[] = {rows->edges,   rows->rules,    rows->relationship_rules,
                                  rows->indices, rows->datasets, rows->ids};
    size_t n_rows = rows->n_rows;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        self->vectors[i] = (rs_parquet_vector){.form = RS_FORM_FLAT, .values = values[i]};
    }
    rows->n_rows = 0;
    return n_rows > 0 ? rs_parquet_push(self->file, self->vectors, n_rows, err) : RS_OK;
}

static rs_str text_or_null(const rs_vector *column, size_t row)
{
    return rs_vector_is_null(column, row) ? (rs_str){.bytes = NULL} : rs_vector_text(column, row);
}

static int64_t edge_id_of(const writing *self, const rs_frame *frame, size_t row)
{
    const rs_vector *kind = &frame->columns[RS_C_edges_kind];
    const rs_words *words =
        rs_kinds_words(rs_rules_kinds(rs_run_rules(self->of->pipeline)), kind->words);
    const rs_vector *start = &frame->columns[RS_C_edges_start_byte];
    int64_t start_byte = rs_vector_is_null(start, row) ? 0 : rs_vector_i64(start, row);
    return rs_edge_id(rs_str_of(words->words[rs_vector_i64(kind, row)]),
                      rs_vector_i64(&frame->columns[RS_C_edges_src], row),
                      rs_vector_i64(&frame->columns[RS_C_edges_dst], row),
                      rs_vector_is_null(start, row) ? NULL : &start_byte);
}

/* A row for each row of evidence behind an edge. */
static rs_status derive(writing *self, const rs_frame *frame, size_t row, rs_error *err)
{
    derived_rows *to = self->derived;
    size_t first = row > 0 ? frame->lineage->ends[row - 1] : 0;
    size_t end = frame->lineage->ends[row];
    int64_t edge_id = end > first ? edge_id_of(self, frame, row) : 0;
    for (size_t i = first; i < end; i++) {
        size_t at = to->n_rows++;
        const rs_origin *origin = &frame->lineage->origins[i];
        to->edges[at] = edge_id;
        to->rules[at] = text_or_null(&frame->columns[RS_C_edges_rule_name], row);
        to->relationship_rules[at] =
            text_or_null(&frame->columns[RS_C_edges_relationship_rule], row);
        to->indices[at] = (int32_t)(i - first);
        to->datasets[at] = rs_str_of(rs_dataset_get((rs_dataset_id)origin->dataset)->name);
        to->ids[at] = origin->id;
        RS_TRY(to->n_rows == RS_FRAME_ROWS ? flush_derived(self, err) : RS_OK);
    }
    return RS_OK;
}

/* Texts of a frame are there until it is pushed. */
static rs_status push_derived(void *context, const rs_frame *frame, rs_error *err)
{
    writing *self = context;
    if (self->gate != NULL) {
        RS_TRY(rs_stream_gate_judge(self->gate, frame, self->reasons, err));
    }
    for (size_t row = 0; row < frame->n_rows; row++) {
        if (self->gate == NULL || self->reasons[row].n_bytes == 0) {
            RS_TRY(derive(self, frame, row, err));
        }
    }
    return flush_derived(self, err);
}

/* --- a rule's rows --- */

static rs_status write_select(writing *self, const rs_select *select, rs_error *err)
{
    bool is_derived = self->derived != NULL;
    const rs_sink sink = {
        .push = is_derived ? push_derived : push, .context = self, .is_bare = !is_derived};
    rs_observation cost = {0};
    rs_status status = rs_beside_run(self->of->pipeline, self->beside, self->of->worker, select,
                                     &sink, &cost, err);
    if (status != RS_OK || self->of->are_rejects || is_derived) {
        self->failed = status == RS_ERR_ENGINE ? select->plan : NULL;
        return status;
    }
    bool goes_on = self->last_rule == select->plan; /* a rule's selects are one span of time */
    if (self->of->rules != NULL) {
        rs_observation_add(&self->of->rules[select->plan->number],
                           goes_on ? self->last_ended_ns : cost.started_ns, cost.ended_ns,
                           cost.n_rows);
    }
    self->last_rule = select->plan;
    self->last_ended_ns = cost.ended_ns;
    return RS_OK;
}

static rs_status write_group(writing *self, const rs_group *group, rs_error *err)
{
    rs_status status = RS_OK;
    if (!group->is_proved) {
        status = rs_stream_gate_new(group, gated_by(self->of->output), &self->gate, err);
    }
    for (size_t i = 0; i < group->selects.n_items && status == RS_OK; i++) {
        status = write_select(self, group->selects.items[i], err);
    }
    rs_stream_gate_free(self->gate);
    self->gate = NULL;
    return status;
}

/* --- rows of the SQL engine --- */

static rs_status write_sql(writing *self, size_t first, size_t n, rs_error *err)
{
    const rs_pipeline *pipeline = self->of->pipeline;
    const rs_group_vec some = {self->groups.items + first, n, n};
    rs_buf sql = {0};
    rs_status status =
        rs_graph_plan_add_groups_sql(rs_run_graph_plan(pipeline), rs_run_rules(pipeline),
                                     self->of->output, &some, self->of->are_rejects, &sql, err);
    if (status == RS_OK && sql.n_bytes > 0) {
        const rs_engine_file file = {.label = self->of->label,
                                     .sql = sql.bytes,
                                     .names = self->names,
                                     .n_names = self->n_columns,
                                     .path = self->of->path,
                                     .open = self->file};
        rs_session *session = NULL;
        status = self->of->session(self->of->context, &session, err);
        RS_THEN(status, pipeline->engine_type->write(session, &file, NULL, err));
    }
    rs_buf_release(&sql);
    return status;
}

/* --- all --- */

static rs_status write_groups(writing *self, rs_error *err)
{
    size_t at = 0;
    while (at < self->groups.n_items) {
        const rs_group *group = &self->groups.items[at];
        size_t n = 0;
        if (is_beside(self, group)) {
            RS_TRY(has_rows(self, group) ? write_group(self, group, err) : RS_OK);
            n = 1;
        }
        while (at + n < self->groups.n_items && !is_beside(self, group) &&
               !is_beside(self, &self->groups.items[at + n])) {
            n++;
        }
        if (!is_beside(self, group)) {
            RS_TRY(write_sql(self, at, n, err));
        }
        at += n;
    }
    return RS_OK;
}

static rs_status write_file(writing *self, rs_parquet_written *written, rs_error *err)
{
    const rs_output *output = self->of->output;
    RS_TRY(rs_beside_select(self->of->pipeline, self->beside, self->of->worker, self->of->range,
                            true, err));
    RS_TRY(describe(self, err));
    RS_TRY(rs_parquet_open(self->of->path, self->columns, self->n_columns, output->metadata,
                           output->n_metadata, &self->file, err));
    rs_parquet_set_tally(self->file, self->of->tally);
    RS_TRY(write_groups(self, err));
    return rs_parquet_close(self->file, written, err);
}

/* What the rules of a file that came to nothing were told is taken back. */
static rs_status write_or_not(writing *self, rs_parquet_written *written, rs_error *err)
{
    size_t n_rules = rs_rules_count(rs_run_rules(self->of->pipeline));
    rs_observation *before = NULL;
    if (self->of->rules != NULL) {
        before = rs_alloc(n_rules + 1, sizeof *before);
        if (before == NULL) {
            return out_of_memory(self, err);
        }
        memcpy(before, self->of->rules, n_rules * sizeof *before);
    }
    rs_status status = write_file(self, written, err);
    if (status != RS_OK && before != NULL) {
        memcpy(self->of->rules, before, n_rules * sizeof *before);
    }
    rs_free(before);
    return status;
}

static rs_status open_derived(writing *self, rs_error *err)
{
    if (are_derivations(self->of->output)) {
        self->derived = rs_alloc_zero(1, sizeof *self->derived);
        return self->derived != NULL ? RS_OK : out_of_memory(self, err);
    }
    return RS_OK;
}

rs_status rs_graph_file_write(const rs_graph_file *file, rs_parquet_written *written,
                              const rs_plan **failed, rs_error *err)
{
    writing self = {.of = file, .beside = rs_run_beside(file->pipeline)};
    RS_ASSERT(self.beside->type != NULL);
    rs_status status = open_derived(&self, err);
    if (status == RS_OK && !(are_derivations(file->output) && file->are_rejects)) {
        status = rs_gate_group(rs_run_rules(file->pipeline), gated_by(file->output),
                               wave_of(file->range), file->left_out, &self.groups, err);
    }
    RS_THEN(status, write_or_not(&self, written, err));
    *failed = self.failed;
    rs_parquet_free(self.file);
    rs_free(self.derived);
    rs_free(self.room);
    rs_free(self.validity);
    rs_free(self.sets);
    rs_gate_release(&self.groups);
    return status;
}
