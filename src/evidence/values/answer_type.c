/* SPDX-License-Identifier: Apache-2.0 */
/* answer_type.c - of what types that is which names, parameters, attributes and results hold. */
#include <inttypes.h>
#include <stdlib.h>

#include "evidence/values/link.h"
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

/* Items at known keys are told of containers that have few. */
enum { MAX_TYPES = 32, MAX_ITEM_KEYS = 8, MAX_ITEM_DEPTH = 2, MAX_SAME_PLACE = 4 };

/* A place whose types are collected. */
typedef struct typing {
    rs_values_linked *x;
    uint32_t file;
    uint32_t node;
    uint32_t place; /* rs_w_type_place */
} typing;

/* --- from objects to types --- */

/* What is no instance of a class that has a name here. */
enum { NO_VALUE = VALUES_N_OBJECTS, N_KINDS };

static const char *const names_of_kinds[N_KINDS] = {[VALUES_O_FUNCTION] = "function",
                                                    [VALUES_O_CLASS] = "type",
                                                    [VALUES_O_MODULE] = "module",
                                                    [VALUES_O_BOUND] = "method",
                                                    [VALUES_O_GENERATOR] = "generator",
                                                    [VALUES_O_COROUTINE] = "coroutine",
                                                    [VALUES_O_SUPER] = "super",
                                                    [VALUES_O_PARTIAL] = "functools.partial",
                                                    [VALUES_O_PROPERTY] = "property",
                                                    [VALUES_O_ACCESSOR] = "function",
                                                    [VALUES_O_STATIC] = "staticmethod",
                                                    [VALUES_O_CLASS_METHOD] = "classmethod",
                                                    [NO_VALUE] = "NoneType",
                                                    [VALUES_O_CALLER] = "function",
                                                    [VALUES_O_IDENTITY] = "function"};

static uint32_t kind_of_name(uint32_t kind)
{
    return kind == VALUES_O_ACCESSOR || kind == VALUES_O_CALLER || kind == VALUES_O_IDENTITY
               ? VALUES_O_FUNCTION
               : kind;
}

/* False: its type is not known. */
static bool type_of(const rs_values_linked *x, uint32_t object, values_type *out)
{
    const values_object *of = values_object_at(x, object);
    uint32_t made_by = rs_names_map_get(&x->made_by, object, 0);
    uint32_t class = made_by == NAMES_NONE ? rs_values_class_of(x, object) : made_by;
    bool is_generator = class == x->generator_class && of->kind != VALUES_O_INSTANCE;
    out->is_class = class != NAMES_NONE && !is_generator;
    out->number = out->is_class  ? class
                  : is_generator ? VALUES_O_GENERATOR
                                 : kind_of_name(of->kind);
    return out->is_class || names_of_kinds[out->number] != NULL;
}

static int compare_types(const values_type *a, const values_type *b)
{
    if (a->is_class != b->is_class) {
        return a->is_class ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* Puts it where it belongs; returns how many there are then. */
static size_t put_type(values_type *types, size_t n, const values_type *type)
{
    size_t at = n;
    for (size_t i = 0; i < n; i++) {
        int order = compare_types(&types[i], type);
        if (order == 0) {
            return n;
        }
        if (order > 0) {
            at = i;
            break;
        }
    }
    if (n >= MAX_TYPES) {
        return n;
    }
    memmove(&types[at + 1], &types[at], (n - at) * sizeof *types);
    types[at] = *type;
    return n + 1;
}

static void push_types(const typing *t, values_type *types, size_t n, uint32_t path,
                       uint8_t n_left_out)
{
    rs_values_linked *x = t->x;
    for (size_t i = 0; i < n; i++) {
        types[i].file = t->file;
        types[i].node = t->node;
        types[i].place = (uint8_t)t->place;
        types[i].path = path;
        types[i].order = (uint32_t)x->types.n_items;
        types[i].position = (uint8_t)i;
        types[i].n_candidates = (uint8_t)n;
        types[i].n_left_out = n_left_out;
        x->failed = !values_types_push(&x->types, types[i]) || x->failed;
    }
}

static void collect_vars(const typing *t, const uint32_t *vars, size_t n_vars, uint32_t path)
{
    values_type types[MAX_TYPES + 1];
    size_t n = 0;
    uint8_t n_left_out = 0;
    for (size_t i = 0; i < n_vars; i++) {
        uint32_t n_objects;
        const uint32_t *objects = rs_solve_objects(&t->x->solver, vars[i], &n_objects);
        uint8_t left_out = t->x->solver.vars.items[vars[i]].n_left_out;
        n_left_out = left_out > n_left_out ? left_out : n_left_out;
        for (uint32_t j = 0; j < n_objects; j++) {
            values_type type = {0};
            if (type_of(t->x, objects[j], &type)) {
                n = put_type(types, n, &type);
            }
        }
    }
    push_types(t, types, n, path, n_left_out);
}

static void collect_var(const typing *t, uint32_t var, uint32_t path)
{
    collect_vars(t, &var, 1, path);
}

/* --- items --- */

static int compare_keys(const rs_values_linked *x, uint32_t a, uint32_t b)
{
    const values_object *left = values_object_at(x, a);
    const values_object *right = values_object_at(x, b);
    if (left->kind != right->kind || left->kind == VALUES_O_NUMBER) {
        uint32_t l = left->kind == right->kind ? left->a : left->kind;
        uint32_t r = left->kind == right->kind ? right->a : right->kind;
        return (l > r) - (l < r);
    }
    return rs_str_compare(rs_values_text_of(x, left->a), rs_values_text_of(x, right->a));
}

static size_t put_key(const rs_values_linked *x, uint32_t *keys, size_t n, uint32_t key)
{
    size_t at = n;
    while (at > 0 && compare_keys(x, keys[at - 1], key) > 0) {
        keys[at] = keys[at - 1];
        at--;
    }
    keys[at] = key;
    return n + 1;
}

/* Strings and numbers that the container has something at; none where there are many. */
static size_t keys_of(const rs_values_linked *x, uint32_t object, uint32_t *keys)
{
    const values_object *of = values_object_at(x, object);
    size_t n = 0;
    if (of->n_keys > MAX_ITEM_KEYS) {
        return 0;
    }
    for (uint32_t i = of->first_key; i != VALUES_NONE; i = x->links.items[i].next) {
        uint32_t field = x->links.items[i].number;
        uint32_t key = field & ~VALUES_KEY_BIT;
        if (field == VALUES_F_UNKNOWN || (field & VALUES_KEY_BIT) == 0 || n >= MAX_ITEM_KEYS) {
            continue;
        }
        if (values_is(x, key, VALUES_O_STRING) || values_is(x, key, VALUES_O_NUMBER)) {
            n = put_key(x, keys, n, key);
        }
    }
    return n;
}

/* As Python writes it, but for what cannot be printed. */
static void add_quoted(rs_buf *out, rs_str text)
{
    rs_buf_add_char(out, '\'');
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (text.bytes[i] == '\'' || text.bytes[i] == '\\') {
            rs_buf_add_char(out, '\\');
        }
        rs_buf_add_char(out, text.bytes[i]);
    }
    rs_buf_add_char(out, '\'');
}

/* The path of an item of what stands at `path`. */
static uint32_t path_of_item(rs_values_linked *x, uint32_t path, uint32_t key)
{
    const values_object *of = values_object_at(x, key);
    rs_buf_reset(&x->text);
    if (path != VALUES_NONE) {
        rs_buf_add_str(&x->text, x->texts.items[path]);
    }
    rs_buf_add_char(&x->text, '[');
    if (of->kind == VALUES_O_NUMBER) {
        rs_buf_addf(&x->text, "%" PRIu32, of->a);
    } else {
        add_quoted(&x->text, rs_values_text_of(x, of->a));
    }
    rs_buf_add_char(&x->text, ']');
    uint32_t number = rs_strings_add(&x->texts, rs_buf_str(&x->text));
    x->failed = x->failed || number == RS_STR_NULL || x->text.failed;
    return number;
}

/* Keys of all of the containers; none where one of the objects is something else, or they have many. */
static size_t keys_of_all(const rs_values_linked *x, const uint32_t *objects, uint32_t n_objects,
                          uint32_t *keys)
{
    size_t n = 0;
    for (uint32_t i = 0; i < n_objects; i++) {
        uint32_t own[MAX_ITEM_KEYS];
        size_t n_own =
            values_is(x, objects[i], VALUES_O_CONTAINER) ? keys_of(x, objects[i], own) : 0;
        if (n_own == 0 || n + n_own > MAX_ITEM_KEYS) {
            return 0;
        }
        for (size_t j = 0; j < n_own; j++) {
            size_t k = 0;
            while (k < n && keys[k] != own[j]) {
                k++;
            }
            n = k < n ? n : put_key(x, keys, n, own[j]);
        }
    }
    return n;
}

static void collect_items(const typing *t, const uint32_t *vars, size_t n_vars, uint32_t path,
                          unsigned depth);

static void collect_item(const typing *t, const uint32_t *objects, uint32_t n_objects, uint32_t key,
                         uint32_t path, unsigned depth)
{
    uint32_t items[MAX_SAME_PLACE];
    size_t n_items = 0;
    for (uint32_t i = 0; i < n_objects; i++) {
        uint32_t item = rs_names_map_get(&t->x->fields, objects[i], VALUES_KEY_BIT | key);
        if (item != NAMES_NONE) {
            items[n_items++] = item;
        }
    }
    collect_vars(t, items, n_items, path);
    if (depth + 1 < MAX_ITEM_DEPTH) {
        collect_items(t, items, n_items, path, depth + 1);
    }
}

/* What several containers have at one key is told together. */
static void collect_items(const typing *t, const uint32_t *vars, size_t n_vars, uint32_t path,
                          unsigned depth)
{
    uint32_t objects[MAX_SAME_PLACE];
    uint32_t keys[MAX_ITEM_KEYS];
    uint32_t n_objects = 0;
    for (size_t i = 0; i < n_vars; i++) {
        uint32_t n;
        const uint32_t *held = rs_solve_objects(&t->x->solver, vars[i], &n);
        if (n_objects + n > MAX_SAME_PLACE) {
            return;
        }
        memcpy(&objects[n_objects], held, n * sizeof *held);
        n_objects += n;
    }
    size_t n_keys = keys_of_all(t->x, objects, n_objects, keys);
    for (size_t j = 0; j < n_keys && !t->x->failed; j++) {
        uint32_t path_of = path_of_item(t->x, path, keys[j]);
        if (!t->x->failed) {
            collect_item(t, objects, n_objects, keys[j], path_of, depth);
        }
    }
}

/* --- places --- */

static void collect_bindings(rs_values_linked *x, uint32_t f)
{
    const names_file *names = &x->names->files[f];
    for (uint32_t i = 0; i < names->view.n_bindings && !x->failed; i++) {
        const names_binding *binding = &names->view.bindings[i];
        typing t = {.x = x, .file = f, .node = binding->node, .place = RS_W_type_place_value};
        uint32_t var = x->files[f].first_var + i;
        switch (binding->kind) {
        case NAMES_ASSIGN:
        case NAMES_AUGMENT:
        case NAMES_EXCEPT:
            collect_var(&t, var, VALUES_NONE);
            collect_items(&t, &var, 1, VALUES_NONE, 0);
            break;
        case NAMES_PARAM:
            collect_var(&t, var, VALUES_NONE);
            break;
        default:
            break;
        }
    }
}

static void collect_kind(const typing *t, uint32_t kind)
{
    values_type type = {.number = kind};
    push_types(t, &type, 1, VALUES_NONE, 0);
}

static void collect_functions(rs_values_linked *x, uint32_t f)
{
    const names_file *names = &x->names->files[f];
    for (uint32_t i = 0; i < x->files[f].view.n_functions && !x->failed; i++) {
        const names_function *of = &names->view.functions[i];
        bool is_generator = (of->flags & NAMES_IS_GENERATOR) != 0;
        bool is_coroutine = (of->flags & NAMES_IS_COROUTINE) != 0;
        typing t = {.x = x, .file = f, .node = of->node, .place = RS_W_type_place_result};
        if ((of->flags & NAMES_IS_COMPREHENSION) != 0) {
            continue;
        }
        if (is_generator || is_coroutine) {
            collect_kind(&t, is_generator ? VALUES_O_GENERATOR : VALUES_O_COROUTINE);
            t.place = is_generator ? RS_W_type_place_yielded : RS_W_type_place_awaited;
        }
        collect_var(&t, values_result_var(x, names->first_function + i, is_generator), VALUES_NONE);
    }
}

/* Of `d[k] = v`: the key as a path, where it is one string or number. */
static uint32_t path_of_key(rs_values_linked *x, uint32_t f, uint32_t key)
{
    uint32_t n = 0;
    const uint32_t *objects =
        key == VALUES_NONE ? NULL : rs_solve_objects(&x->solver, x->files[f].first_var + key, &n);
    bool is_one = n == 1 && (values_is(x, objects[0], VALUES_O_STRING) ||
                             values_is(x, objects[0], VALUES_O_NUMBER));
    return is_one ? path_of_item(x, VALUES_NONE, objects[0]) : VALUES_NONE;
}

static void collect_stores(rs_values_linked *x, uint32_t f)
{
    const values_view *view = &x->files[f].view;
    for (uint32_t i = 0; i < view->n_records && !x->failed; i++) {
        const values_record *record = &view->records[i];
        if (record->op == VALUES_NOTHING) {
            const names_file *names = &x->names->files[f];
            bool is_async = (names->view.functions[record->a].flags & NAMES_IS_COROUTINE) != 0;
            typing of = {.x = x,
                         .file = f,
                         .node = record->node,
                         .place = is_async ? RS_W_type_place_awaited : RS_W_type_place_result};
            collect_kind(&of, NO_VALUE);
        }
        if (record->op != VALUES_STORE && record->op != VALUES_SET_ITEM) {
            continue;
        }
        uint32_t var = view->blocks[record->b + 1];
        typing t = {.x = x, .file = f, .node = record->node, .place = RS_W_type_place_value};
        if (var != VALUES_NONE) {
            uint32_t path = record->op == VALUES_SET_ITEM
                                ? path_of_key(x, f, view->blocks[record->b])
                                : VALUES_NONE;
            collect_var(&t, x->files[f].first_var + var, path);
        }
    }
}

static int compare_rows(const void *left, const void *right)
{
    const values_type *a = left;
    const values_type *b = right;
    const uint32_t keys[][2] = {
        {a->file, b->file}, {a->node, b->node}, {a->place, b->place}, {a->order, b->order}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

void rs_values_collect_types(rs_values_linked *x)
{
    for (uint32_t f = 0; f < x->n_files && !x->failed; f++) {
        size_t first = x->types.n_items;
        collect_bindings(x, f);
        collect_functions(x, f);
        collect_stores(x, f);
        if (x->types.n_items > first + 1) {
            qsort(&x->types.items[first], x->types.n_items - first, sizeof *x->types.items,
                  compare_rows);
        }
    }
}

/* --- rows --- */

static size_t first_of_file(const values_types *types, uint32_t file)
{
    size_t low = 0;
    size_t high = types->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (types->items[middle].file < file) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static rs_str without_builtins(rs_str name)
{
    rs_str prefix = RS_STR_LITERAL("builtins.");
    bool has =
        name.n_bytes > prefix.n_bytes && memcmp(name.bytes, prefix.bytes, prefix.n_bytes) == 0;
    return has ? (rs_str){name.bytes + prefix.n_bytes, name.n_bytes - prefix.n_bytes} : name;
}

static void say_type(const rs_values_linked *x, const values_type *type, rs_part *part,
                     rs_buf *text, rs_value_types_row *row)
{
    if (!type->is_class) {
        row->type =
            rs_text_of(rs_strings_add(&part->strings, rs_str_of(names_of_kinds[type->number])));
        return;
    }
    rs_buf_reset(text);
    rs_names_name_of_class(x->names, type->number, text);
    row->type = rs_text_of(rs_strings_add(&part->strings, without_builtins(rs_buf_str(text))));
    if (!names_is_outside(x->names, type->number)) {
        const names_file *file = &x->names->files[x->names->classes[type->number].file];
        row->class_id = rs_opt_i64_of(
            file->view.base | (int64_t)file->view.classes[type->number - file->first_class].node);
    }
}

static rs_status push_row(const rs_values_linked *x, const values_type *type, int64_t id,
                          rs_part *part, rs_buf *text, rs_error *err)
{
    const int64_t base = x->names->files[type->file].view.base;
    rs_value_types_row row = rs_value_types_row_new();
    row.value_type_id = id;
    row.node_id = base | (int64_t)type->node;
    row.place = rs_word_of(type->place);
    row.position = type->position;
    row.n_candidates = type->n_candidates;
    row.n_left_out = type->n_left_out;
    if (type->path != VALUES_NONE) {
        row.path = rs_text_of(rs_strings_add(&part->strings, x->texts.items[type->path]));
    }
    say_type(x, type, part, text, &row);
    return rs_push_value_types(part, &row, 1, err);
}

rs_status rs_values_answer_types(const rs_values_linked *x, uint32_t file, rs_file_asked *asked,
                                 rs_error *err)
{
    const uint32_t most = (UINT32_C(1) << RS_ID_ENTITY_BITS) - 1;
    rs_status status = RS_OK;
    rs_buf text = {0};
    for (size_t i = first_of_file(&x->types, file);
         i < x->types.n_items && x->types.items[i].file == file && asked->next_number < most &&
         status == RS_OK;
         i++) {
        status = push_row(x, &x->types.items[i], asked->summary.base | asked->next_number++,
                          asked->part, &text, err);
    }
    bool failed = text.failed;
    rs_buf_release(&text);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : status;
}
