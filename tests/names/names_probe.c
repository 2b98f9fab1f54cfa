/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What files say of their names as text, for run.py: paths come on standard input, one a line. Columns are
 * separated by tabs. A binding is called by its line; an expression is written as the code that it
 * stands for, more or less (expr_print).
 *
 *   names_probe [--sizes] [--minor N] [--platform NAME]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "evidence/extract.h"
#include "evidence/names/summary.h"

enum { MAX_PATH = 4096, MAX_DEPTH = 12 };

typedef struct probe {
    const names_view *view;
    const rs_part *part;
    const char *text;
} probe;

static long line_of(const probe *p, uint32_t node)
{
    return p->part->batches[RS_DS_syntax_nodes]
        .columns[RS_C_syntax_nodes_start_line]
        .values.i32[node];
}

static void text_print(const probe *p, uint32_t text)
{
    rs_str bytes = text == NAMES_NONE ? RS_STR_LITERAL("-") : names_text(p->view, text);
    (void)fwrite(bytes.bytes, 1, bytes.n_bytes, stdout);
}

static void bindings_print(const probe *p, uint32_t list)
{
    uint32_t n;
    const uint32_t *items = names_list(p->view, list, &n);
    for (uint32_t i = 0; i < n; i++) {
        const names_binding *binding = &p->view->bindings[items[i]];
        printf("%s%ld%s", i > 0 ? "," : "", line_of(p, binding->node),
               binding->kind == NAMES_STAR ? "*" : "");
    }
}

static void expr_print(const probe *p, uint32_t number, int depth);

static void exprs_print(const probe *p, uint32_t list, const char *between, int depth)
{
    uint32_t n;
    const uint32_t *items = names_list(p->view, list, &n);
    for (uint32_t i = 0; i < n; i++) {
        printf("%s", i > 0 ? between : "");
        expr_print(p, items[i], depth);
    }
}

static void pairs_print(const probe *p, uint32_t list, int depth)
{
    uint32_t n;
    const uint32_t *items = names_list(p->view, list, &n);
    for (uint32_t i = 0; i + 1 < n; i += 2) {
        printf("%s", i > 0 ? ", " : "");
        if (items[i] != NAMES_NONE) {
            text_print(p, items[i]);
            (void)putchar('=');
        }
        expr_print(p, items[i + 1], depth);
    }
}

static void wrapped_print(const probe *p, const char *what, uint32_t expr, int depth)
{
    printf("%s(", what);
    expr_print(p, expr, depth);
    (void)putchar(')');
}

/* Those that stand for no operation on others. */
static void leaf_print(const probe *p, const names_expr *e)
{
    const names_view *v = p->view;
    switch (e->op) {
    case NAMES_NAME:
        text_print(p, e->a);
        (void)putchar('@');
        bindings_print(p, e->b);
        printf("%s", (e->flags & NAMES_MAY_BE_FREE) != 0 ? "?" : "");
        break;
    case NAMES_INSTANCE:
        (void)putchar(e->b == 0 ? '<' : '"');
        text_print(p, e->b == 0 ? e->a : e->b);
        (void)putchar(e->b == 0 ? '>' : '"');
        break;
    case NAMES_LAMBDA:
        printf("lambda@%ld", line_of(p, v->functions[e->a].node));
        break;
    case NAMES_SUPER:
        printf("super@%ld:%ld", line_of(p, v->classes[e->a].node),
               line_of(p, v->functions[e->b].node));
        break;
    case NAMES_MODULE:
        printf("module %u:", (unsigned)e->b);
        text_print(p, e->a);
        break;
    case NAMES_IMPORTED:
        printf("import@%ld", line_of(p, v->bindings[e->a].node));
        break;
    case NAMES_SELF_OF:
        printf("%s@%ld", (e->flags & NAMES_IS_CLASS) != 0 ? "cls" : "self",
               line_of(p, v->classes[e->a].node));
        break;
    default:
        (void)putchar('_');
        break;
    }
}

static void expr_print(const probe *p, uint32_t number, int depth)
{
    if (number == NAMES_NONE || depth > MAX_DEPTH) {
        printf(number == NAMES_NONE ? "-" : "...");
        return;
    }
    static const char *const wrapped[NAMES_N_OPS] = {
        [NAMES_ITER] = "iter",     [NAMES_ENTER] = "enter",   [NAMES_AWAIT] = "await",
        [NAMES_RAISED] = "raised", [NAMES_ANNOTATED] = "ann",
    };
    const names_expr *e = &p->view->exprs[number];
    if (wrapped[e->op] != NULL) {
        printf("%s", (e->flags & NAMES_IS_ASYNC) != 0 ? "a" : "");
        wrapped_print(p, wrapped[e->op], e->a, depth + 1);
        return;
    }
    switch (e->op) {
    case NAMES_ATTR:
        expr_print(p, e->a, depth + 1);
        (void)putchar('.');
        text_print(p, e->b);
        break;
    case NAMES_CALL:
        expr_print(p, e->a, depth + 1);
        (void)putchar('(');
        pairs_print(p, e->b, depth + 1);
        (void)putchar(')');
        break;
    case NAMES_ITEM:
        expr_print(p, e->a, depth + 1);
        (void)putchar('[');
        expr_print(p, e->b, depth + 1);
        (void)putchar(']');
        break;
    case NAMES_ELEMENT:
        expr_print(p, e->a, depth + 1);
        printf("#%u", (unsigned)e->b);
        break;
    case NAMES_UNION:
        (void)putchar('{');
        exprs_print(p, e->b, (e->flags & NAMES_IS_SUM) != 0 ? " + " : " | ", depth + 1);
        (void)putchar('}');
        break;
    case NAMES_TUPLE:
        (void)putchar((e->flags & NAMES_IS_LIST) != 0 ? '[' : '(');
        exprs_print(p, e->b, ", ", depth + 1);
        (void)putchar((e->flags & NAMES_IS_LIST) != 0 ? ']' : ')');
        break;
    default:
        leaf_print(p, e);
        break;
    }
}

/* --- sections --- */

static void flags_print(uint32_t flags)
{
    printf("%s%s%s%s%s", flags != 0 ? " " : "", (flags & NAMES_IN_HANDLER) != 0 ? "h" : "",
           (flags & NAMES_IS_DEAD) != 0 ? "d" : "", (flags & NAMES_IS_TYPING) != 0 ? "t" : "",
           (flags & NAMES_ON_CLASS) != 0 ? "c" : "");
}

static void owner_print(const probe *p, const names_slot *slot)
{
    static const char *const kinds[] = {"module", "class", "function", "instance", "type"};
    printf("%s", kinds[slot->owner_kind]);
    if (slot->owner_kind == NAMES_OF_FUNCTION) {
        printf("@%ld", line_of(p, p->view->functions[slot->owner].node));
    } else if (slot->owner_kind == NAMES_OF_CLASS || slot->owner_kind == NAMES_OF_INSTANCE) {
        printf("@%ld", line_of(p, p->view->classes[slot->owner].node));
    }
    (void)putchar('\t');
    text_print(p, slot->name);
}

static void slots_print(const probe *p)
{
    static const char *const kinds[] = {"def",        "class",   "import",     "from",   "star",
                                        "assign",     "augment", "annotation", "except", "param",
                                        "type_param", "self",    "slots"};
    for (uint32_t s = 0; s < p->view->n_slots; s++) {
        const names_slot *slot = &p->view->slots[s];
        printf("slot\t");
        owner_print(p, slot);
        (void)putchar('\t');
        bindings_print(p, slot->exit);
        printf("%s\n", (slot->flags & NAMES_MAY_BE_FREE) != 0 ? "?" : "");
        for (uint32_t i = 0; i < slot->n_bindings; i++) {
            const names_binding *b = &p->view->bindings[slot->first_binding + i];
            printf("binding\t%ld\t", line_of(p, b->node));
            text_print(p, slot->name);
            printf("\t%s", kinds[b->kind]);
            flags_print(b->flags);
            (void)putchar('\t');
            expr_print(p, b->value, 0);
            (void)putchar('\t');
            expr_print(p, b->annotation, 0);
            (void)putchar('\n');
        }
    }
}

static void functions_print(const probe *p)
{
    for (uint32_t i = 0; i < p->view->n_functions; i++) {
        const names_function *f = &p->view->functions[i];
        printf("function\t%ld\t%s%s%s%s%s%s\t%u of ", line_of(p, f->node),
               (f->flags & NAMES_IS_GENERATOR) != 0 ? "g" : "",
               (f->flags & NAMES_IS_COROUTINE) != 0 ? "a" : "",
               (f->flags & NAMES_IS_LAMBDA) != 0 ? "l" : "",
               (f->flags & NAMES_IS_COMPREHENSION) != 0 ? "c" : "",
               (f->flags & NAMES_HAS_VARARGS) != 0 ? "*" : "",
               (f->flags & NAMES_HAS_KWARGS) != 0 ? "k" : "", (unsigned)f->n_positional);
        bindings_print(p, f->params);
        printf("\tin %ld %ld\treturns ",
               f->in_class == NAMES_NONE ? -1 : line_of(p, p->view->classes[f->in_class].node),
               f->outer_function == NAMES_NONE
                   ? -1
                   : line_of(p, p->view->functions[f->outer_function].node));
        exprs_print(p, f->returns, ", ", 0);
        printf("\t-> ");
        expr_print(p, f->annotation, 0);
        printf("\t");
        exprs_print(p, f->decorators, ", ", 0);
        (void)putchar('\n');
    }
}

static void classes_print(const probe *p)
{
    for (uint32_t i = 0; i < p->view->n_classes; i++) {
        const names_class *c = &p->view->classes[i];
        printf("class\t%ld\t(", line_of(p, c->node));
        exprs_print(p, c->bases, ", ", 0);
        printf(")\t");
        pairs_print(p, c->keywords, 0);
        (void)putchar('\t');
        exprs_print(p, c->decorators, ", ", 0);
        (void)putchar('\t');
        for (uint32_t s = 0; s < c->n_slots + c->n_instance_slots; s++) {
            printf("%s", s == c->n_slots ? " | " : s > 0 ? " " : "");
            text_print(p, p->view->slots[c->first_slot + s].name);
        }
        (void)putchar('\n');
    }
}

static void imports_print(const probe *p)
{
    for (uint32_t i = 0; i < p->view->n_imports; i++) {
        const names_import *import = &p->view->imports[i];
        printf("import\t%ld\t%u:", line_of(p, import->node), (unsigned)import->level);
        text_print(p, import->module);
        (void)putchar('\t');
        text_print(p, import->name);
        printf("\t%s%s", import->has_asname ? "as" : "", import->is_local ? " local" : "");
        flags_print(import->flags);
        (void)putchar('\n');
    }
}

static void stores_print(const probe *p)
{
    static const char *const kinds[] = {"set", "add", "append", "remove"};
    for (uint32_t i = 0; i < p->view->n_stores; i++) {
        const names_store *store = &p->view->stores[i];
        printf("store\t%ld\t", line_of(p, store->node));
        expr_print(p, store->target, 0);
        (void)putchar('\t');
        text_print(p, store->name);
        (void)putchar('\t');
        expr_print(p, store->value, 0);
        (void)putchar('\n');
    }
    for (uint32_t i = 0; i < p->view->n_all_ops; i++) {
        printf("all\t%s\t", kinds[p->view->all_ops[i].kind]);
        expr_print(p, p->view->all_ops[i].value, 0);
        (void)putchar('\n');
    }
}

/* Its line, and the columns of its bytes. */
static void place_print(const probe *p, const names_ref *ref)
{
    unsigned line = 1;
    uint32_t start = 0;
    for (uint32_t i = 0; i < ref->start_byte; i++) {
        line += p->text[i] == '\n';
        start = p->text[i] == '\n' ? i + 1 : start;
    }
    printf("ref\t%u:%u-%u\t", line, (unsigned)(ref->start_byte - start),
           (unsigned)(ref->end_byte - start));
}

static void refs_print(const probe *p)
{
    static const char *const kinds[] = {"name", "store",   "attribute", "attribute_store", "module",
                                        "from", "keyword", "string",    "definition"};
    names_walk walk = {.view = p->view};
    names_ref ref;
    while (rs_names_next_ref(&walk, &ref)) {
        bool is_binding = ref.kind == NAMES_REF_STORE || ref.kind == NAMES_REF_DEFINITION;
        place_print(p, &ref);
        printf("%s", kinds[ref.kind]);
        flags_print(ref.flags);
        (void)putchar('\t');
        text_print(p, ref.name);
        (void)putchar('\t');
        if (is_binding) {
            printf("%ld", line_of(p, p->view->bindings[ref.expr].node));
        } else {
            expr_print(p, ref.expr, 0);
        }
        (void)putchar('\n');
    }
    walk = (names_walk){.view = p->view};
    names_call call;
    while (rs_names_next_call(&walk, &call)) {
        printf("call\t%ld\t", line_of(p, call.node));
        expr_print(p, call.call, 0);
        (void)putchar('\n');
    }
}

static void summary_print(const probe *p)
{
    printf("flags\t%s%s%s%s\n", (p->view->flags & NAMES_IS_STUB) != 0 ? "s" : "",
           (p->view->flags & NAMES_IS_PACKAGE) != 0 ? "p" : "",
           (p->view->flags & NAMES_HAS_GETATTR) != 0 ? "g" : "",
           (p->view->flags & NAMES_TOUCHES_GLOBALS) != 0 ? "t" : "");
    slots_print(p);
    functions_print(p);
    classes_print(p);
    imports_print(p);
    stores_print(p);
    refs_print(p);
}

/* What each section takes. */
static void sizes_print(const names_view *v, size_t n_bytes, size_t n_source)
{
    printf("\t%zu\t%zu\ttexts %u lists %zu slots %zu bindings %zu exprs %zu functions %zu "
           "classes %zu imports %zu stores %zu\n",
           n_source, n_bytes, v->texts[v->n_texts], v->n_lists * sizeof(uint32_t),
           v->n_slots * sizeof(names_slot), v->n_bindings * sizeof(names_binding),
           v->n_exprs * sizeof(names_expr), v->n_functions * sizeof(names_function),
           v->n_classes * sizeof(names_class), v->n_imports * sizeof(names_import),
           v->n_stores * sizeof(names_store));
}

/* --- files --- */

static char *file_read(const char *path, size_t *n_bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        exit(2);
    }
    long size = ftell(file);
    rewind(file);
    char *bytes = rs_alloc_zero((size_t)size + 1, 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        exit(2);
    }
    (void)fclose(file);
    *n_bytes = (size_t)size;
    return bytes;
}

/* The place of the names lens in the set. */
static size_t lens_at(const rs_lens_set *set)
{
    size_t at = 0;
    while (strcmp(set->lenses[at]->name, "names") != 0) {
        at++;
    }
    return at;
}

static void file_print(rs_extractor *extractor, const rs_lens_set *set, const char *path,
                       bool is_sizes)
{
    rs_error err = {0};
    rs_source source = {0};
    rs_part part;
    rs_summaries summaries = {0};
    size_t n_bytes;
    char *bytes = file_read(path, &n_bytes);
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    rs_repo_file file = {.path = rs_str_of(path),
                         .display_path = rs_str_of(path),
                         .is_package = strncmp(name, "__init__.", 9) == 0,
                         .file_id = 1};
    if (rs_part_init(&part, &err) != RS_OK ||
        rs_source_decode(&source, bytes, n_bytes, &err) != RS_OK ||
        rs_extract_file(extractor, &file, &source, &part, &summaries, &err) != RS_OK) {
        (void)fprintf(stderr, "%s: %s\n", path, err.message);
        exit(2);
    }
    size_t at = lens_at(set);
    rs_summary summary = {.base = summaries.files.items[0].base,
                          .bytes = (const uint8_t *)rs_buf_text(&summaries.bytes[at]),
                          .n_bytes = summaries.bytes[at].n_bytes};
    names_view view;
    printf("file\t%s", path);
    if (!rs_names_view(&summary, &view)) {
        printf("\tnone\n");
    } else if (is_sizes) {
        sizes_print(&view, summary.n_bytes, n_bytes);
    } else {
        printf("\n");
        summary_print(&(probe){.view = &view, .part = &part, .text = bytes});
    }
    rs_summaries_release(&summaries);
    rs_part_release(&part);
    rs_source_release(&source);
    rs_free(bytes);
}

int main(int n_args, char **args)
{
    char path[MAX_PATH];
    rs_error err = {0};
    rs_extractor *extractor = NULL;
    rs_lens_options options = rs_lens_options_default();
    bool is_sizes = false;
    for (int i = 1; i < n_args; i++) {
        is_sizes = is_sizes || strcmp(args[i], "--sizes") == 0;
        if (strcmp(args[i], "--minor") == 0 && i + 1 < n_args) {
            options.target.python_minor = strtoul(args[++i], NULL, 10);
        } else if (strcmp(args[i], "--platform") == 0 && i + 1 < n_args) {
            options.target.platform = args[++i];
        }
    }
    rs_lens_set set;
    rs_lens_set_init(&set, NULL, &options, "names");
    if (rs_extractor_new(&set, &extractor, &err) != RS_OK) {
        return 2;
    }
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        file_print(extractor, &set, path, is_sizes);
    }
    rs_extractor_free(extractor);
    return 0;
}
