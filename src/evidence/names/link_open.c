/* SPDX-License-Identifier: Apache-2.0 */
/* link_open.c - the summaries of all files as one: views, numbers, texts, the slots that others ask for. */
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- maps --- */

static size_t first_place(const names_map *map, uint32_t a, uint32_t b)
{
    uint64_t hash = ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(hash >> 29) & (map->n_entries - 1);
}

static names_map_entry *find_entry(const names_map *map, uint32_t a, uint32_t b)
{
    size_t at = first_place(map, a, b);
    while (map->entries[at].value != NAMES_NONE &&
           (map->entries[at].a != a || map->entries[at].b != b)) {
        at = (at + 1) & (map->n_entries - 1);
    }
    return &map->entries[at];
}

uint32_t rs_names_map_get(const names_map *map, uint32_t a, uint32_t b)
{
    return map->n_entries == 0 ? NAMES_NONE : find_entry(map, a, b)->value;
}

static bool map_grow(names_map *map)
{
    names_map grown = {.n_entries = map->n_entries == 0 ? 64 : map->n_entries * 2,
                       .n_used = map->n_used};
    grown.entries = rs_alloc(grown.n_entries, sizeof *grown.entries);
    if (grown.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < grown.n_entries; i++) {
        grown.entries[i].value = NAMES_NONE;
    }
    for (size_t i = 0; i < map->n_entries; i++) {
        const names_map_entry *old = &map->entries[i];
        if (old->value != NAMES_NONE) {
            *find_entry(&grown, old->a, old->b) = *old;
        }
    }
    rs_free(map->entries);
    *map = grown;
    return true;
}

bool rs_names_map_put(names_map *map, uint32_t a, uint32_t b, uint32_t *value)
{
    if (map->n_used * 2 >= map->n_entries && !map_grow(map)) {
        return false;
    }
    names_map_entry *entry = find_entry(map, a, b);
    if (entry->value == NAMES_NONE) {
        *entry = (names_map_entry){a, b, *value};
        map->n_used++;
    }
    *value = entry->value;
    return true;
}

void rs_names_map_set(names_map *map, uint32_t a, uint32_t b, uint32_t value)
{
    find_entry(map, a, b)->value = value;
}

void rs_names_map_release(names_map *map)
{
    rs_free(map->entries);
    *map = (names_map){0};
}

/* --- which file a number lies in --- */

#define FILE_OF(name, first)                                                                       \
    uint32_t rs_names_file_of_##name(const rs_names_linked *x, uint32_t number)                    \
    {                                                                                              \
        uint32_t low = 0;                                                                          \
        uint32_t high = x->n_files;                                                                \
        while (high - low > 1) {                                                                   \
            uint32_t middle = low + (high - low) / 2;                                              \
            if (x->files[middle].first <= number) {                                                \
                low = middle;                                                                      \
            } else {                                                                               \
                high = middle;                                                                     \
            }                                                                                      \
        }                                                                                          \
        return low;                                                                                \
    }

FILE_OF(slot, first_slot)
FILE_OF(binding, first_binding)
FILE_OF(function, first_function)
FILE_OF(store, first_store)

/* --- files --- */

static void number_file(rs_names_linked *x, names_file *file)
{
    const names_view *view = &file->view;
    file->first_text = x->n_texts;
    file->first_slot = x->n_slots;
    file->first_binding = x->n_bindings;
    file->first_function = x->n_functions;
    file->first_class = x->n_classes;
    file->first_import = x->n_imports;
    file->first_store = x->n_stores;
    file->first_cell = x->n_cells;
    x->n_texts += view->n_texts;
    x->n_slots += view->n_slots;
    x->n_bindings += view->n_bindings;
    x->n_functions += view->n_functions;
    x->n_classes += view->n_classes;
    x->n_imports += view->n_imports;
    x->n_stores += view->n_stores;
    x->n_cells += names_n_cells_of(view);
}

static void open_file(rs_names_linked *x, uint32_t number, const rs_summary *summary)
{
    names_file *file = &x->files[number];
    file->is_read = rs_names_view(summary, &file->view);
    if (!file->is_read) {
        file->view = (names_view){.base = summary->base};
    }
    file->place = rs_module_file_place(x->modules, summary->base >> RS_ID_ENTITY_BITS);
    file->module =
        file->place == RS_NO_PLACE ? RS_NO_MODULE : rs_module_of_file(x->modules, file->place);
    number_file(x, file);
}

static bool read_texts(rs_names_linked *x, uint32_t f)
{
    const names_file *file = &x->files[f];
    for (uint32_t i = 0; i < file->view.n_texts; i++) {
        uint32_t number = rs_strings_add(&x->texts, names_text(&file->view, i));
        if (number == RS_STR_NULL) {
            return false;
        }
        x->text_of[file->first_text + i] = number;
    }
    return true;
}

static bool scope_of_slot(const names_file *file, uint32_t number, const names_slot *slot,
                          uint32_t *scope)
{
    switch ((names_owner)slot->owner_kind) {
    case NAMES_OF_MODULE:
        *scope = names_scope_of_module(number);
        return true;
    case NAMES_OF_CLASS:
        *scope = names_scope_of_class(file->first_class + slot->owner);
        return true;
    case NAMES_OF_INSTANCE:
        *scope = names_scope_of_instance(file->first_class + slot->owner);
        return true;
    case NAMES_OF_FUNCTION:
    case NAMES_OF_TYPE_PARAMS:
    default:
        return false;
    }
}

static bool read_slots(rs_names_linked *x, uint32_t number, uint32_t star)
{
    names_file *file = &x->files[number];
    x->star_slots[number] = NAMES_NONE;
    for (uint32_t i = 0; i < file->view.n_slots; i++) {
        const names_slot *slot = &file->view.slots[i];
        uint32_t scope = 0;
        uint32_t slot_number = file->first_slot + i;
        uint32_t text = names_text_number(x, number, slot->name);
        if (!scope_of_slot(file, number, slot, &scope)) {
            continue;
        }
        if (slot->owner_kind == NAMES_OF_MODULE && text == star) {
            x->star_slots[number] = slot_number;
            file->has_stars = true;
        } else if (!rs_names_map_put(&x->slots, scope, text, &slot_number)) {
            return false;
        }
        if (slot->owner_kind == NAMES_OF_CLASS || slot->owner_kind == NAMES_OF_INSTANCE) {
            x->classes[file->first_class + slot->owner].names |= names_bit_of(text);
        }
    }
    return true;
}

/* Room for n items and more: files outside come one by one. */
static bool reserve(void **items, size_t *room, size_t n, size_t n_item_bytes)
{
    if (n <= *room) {
        return true;
    }
    size_t n_most = n + n / 8 + 64;
    void *grown = rs_realloc(*items, n_most, n_item_bytes);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *room = n_most;
    return true;
}

#define RESERVE(items, room, n) reserve((void **)&(items), &(room), (n), sizeof *(items))

bool rs_names_make_room(rs_names_linked *x)
{
    size_t n_star_slots = x->room.files;
    return RESERVE(x->files, x->room.files, x->n_files + 1) &&
           RESERVE(x->star_slots, n_star_slots, x->room.files) &&
           RESERVE(x->text_of, x->room.texts, x->n_texts + 1) &&
           RESERVE(x->targets, x->room.imports, x->n_imports + 1) &&
           RESERVE(x->patch_before, x->room.stores, x->n_stores + 1) &&
           RESERVE(x->function_flags, x->room.functions, x->n_functions + 1) &&
           RESERVE(x->classes, x->room.classes, x->n_classes + 1) &&
           RESERVE(x->cells, x->room.cells, x->n_cells + 1);
}

static void empty_cells(rs_names_linked *x, uint32_t f)
{
    const names_file *file = &x->files[f];
    uint32_t end = file->first_cell + names_n_cells_of(&file->view);
    for (uint32_t cell = file->first_cell; cell < end; cell++) {
        x->cells[cell] =
            (names_cell){.first_held = NAMES_NONE, .first_edge = NAMES_NONE, .file = f};
    }
    for (uint32_t i = 0; i < file->view.n_classes; i++) {
        x->classes[file->first_class + i] = (names_class_facts){.file = f, .metaclass = NAMES_NONE};
    }
}

static bool list_places(rs_names_linked *x)
{
    uint32_t n_places = 0;
    for (uint32_t f = 0; f < x->n_files; f++) {
        uint32_t place = x->files[f].place;
        n_places = place != RS_NO_PLACE && place >= n_places ? place + 1 : n_places;
    }
    x->n_places = n_places;
    x->file_of_place = rs_alloc(n_places + 1, sizeof *x->file_of_place);
    if (x->file_of_place == NULL) {
        return false;
    }
    memset(x->file_of_place, 0xff, (n_places + 1) * sizeof *x->file_of_place);
    for (uint32_t f = 0; f < x->n_files; f++) {
        if (x->files[f].place != RS_NO_PLACE) {
            x->file_of_place[x->files[f].place] = f;
        }
    }
    return true;
}

/* What is read of a file that has its numbers, once there is room for them. */
static bool fill_file(rs_names_linked *x, uint32_t f, uint32_t star)
{
    empty_cells(x, f);
    return read_texts(x, f) && read_slots(x, f, star);
}

bool rs_names_open(rs_names_linked *x, const rs_summary *files, size_t n_files)
{
    size_t n_modules = rs_module_count(x->modules);
    x->files = rs_alloc_zero(n_files + 1, sizeof *x->files);
    x->is_imported = rs_alloc_zero(n_modules + 1, 1);
    x->file_of_stub = rs_alloc(n_modules + 1, sizeof *x->file_of_stub);
    if (x->files == NULL || x->is_imported == NULL || x->file_of_stub == NULL) {
        return false;
    }
    memset(x->file_of_stub, 0xff, (n_modules + 1) * sizeof *x->file_of_stub);
    x->n_files = x->n_own_files = (uint32_t)n_files;
    for (uint32_t f = 0; f < x->n_files; f++) {
        open_file(x, f, &files[f]);
    }
    uint32_t star = rs_strings_add(&x->texts, RS_STR_LITERAL("*"));
    bool fits = star != RS_STR_NULL && rs_names_make_room(x) && list_places(x);
    for (uint32_t f = 0; f < x->n_files && fits; f++) {
        fits = fill_file(x, f, star);
    }
    return fits;
}

bool rs_names_open_outside(rs_names_linked *x, const rs_summary *summary, uint32_t module)
{
    uint32_t f = x->n_files;
    x->n_files++;
    if (!rs_names_make_room(x)) {
        x->n_files--;
        return false;
    }
    names_file *file = &x->files[f];
    *file = (names_file){.place = RS_NO_PLACE, .module = module, .is_outside = true};
    file->is_read = rs_names_view(summary, &file->view);
    number_file(x, file);
    x->file_of_stub[module] = f;
    uint32_t star = rs_strings_find(&x->texts, RS_STR_LITERAL("*"));
    return rs_names_make_room(x) && fill_file(x, f, star);
}
