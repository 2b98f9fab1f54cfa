/* SPDX-License-Identifier: Apache-2.0 */
/* link_object.c - objects, each once, and the fields that they have. */
#include "evidence/values/link_impl.h"

/* --- texts --- */

uint32_t rs_values_text_number(rs_values_linked *x, rs_str text)
{
    uint32_t number = rs_strings_find(&x->names->texts, text);
    if (number != RS_STR_NULL) {
        return number;
    }
    number = rs_strings_add(&x->texts, text);
    x->failed = x->failed || number == RS_STR_NULL;
    return (uint32_t)x->names->texts.n_items + number;
}

rs_str rs_values_text_of(const rs_values_linked *x, uint32_t number)
{
    uint32_t n_names = (uint32_t)x->names->texts.n_items;
    return number < n_names ? x->names->texts.items[number] : x->texts.items[number - n_names];
}

/* --- objects --- */

uint32_t rs_values_object_of(rs_values_linked *x, values_object_kind kind, uint32_t a, uint32_t b)
{
    uint32_t number = (uint32_t)x->objects.n_items;
    uint32_t found = number;
    values_object object = {
        .a = a, .b = b, .first_key = VALUES_NONE, .first_copy = VALUES_NONE, .kind = (uint8_t)kind};
    if (!rs_names_map_put(&x->object_numbers[kind], a, b, &found) ||
        (found == number && !values_objects_push(&x->objects, object))) {
        x->failed = true;
        return SOLVE_NONE;
    }
    return found;
}

uint32_t rs_values_class_of(const rs_values_linked *x, uint32_t object)
{
    const values_object *of = values_object_at(x, object);
    switch (of->kind) {
    case VALUES_O_INSTANCE:
        return of->a;
    case VALUES_O_CONTAINER:
        return x->containers[of->b];
    case VALUES_O_MANY:
        return x->containers[of->a - 1];
    case VALUES_O_GENERATOR:
        return x->generator_class;
    case VALUES_O_STRING:
        return x->str_class;
    case VALUES_O_NUMBER:
        return x->int_class;
    default:
        return NAMES_NONE;
    }
}

bool rs_values_is_key(const rs_values_linked *x, uint32_t object)
{
    switch (values_object_at(x, object)->kind) {
    case VALUES_O_STRING:
    case VALUES_O_NUMBER:
    case VALUES_O_CLASS:
    case VALUES_O_FUNCTION:
    case VALUES_O_MODULE:
        return true;
    default:
        return false;
    }
}

/* --- fields --- */

static bool is_container(const rs_values_linked *x, uint32_t object)
{
    return values_is(x, object, VALUES_O_CONTAINER) || values_is(x, object, VALUES_O_MANY);
}

static void link_add(rs_values_linked *x, uint32_t *first, uint32_t number)
{
    values_link link = {number, *first};
    if (!values_links_push(&x->links, link)) {
        x->failed = true;
        return;
    }
    *first = (uint32_t)x->links.n_items - 1;
}

/* The field of another container that takes what stands in one. */
static uint32_t same_field(rs_values_linked *x, uint32_t object, uint32_t field)
{
    return field == VALUES_F_UNKNOWN ? rs_values_field(x, object, field)
                                     : rs_values_key_field(x, object, field & ~VALUES_KEY_BIT);
}

/* A new field of a container is part of all that it has, and of those that have all of it. */
static void field_begin(rs_values_linked *x, uint32_t object, uint32_t field, uint32_t var)
{
    bool is_keyed = field == VALUES_F_UNKNOWN || (field & VALUES_KEY_BIT) != 0;
    if (values_is(x, object, VALUES_O_MODULE) || values_is(x, object, VALUES_O_CLASS)) {
        rs_values_fill_field(x, object, field, var);
        return;
    }
    if (!is_container(x, object) || !is_keyed || field == VALUES_F_ALL || field == VALUES_F_KEYS) {
        return;
    }
    rs_solve_copy(&x->solver, var, rs_values_field(x, object, VALUES_F_ALL));
    link_add(x, &x->objects.items[object].first_key, field);
    x->objects.items[object].n_keys++;
    for (uint32_t i = values_object_at(x, object)->first_copy; i != VALUES_NONE && !x->failed;
         i = x->links.items[i].next) {
        rs_solve_copy(&x->solver, var, same_field(x, x->links.items[i].number, field));
    }
}

uint32_t rs_values_field(rs_values_linked *x, uint32_t object, uint32_t field)
{
    uint32_t var = rs_names_map_get(&x->fields, object, field);
    if (var != NAMES_NONE) {
        return var;
    }
    var = rs_solve_var(&x->solver);
    uint32_t put = var;
    if (var == SOLVE_NONE || !rs_names_map_put(&x->fields, object, field, &put)) {
        x->failed = true;
        return 0;
    }
    field_begin(x, object, field, var);
    return var;
}

uint32_t rs_values_key_field(rs_values_linked *x, uint32_t object, uint32_t key)
{
    uint32_t field = VALUES_KEY_BIT | key;
    bool is_new = rs_names_map_get(&x->fields, object, field) == NAMES_NONE;
    bool is_many = values_is(x, object, VALUES_O_MANY);
    if (is_many || (is_new && values_object_at(x, object)->n_keys >= VALUES_MAX_KEYS)) {
        field = VALUES_F_UNKNOWN;
    }
    return rs_values_field(x, object, field);
}

void rs_values_spread(rs_values_linked *x, uint32_t from, uint32_t to)
{
    uint32_t once = 1;
    if (from == to || !is_container(x, from) ||
        rs_names_map_get(&x->spreads, from, to) != NAMES_NONE) {
        return;
    }
    if (!rs_names_map_put(&x->spreads, from, to, &once)) {
        x->failed = true;
        return;
    }
    link_add(x, &x->objects.items[from].first_copy, to);
    rs_solve_copy(&x->solver, rs_values_field(x, from, VALUES_F_KEYS),
                  rs_values_field(x, to, VALUES_F_KEYS));
    for (uint32_t i = values_object_at(x, from)->first_key; i != VALUES_NONE && !x->failed;
         i = x->links.items[i].next) {
        uint32_t field = x->links.items[i].number;
        rs_solve_copy(&x->solver, rs_values_field(x, from, field), same_field(x, to, field));
    }
}

/* --- what stands for many --- */

/* The function whose code a variable of a file is made in cannot be told from it; its file can. */
static uint32_t file_of_var(const rs_values_linked *x, uint32_t var)
{
    uint32_t low = 0;
    uint32_t high = x->n_files;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (x->files[middle].first_var <= var) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static rs_str top_package(rs_str dotted)
{
    const char *dot = memchr(dotted.bytes, '.', dotted.n_bytes);
    return dot == NULL ? dotted : (rs_str){dotted.bytes, (size_t)(dot - dotted.bytes)};
}

uint32_t rs_values_stands_for(void *owner, uint32_t object)
{
    rs_values_linked *x = owner;
    values_object of = *values_object_at(x, object);
    uint32_t other = object;
    switch (of.kind) {
    case VALUES_O_CONTAINER:
        other = rs_values_object_of(x, VALUES_O_MANY, of.b + 1, file_of_var(x, of.a));
        if (other != SOLVE_NONE) {
            rs_values_spread(x, object, other);
        }
        break;
    case VALUES_O_STRING:
        other = x->str_class == NAMES_NONE
                    ? object
                    : rs_values_object_of(x, VALUES_O_INSTANCE, x->str_class, NAMES_NONE);
        break;
    case VALUES_O_NUMBER:
        other = x->int_class == NAMES_NONE
                    ? object
                    : rs_values_object_of(x, VALUES_O_INSTANCE, x->int_class, NAMES_NONE);
        break;
    case VALUES_O_EXTERNAL:
        other = rs_values_object_of(
            x, VALUES_O_EXTERNAL, rs_values_text_number(x, top_package(rs_values_text_of(x, of.a))),
            0);
        break;
    default:
        break;
    }
    return other == SOLVE_NONE ? object : other;
}
