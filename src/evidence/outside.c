/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/outside.h"

#include "base/alloc.h"
#include "modules/module_table.h"

struct rs_outside {
    rs_lens_set set;
    const char *lens; /* the last one of the set; NULL: nothing was read yet */
    uint8_t language;
    rs_extractor *extractor;
    rs_source source;
};

rs_status rs_outside_new(const rs_lens_set *set, rs_outside **out, rs_error *err)
{
    rs_outside *o = rs_alloc_zero(1, sizeof *o);
    *out = o;
    if (o == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "read stubs: out of memory");
    }
    o->set = *set;
    return RS_OK;
}

void rs_outside_free(rs_outside *o)
{
    if (o != NULL) {
        rs_extractor_free(o->extractor);
        rs_source_release(&o->source);
        rs_free(o);
    }
}

static uint8_t language_of(const rs_lens_set *set, const char *lens)
{
    for (uint8_t i = 0; set->languages[i] != NULL; i++) {
        for (const rs_lens *const *at = set->languages[i]->lenses; *at != NULL; at++) {
            if (strcmp((*at)->name, lens) == 0) {
                return i;
            }
        }
    }
    RS_ASSERT(false);
    return 0;
}

/* The lenses up to the one that asks, without what is of the repository's files alone. */
static rs_status begin(rs_outside *o, const char *lens, rs_error *err)
{
    rs_lens_options options = o->set.options;
    if (o->lens != NULL && strcmp(o->lens, lens) == 0) {
        return RS_OK;
    }
    rs_extractor_free(o->extractor);
    o->extractor = NULL;
    o->lens = lens;
    o->language = language_of(&o->set, lens);
    options.scip = NULL;
    options.target.python_minor = rs_module_table_python(options.modules);
    rs_lens_set_init(&o->set, o->set.languages, &options, lens);
    return rs_extractor_new(&o->set, &o->extractor, err);
}

/* The block of the lens that was asked, on its own. */
static rs_status keep(const rs_outside *o, const rs_summaries *summaries, rs_buf *out,
                      rs_error *err)
{
    const rs_file_note *note = &summaries->files.items[0];
    size_t at = 0;
    while (at + 1 < o->set.n_lenses && strcmp(o->set.lenses[at]->name, o->lens) != 0) {
        at++;
    }
    rs_buf_append(out, rs_buf_text(&summaries->bytes[at]) + note->begins[at],
                  note->ends[at] - note->begins[at]);
    return rs_buf_check(out, err);
}

rs_status rs_outside_read(rs_outside *o, const char *lens, uint32_t module, rs_buf *out,
                          rs_error *err)
{
    const rs_module *of = rs_module_get(o->set.options.modules, module);
    rs_str path;
    rs_str text = rs_module_stub(o->set.options.modules, module, &path);
    rs_summaries summaries = {0};
    rs_part part;
    RS_TRY(begin(o, lens, err));
    rs_repo_file file = {.path = path,
                         .display_path = path,
                         .module = of->name,
                         .source_root = RS_STR_LITERAL(""),
                         .size_bytes = (int64_t)text.n_bytes,
                         .is_package = of->is_package,
                         .language = o->language};
    rs_status status = rs_part_init(&part, err);
    RS_THEN(status, rs_source_decode(&o->source, text.bytes, text.n_bytes, err));
    RS_THEN(status, rs_extract_file(o->extractor, &file, &o->source, &part, &summaries, err));
    RS_THEN(status, keep(o, &summaries, out, err));
    rs_summaries_release(&summaries);
    rs_part_release(&part);
    return status;
}
