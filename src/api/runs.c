/* SPDX-License-Identifier: Apache-2.0 */
/* runs.c - the bundles of a folder. */
#include "bundle/runs.h"
#include "api/internal.h"

static rs_status hand_over(rs_status status, json_t *document, char **out, rs_error *err)
{
    rs_buf text = {0};
    *out = NULL;
    RS_THEN(status, rs_json_print(document, &text, err));
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    *out = text.bytes; /* the buffer's block becomes the caller's */
    return RS_OK;
}

rs_status rs_runs_document(const char *directory, char **out, rs_error *err)
{
    json_t *document = NULL;
    rs_status status = rs_runs_list(directory, &document, err);
    return hand_over(status, document, out, err);
}

rs_status rs_runs_remove(const char *directory, const rs_runs_choice *choice, char **out,
                         rs_error *err)
{
    json_t *document = NULL;
    const rs_runs_filter filter = {.n_kept = choice->n_kept,
                                   .n_older_seconds = choice->n_older_seconds,
                                   .is_dry = choice->is_dry};
    rs_status status = rs_runs_prune(directory, &filter, &document, err);
    return hand_over(status, document, out, err);
}
