/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

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
    rs_status status = rs_reader_new_for_users(path, &bundle->reader, err);
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
    RS_TRY(ask_it(bundle->reader, &asked, &document, err));
    rs_status status = rs_json_print(document, &text, err);
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

rs_status rs_bundle_check(const char *path, rs_finding_fn report, void *context, uint64_t *n_checks,
                          uint64_t *n_findings, rs_error *err)
{
    finder self = {report, context};
    uint64_t checks = 0;
    uint64_t findings = 0;
    const rs_doctor_config config = {.path = path,
                                     .n_workers = rs_processors(),
                                     .crew = rs_workers_run,
                                     .report = hand_on_finding,
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
