/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/doctor.h"
#include "explain/explain.h"
#include "run/workers.h"

rs_status rs_bundle_open(const char *path, rs_bundle **out, rs_error *err)
{
    *out = NULL;
    rs_bundle *bundle = rs_alloc_zero(1, sizeof *bundle);
    if (bundle == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open bundle %s: out of memory", path);
    }
    rs_status status = rs_reader_new_for_users(path, &bundle->stop.is_raised, &bundle->reader, err);
    if (status != RS_OK) {
        rs_bundle_free(bundle);
        return status;
    }
    *out = bundle;
    return RS_OK;
}

void rs_bundle_free(rs_bundle *bundle)
{
    if (bundle != NULL) {
        rs_reader_free(bundle->reader);
        rs_free(bundle);
    }
}

void rs_bundle_cancel(rs_bundle *bundle)
{
    rs_stop_raise(&bundle->stop);
}

const char *rs_bundle_path(const rs_bundle *bundle)
{
    return rs_buf_text(&bundle->reader->directory);
}

const char *rs_bundle_manifest(const rs_bundle *bundle)
{
    return rs_buf_text(&bundle->reader->manifest_text);
}

/* --- explanations --- */

/* at has room for the address. */
static rs_explain_question ask(const rs_question *question, rs_explain_address *at)
{
    const rs_edge_address *address = question->address;
    if (address != NULL) {
        *at = (rs_explain_address){
            .kind = address->kind,
            .src = address->src,
            .dst = address->dst,
            .start_byte = !address->has_start_byte          ? -1
                          : address->start_byte > INT64_MAX ? INT64_MAX
                                                            : (int64_t)address->start_byte,
        };
    }
    return (rs_explain_question){
        .has_edge = question->has_edge,
        .edge_id = question->edge_id,
        .address = address != NULL ? at : NULL,
        .path = question->path,
        .line = question->line > INT64_MAX ? INT64_MAX : (int64_t)question->line,
        .column = !question->has_column              ? -1
                  : question->column > INT64_MAX / 2 ? INT64_MAX / 2
                                                     : (int64_t)question->column,
        .is_call = question->is_call,
        .kind = question->kind,
        .to = question->to,
        .n_most = question->max_edges,
        .source_directory = question->source_directory,
        .rules_directory = question->rules_directory,
    };
}

/* Whether a dataset has an id of that name. */
static bool is_id_of(const rs_dataset *dataset, const char *name)
{
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (dataset->columns[i].entity != NULL && strcmp(dataset->columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a number is an id: by its member's name; a pack's own columns by what readers would round. */
static bool is_id(const char *name, int64_t number)
{
    static const int64_t exact = INT64_C(1) << 53;
    bool found = number > exact || number < -exact || strcmp(name, "edge_id") == 0;
    for (size_t i = 0; !found && i < RS_N_EVIDENCE; i++) {
        found = is_id_of(rs_dataset_get((rs_dataset_id)i), name);
    }
    for (size_t i = 0; !found && i < RS_N_GRAPH; i++) {
        found = is_id_of(rs_graph_dataset_get((rs_graph_dataset_id)i), name);
    }
    return found;
}

static void set_id_texts(json_t *object, json_t *todo, bool *failed)
{
    const char *name = NULL;
    json_t *value = NULL;
    char text[32];
    json_object_foreach(object, name, value)
    {
        if (json_is_integer(value) && is_id(name, (int64_t)json_integer_value(value))) {
            (void)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            *failed = json_object_set_new(object, name, json_string(text)) != 0 || *failed;
        } else if (json_is_object(value) || json_is_array(value)) {
            *failed = json_array_append(todo, value) != 0 || *failed;
        }
    }
}

/* Ids as texts, all over a document: many readers of JSON round them. */
static bool make_ids_texts(json_t *document)
{
    json_t *todo = json_array();
    bool failed = todo == NULL || json_array_append(todo, document) != 0;
    for (size_t i = 0; i < json_array_size(todo) && !failed; i++) {
        json_t *of = json_array_get(todo, i);
        if (json_is_object(of)) {
            set_id_texts(of, todo, &failed);
        }
        for (size_t k = 0; k < json_array_size(of); k++) {
            failed = json_array_append(todo, json_array_get(of, k)) != 0 || failed;
        }
    }
    json_decref(todo);
    return !failed;
}

typedef rs_status (*explain_fn)(const rs_reader *reader, const rs_explain_question *question,
                                json_t **out, rs_error *err);

static rs_status answer(rs_bundle *bundle, const rs_question *question, explain_fn ask_it,
                        char **out, rs_error *err)
{
    rs_explain_address at = {0};
    const rs_explain_question asked = ask(question, &at);
    json_t *document = NULL;
    rs_buf text = {0};
    rs_session_set_timeout(bundle->reader->session, 0); /* of a query */
    rs_status status = ask_it(bundle->reader, &asked, &document, err);
    status = rs_reader_settle(bundle->reader, status, err);
    if (status != RS_OK) {
        json_decref(document);
        return status;
    }
    status = make_ids_texts(document) ? rs_json_print(document, &text, err)
                                      : rs_error_set(err, RS_ERR_NOMEM, "explain: out of memory");
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    *out = text.bytes;
    return RS_OK;
}

rs_status rs_bundle_why(rs_bundle *bundle, const rs_question *question, char **out, rs_error *err)
{
    *out = NULL;
    if (!question->has_edge && question->address == NULL && question->path == NULL &&
        question->kind == NULL) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "explain: neither an edge nor a place nor a kind is given");
    }
    return answer(bundle, question, rs_explain_why, out, err);
}

rs_status rs_bundle_why_not(rs_bundle *bundle, const rs_question *question, char **out,
                            rs_error *err)
{
    *out = NULL;
    if (question->path == NULL) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: no place is given");
    }
    return answer(bundle, question, rs_explain_why_not, out, err);
}

/* --- checks --- */

typedef struct finder {
    rs_finding_fn report;
    void *context;
} finder;

static void hand_on_finding(const char *check, const char *object, const char *message,
                            void *context)
{
    const finder *self = context;
    const rs_finding finding = {.check = check, .object = object, .message = message};
    self->report(&finding, self->context);
}

rs_status rs_bundle_check(const char *path, rs_finding_fn report, void *context,
                          const rs_stop *stop, uint64_t *n_checks, uint64_t *n_findings,
                          rs_error *err)
{
    finder self = {report, context};
    uint64_t checks = 0;
    uint64_t findings = 0;
    const rs_doctor_config config = {.path = path,
                                     .n_workers = rs_processors(),
                                     .crew = rs_workers_run,
                                     .report = hand_on_finding,
                                     .stop = rs_stop_flag(stop),
                                     .context = &self};
    rs_status status = rs_doctor_run(&config, &checks, &findings, err);
    if (n_checks != NULL) {
        *n_checks = checks;
    }
    if (n_findings != NULL) {
        *n_findings = findings;
    }
    return status;
}
