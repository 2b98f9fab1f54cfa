/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include "compare/diff.h"

rs_status rs_bundle_diff(const char *before, const char *after, const rs_stop *stop, char **out,
                         rs_error *err)
{
    json_t *document = NULL;
    rs_buf text = {0};
    *out = NULL;
    rs_status status = rs_diff(before, after, rs_stop_flag(stop), &document, err);
    RS_THEN(status, rs_json_print(document, &text, err));
    if (status == RS_OK) {
        *out = text.bytes; /* rs_text_free() gives it back */
        text = (rs_buf){0};
    }
    json_decref(document);
    rs_buf_release(&text);
    return status;
}
