/* SPDX-License-Identifier: Apache-2.0 */
#include "output/format.h"

#include <string.h>

#define RS_FORMAT(name) &rs_format_##name,
static const rs_format_row *const formats[] = {
#include "output/formats.def"
};

enum { N_FORMATS = sizeof formats / sizeof formats[0] };

const rs_format_row *const *rs_format_rows(size_t *n_formats)
{
    *n_formats = N_FORMATS;
    return formats;
}

static rs_status refuse(const char *name, bool wants_graph, rs_error *err)
{
    rs_buf names = {0};
    for (size_t i = 0; i < N_FORMATS; i++) {
        if ((formats[i]->write_graph != NULL) == wants_graph) {
            rs_buf_addf(&names, " %s", formats[i]->name);
        }
    }
    rs_error_set(err, RS_ERR_INVALID, "format %s: one of these is wanted:%s", name,
                 rs_buf_text(&names));
    rs_buf_release(&names);
    return RS_ERR_INVALID;
}

rs_status rs_format_find(const char *name, bool wants_graph, const rs_format_row **out,
                         rs_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < N_FORMATS; i++) {
        if ((formats[i]->write_graph != NULL) == wants_graph &&
            strcmp(formats[i]->name, name) == 0) {
            *out = formats[i];
            return RS_OK;
        }
    }
    return refuse(name, wants_graph, err);
}
