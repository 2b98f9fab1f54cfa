/* SPDX-License-Identifier: Apache-2.0 */
#include "run/params.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "engine/footer.h"
#include "kernels/param_signature.h"
#include "rules/fields.h"
#include "rules/rules.h"
#include "run/draft.h"
#include "run/param_file.h"
#include "run/plan.h"
#include "run/sessions.h"
#include "run/sql_texts.h"

void rs_params_release(void *state)
{
    rs_params *params = state;
    for (size_t i = 0; i < params->n_items; i++) {
        rs_table_vec *chunks = &params->items[i].chunks;
        for (size_t c = 0; c < chunks->n_items; c++) {
            rs_table_release(&chunks->items[c]);
        }
        rs_table_vec_release(chunks);
    }
    rs_free(params->items);
}

/* --- values --- */

/* Take table (taken, also on failure) as a further chunk. */
static rs_status add_chunk(rs_param_values *values, rs_table *table, rs_error *err)
{
    if (!rs_table_vec_push(&values->chunks, *table)) {
        rs_table_release(table);
        return rs_error_set(err, RS_ERR_NOMEM, "load values: out of memory");
    }
    *table = (rs_table){0};
    return RS_OK;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n_text = strlen(text);
    size_t n_end = strlen(end);
    return n_text > n_end && strcasecmp(text + n_text - n_end, end) == 0;
}

typedef rs_status (*read_fn)(rs_str text, const char *name, rs_param_column *column, rs_error *err);

static rs_status read_text(const char *path, read_fn read, rs_param_column *column, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_files_read(path, RS_PARAM_MAX_FILE_BYTES, &text, err);
    RS_THEN(status, read(rs_buf_str(&text), path, column, err));
    rs_buf_release(&text);
    return status;
}

/* Texts go into column, a Parquet file becomes a chunk of its own. */
static rs_status read_file(const char *path, rs_param_values *values, rs_param_column *column,
                           rs_error *err)
{
    if (ends_with(path, ".csv")) {
        return read_text(path, rs_param_read_csv, column, err);
    }
    if (ends_with(path, ".json")) {
        return read_text(path, rs_param_read_json, column, err);
    }
    if (!ends_with(path, ".parquet")) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: expected a file .csv, .json or .parquet",
                            path);
    }
    rs_table table = {0};
    RS_TRY(rs_param_read_parquet(path, values->param, &table, err));
    return add_chunk(values, &table, err);
}

static rs_status read_source(const rs_param_source *source, rs_param_values *values,
                             rs_param_column *column, rs_error *err)
{
    values->is_given = true;
    if (source->is_file) {
        return read_file(source->text, values, column, err);
    }
    const rs_cell cell = {.kind = source->text == NULL ? RS_CELL_NULL : RS_CELL_ANY,
                          .text = source->text == NULL ? (rs_str){0} : rs_str_of(source->text)};
    return rs_param_column_add(column, &cell, err);
}

/* All sources of a name, one behind the other: their order will not be seen. */
static rs_status read_sources(const rs_run_options *options, rs_param_values *values, rs_error *err)
{
    const char *name = values->param->name;
    rs_param_column column = {0};
    rs_status status = rs_param_column_begin(&column, values->param, err);
    for (size_t i = 0; i < options->n_params && status == RS_OK; i++) {
        if (strcmp(options->params[i].name, name) == 0) {
            status = read_source(&options->params[i], values, &column, err);
        }
    }
    RS_THEN(status, rs_param_column_finish(&column, err));
    if (status != RS_OK) {
        rs_table_release(&column.table);
        return rs_error_prefix(err, status, "param %s", name);
    }
    return add_chunk(values, &column.table, err);
}

static rs_status sign_chunk(rs_param_signer *signer, const rs_table *chunk, rs_error *err)
{
    struct ArrowArrayView rows;
    rs_status status = rs_table_open(chunk, &rows, err);
    RS_THEN(status, rs_param_signer_add(signer, rows.children[0], err));
    ArrowArrayViewReset(&rows);
    return status;
}

static rs_status sign(rs_param_values *values, rs_error *err)
{
    const rs_param_table *param = values->param;
    if (!values->is_given) {
        return rs_param_missing_signature(param->name, param->type, values->signature, err);
    }
    rs_param_signer signer = {.type = param->column->type};
    rs_status status = RS_OK;
    for (size_t i = 0; i < values->chunks.n_items && status == RS_OK; i++) {
        status = sign_chunk(&signer, &values->chunks.items[i], err);
    }
    values->n_values = signer.hashes.n_items;
    values->n_nulls = signer.n_nulls;
    RS_THEN(status,
            rs_param_signer_finish(&signer, param->name, param->type, values->signature, err));
    rs_param_signer_release(&signer);
    return status;
}

/* --- what must not be --- */

static rs_status check_names(const rs_rules *rules, const rs_run_options *options, rs_error *err)
{
    for (size_t i = 0; i < options->n_params; i++) {
        rs_nearest nearest = {.name = rs_str_of(options->params[i].name)};
        bool is_declared = false;
        for (size_t p = 0; p < rs_rules_n_params(rules); p++) {
            const char *name = rs_rules_param(rules, p)->name;
            is_declared = is_declared || strcmp(name, options->params[i].name) == 0;
            rs_nearest_offer(&nearest, name);
        }
        if (!is_declared) {
            const char *best = nearest.best;
            return rs_error_set(err, RS_ERR_INVALID,
                                "param %.60s: no pack declares it under params:%s%s%s",
                                options->params[i].name, best != NULL ? "; did you mean " : "",
                                best != NULL ? best : "", best != NULL ? "?" : "");
        }
    }
    return RS_OK;
}

/* The first rule in order that reads the table; NULL for none. */
static const rs_plan *first_reader(const rs_rules *rules, const rs_param_table *param,
                                   rs_place *place)
{
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        for (const rs_param_use *use = rule->param_uses; use != NULL; use = use->next) {
            if (use->param == param) {
                *place = use->place;
                return rule;
            }
        }
    }
    return NULL;
}

/* A table may be declared so that it has to be given, or has to hold something. */
static rs_status check_presence(const rs_rules *rules, const rs_param_values *values, rs_error *err)
{
    const rs_param_table *param = values->param;
    rs_place place = {0};
    const rs_plan *reader = first_reader(rules, param, &place);
    if (!values->is_given && param->required && reader != NULL) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "param %s: expected values, found none given; rule %s needs them "
                            "(%s:%u:%u), %s:%u declares them required",
                            param->name, reader->name, place.file, (unsigned)place.line,
                            (unsigned)place.column, param->place.file, (unsigned)param->place.line);
    }
    if (values->is_given && values->n_values == 0 && param->empty == RS_PARAM_EMPTY_REFUSED) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "param %s: expected at least one value, found an empty table, which "
                            "%s:%u refuses",
                            param->name, param->place.file, (unsigned)param->place.line);
    }
    return RS_OK;
}

rs_status rs_params_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_params *params = state;
    const rs_rules *rules = rs_run_rules(pipeline);
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_values);
    size_t n_params = rs_rules_n_params(rules);
    (void)parts;
    RS_TRY(check_names(rules, options, err));
    params->items = rs_alloc_zero(n_params + 1, sizeof *params->items);
    if (params->items == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "load values: out of memory");
    }
    params->n_items = n_params;
    for (size_t i = 0; i < n_params; i++) {
        rs_param_values *values = &params->items[i];
        values->param = rs_rules_param(rules, i);
        RS_TRY(read_sources(options, values, err));
        RS_TRY(sign(values, err));
        RS_TRY(check_presence(rules, values, err));
        rs_run_cost(pipeline)->n_rows += values->n_values;
    }
    return RS_OK;
}

const rs_param_values *rs_run_param(const rs_pipeline *pipeline, const rs_param_table *param)
{
    const rs_param_values *values = rs_run_params(pipeline)->items;
    RS_ASSERT(rs_run_params(pipeline)->n_items > 0); /* every table that is declared has a row */
    while (values->param != param) {
        values++;
    }
    return values;
}

/* --- tables of the engine --- */

static void add_chunk_name(size_t number, rs_buf *out)
{
    rs_buf_addf(out, "relspec_param_%zu", number);
}

/* The table of the distinct values of chunks that are temporary tables. */
static void add_table_sql(const rs_param_values *values, rs_buf *sql)
{
    const rs_column *column = values->param->column;
    bool is_float = column->type == RS_TYPE_F32 || column->type == RS_TYPE_F64;
    bool is_word = column->type == RS_TYPE_ENUM;
    rs_buf chunks = {0};
    rs_buf name = {0};
    for (size_t i = 0; i < values->chunks.n_items; i++) {
        rs_buf_reset(&name);
        add_chunk_name(i, &name);
        rs_buf_add(&chunks, i == 0 ? "" : ", ");
        rs_buf_add_sql_literal(&chunks, rs_buf_str(&name));
    }
    const rs_sql_arg args[] = {
        {.name = "table", .word = values->param->table},
        {.name = "column", .word = column->name},
        {.name = "type", .word = is_word ? column->words->name : rs_type_sql_name(column->type)},
        {.name = "chunks", .form = RS_SQL_EXPR, .word = rs_buf_text(&chunks)}};
    rs_sql_add(is_float ? &rs_sql_run_given_floats : &rs_sql_run_given_values, args, 4, sql);
    sql->failed = sql->failed || name.failed || chunks.failed;
    rs_buf_release(&name);
    rs_buf_release(&chunks);
}

/* Move the chunks into one table of the engine. */
static rs_status make_table(rs_session *session, rs_param_values *values, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf name = {0};
    rs_status status = RS_OK;
    add_table_sql(values, &sql);
    for (size_t i = 0; i < values->chunks.n_items && status == RS_OK; i++) {
        rs_buf_reset(&name);
        add_chunk_name(i, &name);
        status = rs_buf_check(&name, err);
        RS_THEN(status, rs_session_add_table(session, name.bytes, &values->chunks.items[i], err));
    }
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_session_execute(session, values->param->table, sql.bytes, err));
    for (size_t i = 0; i < values->chunks.n_items && status == RS_OK; i++) {
        rs_buf_reset(&name);
        add_chunk_name(i, &name);
        status = rs_session_drop_table(session, rs_buf_text(&name), err);
    }
    for (size_t i = 0; i < values->chunks.n_items; i++) {
        rs_table_release(&values->chunks.items[i]);
    }
    rs_table_vec_reset(&values->chunks);
    rs_buf_release(&name);
    rs_buf_release(&sql);
    return status;
}

/* The values that nodes of this file change: those in the engine, those in files. */
static rs_params *own_params(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_param_values);
}

rs_status rs_param_tables_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_params *params = own_params(pipeline);
    rs_session *session = rs_run_session(pipeline, 0);
    (void)state;
    (void)parts;
    for (size_t i = 0; i < params->n_items; i++) {
        RS_TRY(make_table(session, &params->items[i], err));
    }
    return RS_OK;
}

/* --- files --- */

static rs_status write_rows(const rs_pipeline *pipeline, const rs_param_values *values,
                            const char *path, rs_parquet_tally *tally, rs_parquet_written *written,
                            rs_error *err)
{
    const rs_param_table *param = values->param;
    rs_footer footer;
    rs_buf sql = {0};
    rs_footer_init(
        &footer, param->dataset,
        &(rs_footer_order){.level = "explicit", .keys = param->column->name, .tier = "canonical"});
    rs_footer_add(&footer, "relspec.param_signature", values->signature);
    const rs_sql_arg args[] = {
        {.name = "column", .word = param->column->name},
        {.name = "type", .form = RS_SQL_EXPR, .word = rs_type_sql_name(param->column->type)},
        {.name = "table", .word = param->table}};
    rs_sql_add(&rs_sql_run_values_in_order, args, 3, &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        const rs_column *columns = param->dataset->columns;
        const char *const names[] = {columns[0].name, columns[1].name};
        const rs_engine_file file = {.label = param->table,
                                     .sql = sql.bytes,
                                     .names = names,
                                     .n_names = 2,
                                     .path = path,
                                     .metadata = footer.pairs,
                                     .n_metadata = footer.n_pairs,
                                     .tally = tally};
        status = pipeline->engine_type->write(rs_run_session(pipeline, 0), &file, written, err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status write_param(const rs_pipeline *pipeline, rs_param_values *values, rs_error *err)
{
    rs_draft *draft = rs_run_draft(pipeline);
    rs_buf path = {0};
    size_t dataset = 0;
    size_t number = 0;
    RS_TRY(rs_draft_add_dataset(draft, RS_GROUP_PARAMS, values->param->dataset, &dataset, err));
    RS_TRY(rs_draft_add_file(draft, dataset, &number, err));
    rs_bundle_file *file = &draft->datasets.items[dataset].files[number];
    rs_status status =
        rs_draft_file_path(draft, &draft->datasets.items[dataset], file->number, &path, err);
    rs_parquet_written written = {0};
    RS_THEN(status, write_rows(pipeline, values, path.bytes, file->tally, &written, err));
    rs_bundle_file_set(file, &written);
    values->n_distinct = file->n_rows;
    rs_buf_release(&path);
    return status;
}

rs_status rs_write_params_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_params *params = own_params(pipeline);
    (void)state;
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_param_tables);
    for (size_t i = 0; i < params->n_items; i++) {
        RS_TRY(write_param(pipeline, &params->items[i], err));
        rs_run_cost(pipeline)->n_rows += params->items[i].n_distinct;
    }
    return RS_OK;
}
