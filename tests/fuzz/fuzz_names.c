/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the text: what a summary refers to is there; an expression is made of expressions before it;
 * bindings of a slot stand side by side and say which they are of; references go forwards by node,
 * spell a part of the text, and have an expression where their kind has one.
 */
#include <stdlib.h>

#include "evidence/extract.h"
#include "evidence/names/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_list(const names_view *v, uint32_t list, uint32_t n_most, uint32_t step)
{
    require(list < v->n_lists && v->lists[list] < v->n_lists - list);
    uint32_t n;
    const uint32_t *items = names_list(v, list, &n);
    require(n % step == 0);
    for (uint32_t i = 0; i < n; i++) {
        bool is_key = step == 2 && i % 2 == 0;
        require(items[i] < (is_key ? v->n_texts : n_most) || (is_key && items[i] == NAMES_NONE));
    }
}

static void check_expr(const names_view *v, uint32_t i)
{
    const names_expr *e = &v->exprs[i];
    switch (e->op) {
    case NAMES_NAME:
        require(e->a < v->n_texts);
        check_list(v, e->b, v->n_bindings, 1);
        break;
    case NAMES_ATTR:
        require(e->a < i && e->b < v->n_texts);
        break;
    case NAMES_CALL:
        require(e->a < i);
        check_list(v, e->b, i, 2);
        break;
    case NAMES_ITEM:
        require(e->a < i && e->b < i);
        break;
    case NAMES_ELEMENT:
    case NAMES_ITER:
    case NAMES_ENTER:
    case NAMES_AWAIT:
    case NAMES_RAISED:
        require(e->a < i);
        break;
    case NAMES_UNION:
    case NAMES_TUPLE:
        check_list(v, e->b, i, 1);
        break;
    case NAMES_INSTANCE:
        require(e->a < v->n_texts && e->b < v->n_texts);
        break;
    case NAMES_LAMBDA:
        require(e->a < v->n_functions);
        break;
    case NAMES_SUPER:
        require(e->a < v->n_classes && e->b < v->n_functions);
        break;
    case NAMES_MODULE:
        require(e->a < v->n_texts);
        break;
    case NAMES_IMPORTED:
        require(e->a < v->n_bindings);
        break;
    case NAMES_SELF_OF:
        require(e->a < v->n_classes);
        break;
    default:
        require(e->op == NAMES_UNKNOWN && i == 0);
        break;
    }
}

static void check_optional(uint32_t number, uint32_t n)
{
    require(number < n || number == NAMES_NONE);
}

static void check_slots(const names_view *v, uint32_t n_nodes)
{
    uint32_t next = 0;
    for (uint32_t s = 0; s < v->n_slots; s++) {
        const names_slot *slot = &v->slots[s];
        require(slot->name < v->n_texts && slot->first_binding == next && slot->n_bindings > 0);
        check_list(v, slot->exit, v->n_bindings, 1);
        for (uint32_t i = 0; i < slot->n_bindings; i++) {
            const names_binding *b = &v->bindings[next++];
            require(b->slot == s && b->node < n_nodes);
            require(i == 0 || b->node > (b - 1)->node);
            check_optional(b->value, v->n_exprs);
            check_optional(b->annotation, v->n_exprs);
        }
    }
    require(next == v->n_bindings);
}

static void check_definitions(const names_view *v)
{
    for (uint32_t i = 0; i < v->n_functions; i++) {
        const names_function *f = &v->functions[i];
        check_optional(f->binding, v->n_bindings);
        check_optional(f->in_class, v->n_classes);
        check_optional(f->outer_function, i);
        check_optional(f->annotation, v->n_exprs);
        check_list(v, f->params, v->n_bindings, 1);
        check_list(v, f->returns, v->n_exprs, 1);
        check_list(v, f->decorators, v->n_exprs, 1);
    }
    for (uint32_t i = 0; i < v->n_classes; i++) {
        const names_class *c = &v->classes[i];
        check_optional(c->binding, v->n_bindings);
        check_optional(c->outer_class, i);
        check_list(v, c->bases, v->n_exprs, 1);
        check_list(v, c->keywords, v->n_exprs, 2);
        require(c->first_slot + c->n_slots + c->n_instance_slots <= v->n_slots);
    }
    for (uint32_t i = 0; i < v->n_imports; i++) {
        check_optional(v->imports[i].binding, v->n_bindings);
        require(v->imports[i].module < v->n_texts);
    }
    for (uint32_t i = 0; i < v->n_stores; i++) {
        require(v->stores[i].target < v->n_exprs && v->stores[i].name < v->n_texts);
        check_optional(v->stores[i].value, v->n_exprs);
    }
}

static void check_refs(const names_view *v, uint32_t n_nodes, size_t n_bytes)
{
    names_walk walk = {.view = v};
    names_ref ref;
    names_call call;
    uint32_t last = 0;
    while (rs_names_next_ref(&walk, &ref)) {
        bool is_binding = ref.kind == NAMES_REF_STORE || ref.kind == NAMES_REF_DEFINITION;
        require(ref.node >= last && ref.node < n_nodes && ref.kind < NAMES_N_REF_KINDS);
        require(ref.start_byte <= ref.end_byte && ref.end_byte <= n_bytes);
        require(ref.name < v->n_texts && ref.expr < (is_binding ? v->n_bindings : v->n_exprs));
        last = ref.node;
    }
    walk = (names_walk){.view = v};
    last = 0;
    while (rs_names_next_call(&walk, &call)) {
        require(call.node > last && call.call < v->n_exprs);
        last = call.node;
    }
}

static void check_summary(const names_view *v, const rs_part *part, size_t n_bytes)
{
    uint32_t n_nodes = (uint32_t)part->batches[RS_DS_syntax_nodes].n_rows;
    for (uint32_t i = 0; i < v->n_exprs; i++) {
        check_expr(v, i);
    }
    check_slots(v, n_nodes);
    check_definitions(v);
    check_refs(v, n_nodes, n_bytes);
}

static size_t lens_at(const rs_lens_set *set)
{
    size_t at = 0;
    while (strcmp(set->lenses[at]->name, "names") != 0) {
        at++;
    }
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    rs_error err = {0};
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    rs_summaries summaries = {0};
    rs_part part;
    rs_lens_set set;
    rs_repo_file file = {.path = RS_STR_LITERAL("a.py"),
                         .display_path = RS_STR_LITERAL("a.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    rs_lens_set_init(&set, NULL, NULL, "names");
    require(rs_part_init(&part, &err) == RS_OK);
    require(rs_source_decode(&source, (const char *)bytes, n_bytes, &err) == RS_OK);
    require(rs_extractor_new(&set, &extractor, &err) == RS_OK);
    require(rs_extract_file(extractor, &file, &source, &part, &summaries, &err) == RS_OK);
    size_t at = lens_at(&set);
    rs_summary summary = {.base = summaries.files.items[0].base,
                          .bytes = (const uint8_t *)rs_buf_text(&summaries.bytes[at]),
                          .n_bytes = summaries.bytes[at].n_bytes};
    names_view view;
    if (rs_names_view(&summary, &view)) {
        check_summary(&view, &part, n_bytes);
    }
    rs_extractor_free(extractor);
    rs_summaries_release(&summaries);
    rs_part_release(&part);
    rs_source_release(&source);
    return 0;
}
