/* SPDX-License-Identifier: Apache-2.0 */
#include "run/graph_file.h"

#include <string.h>

#include "base/alloc.h"
#include "graph/stream.h"
#include "run/beside.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate.h"

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

/* Rows that are proved are never rejects. */
static bool has_rows(const writing *self, const rs_group *group)
{
    return !self->of->are_rejects || !group->is_proved;
}

static bool has_any(const writing *self)
{
    for (size_t i = 0; i < self->groups.n_items; i++) {
        if (has_rows(self, &self->groups.items[i]) && is_beside(self, &self->groups.items[i])) {
            return true;
        }
    }
    return false;
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

static rs_status write_select(writing *self, const rs_select *select, rs_error *err)
{
    const rs_sink sink = {.push = push, .context = self, .is_bare = true};
    rs_observation cost = {0};
    RS_TRY(rs_beside_run(self->of->pipeline, self->beside, self->of->worker, select, &sink, &cost,
                         err));
    if (self->of->are_rejects) {
        return RS_OK;
    }
    rs_collector_note_beside(rs_run_collector(self->of->pipeline), select->plan);
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
        status = rs_stream_gate_new(group, self->of->output->dataset, &self->gate, err);
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
        status = pipeline->engine_type->write(rs_run_session(pipeline, self->of->worker), &file,
                                              NULL, err);
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

static rs_status select_parts(const writing *self, rs_error *err)
{
    const rs_pipeline *pipeline = self->of->pipeline;
    size_t range = self->of->range;
    size_t first = 0;
    size_t end = rs_run_evidence(pipeline)->n_parts;
    if (range != RS_RANGE_RUN) {
        first = rs_run_relationships(pipeline)->ranges[range].first_part;
        end = rs_run_relationships(pipeline)->ranges[range].end_part;
    }
    return rs_beside_select(pipeline, self->beside, self->of->worker, first, end, err);
}

static rs_status write_file(writing *self, rs_parquet_written *written, rs_error *err)
{
    const rs_output *output = self->of->output;
    RS_TRY(select_parts(self, err));
    RS_TRY(describe(self, err));
    RS_TRY(rs_parquet_open(self->of->path, self->columns, self->n_columns, output->metadata,
                           output->n_metadata, &self->file, err));
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

rs_status rs_graph_file_write(const rs_graph_file *file, bool *is_done, rs_parquet_written *written,
                              rs_error *err)
{
    writing self = {.of = file, .beside = rs_run_beside(file->pipeline)};
    *is_done = false;
    if (self.beside->type == NULL) {
        return RS_OK;
    }
    rs_status status = rs_gate_group(rs_run_rules(file->pipeline), file->output->dataset,
                                     wave_of(file->range), file->left_out, &self.groups, err);
    if (status == RS_OK && has_any(&self)) {
        status = write_or_not(&self, written, err);
        *is_done = status == RS_OK;
    }
    rs_parquet_free(self.file);
    rs_free(self.room);
    rs_free(self.validity);
    rs_free(self.sets);
    rs_gate_release(&self.groups);
    return status;
}
