/* SPDX-License-Identifier: Apache-2.0 */
/* The datasets: of a pack. */
#include "rules/contract.h"

#include <string.h>
#include <strings.h>

#include "rules/fields.h"
#include "rules/rule.h"

static const struct {
    const char *word;
    rs_type type;
    const rs_entity *entity; /* of an id */
    bool is_shared;
} types[] = {
    {"id", RS_TYPE_I64, &rs_entities[RS_ENTITY_any], false},
    {"gid", RS_TYPE_I64, &rs_entities[RS_ENTITY_any], true},
    {"i64", RS_TYPE_I64, NULL, false},
    {"i32", RS_TYPE_I32, NULL, false},
    {"bool", RS_TYPE_BOOL, NULL, false},
    {"f32", RS_TYPE_F32, NULL, false},
    {"f64", RS_TYPE_F64, NULL, false},
    {"str", RS_TYPE_STR, NULL, false},
};

rs_contract *rs_contract_find(const rs_contract_vec *contracts, rs_str name)
{
    for (size_t i = 0; i < contracts->n_items; i++) {
        if (rs_str_equal(rs_str_of(contracts->items[i]->dataset->name), name)) {
            return contracts->items[i];
        }
    }
    return NULL;
}

/* --- columns --- */

bool rs_load_type(rs_loader *loader, const rs_yaml *word, rs_column *column)
{
    rs_nearest nearest = {.name = word->text};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (rs_str_equal(rs_str_of(types[i].word), word->text)) {
            column->type = types[i].type;
            column->entity = types[i].entity;
            column->is_shared = types[i].is_shared;
            return true;
        }
        rs_nearest_offer(&nearest, types[i].word);
    }
    column->words = rs_kinds_words(loader->rules->kinds, rs_words_find(word->text.bytes));
    if (column->words != NULL) {
        column->type = RS_TYPE_ENUM;
        return true;
    }
    for (size_t i = 0; rs_words_get(i) != NULL; i++) {
        rs_nearest_offer(&nearest, rs_words_get(i)->name);
    }
    rs_problems_add(loader->problems, word->place, "unknown type %.60s%s", word->text.bytes,
                    rs_nearest_hint(&nearest, loader->arena));
    return false;
}

/* of: what an id refers to. */
static bool load_entity(rs_loader *loader, const rs_yaml *mapping, rs_column *column)
{
    const rs_yaml *word = rs_field_text(loader->problems, mapping, "of", false);
    if (word == NULL) {
        return rs_yaml_get(mapping, "of") == NULL;
    }
    if (column->entity == NULL) {
        rs_problems_add(loader->problems, word->place,
                        "of: only an id (id, gid) refers to something");
        return false;
    }
    rs_nearest nearest = {.name = word->text};
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        rs_nearest_offer(&nearest, rs_entities[i].name);
    }
    column->entity = rs_entity_find(word->text);
    if (column->entity == NULL) {
        rs_problems_add(loader->problems, word->place, "unknown entity %.60s%s", word->text.bytes,
                        rs_nearest_hint(&nearest, loader->arena));
    }
    return column->entity != NULL;
}

static bool is_standard(const char *name)
{
    size_t n_standard = 0;
    const rs_column *standard = rs_relationship_columns(&n_standard);
    for (size_t i = 0; i < n_standard; i++) {
        if (strcmp(standard[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool load_column(rs_loader *loader, const rs_yaml *key, rs_column *column)
{
    const rs_yaml *value = key->value;
    const char *name = rs_field_name(loader->problems, key, "column");
    if (name == NULL) {
        return false;
    }
    if (is_standard(name)) {
        rs_problems_add(loader->problems, key->place, "every relationship has a column %s", name);
        return false;
    }
    if (strcmp(name, "reason") == 0) {
        rs_problems_add(loader->problems, key->place, "rejects have a column %s of their own",
                        name);
        return false;
    }
    if (value->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, value->place,
                        "column %s: expected a mapping with type, required and doc, found %s", name,
                        rs_yaml_kind_name(value->kind));
        return false;
    }
    rs_load_known_keys(loader, value, RS_PACK_COLUMN);
    const rs_yaml *type = rs_field_text(loader->problems, value, "type", true);
    const rs_yaml *doc = rs_field_text(loader->problems, value, "doc", true);
    const rs_yaml *required = rs_yaml_get(value, "required");
    *column = (rs_column){.name = name, .source = "", .doc = doc != NULL ? doc->text.bytes : ""};
    if (required != NULL) {
        (void)rs_field_bool(loader->problems, required, "required", &column->required);
    }
    return type != NULL && doc != NULL && rs_load_type(loader, type, column) &&
           load_entity(loader, value, column);
}

static bool load_columns(rs_loader *loader, const rs_yaml *columns, rs_dataset *dataset)
{
    size_t n_standard = 0;
    const rs_column *standard = rs_relationship_columns(&n_standard);
    if (columns->n_children == 0 || columns->n_children + n_standard > RS_PLAN_MAX_COLUMNS) {
        rs_problems_add(loader->problems, columns->place, "columns: expected 1 to %zu of them",
                        RS_PLAN_MAX_COLUMNS - n_standard);
        return false;
    }
    size_t n_columns = columns->n_children + n_standard;
    rs_column *list = rs_arena_alloc(loader->arena, n_columns, sizeof *list);
    if (list == NULL) {
        loader->problems->failed = true;
        return false;
    }
    size_t n = 0;
    bool fits = true;
    for (const rs_yaml *key = columns->first; key != NULL; key = key->next) {
        fits = load_column(loader, key, &list[n++]) && fits;
    }
    memcpy(list + n, standard, n_standard * sizeof *list);
    dataset->columns = list;
    dataset->n_columns = n_columns;
    return fits;
}

/* --- keys and orders --- */

static bool load_term(rs_problems *problems, const rs_dataset *dataset, const rs_yaml *item,
                      const char *what, bool may_descend, rs_sort_term *term)
{
    if (item->kind != RS_YAML_SCALAR) {
        rs_problems_add(problems, item->place, "%s: expected a column, found %s", what,
                        rs_yaml_kind_name(item->kind));
        return false;
    }
    size_t n_name = strcspn(item->text.bytes, " ");
    rs_str name = {item->text.bytes, n_name};
    const char *direction = item->text.bytes + n_name + strspn(item->text.bytes + n_name, " ");
    term->is_descending = strcasecmp(direction, "desc") == 0;
    term->place = item->place;
    term->column = rs_column_find(dataset, name);
    bool is_direction =
        *direction == '\0' || term->is_descending || strcasecmp(direction, "asc") == 0;
    if (!is_direction || (!may_descend && *direction != '\0')) {
        rs_problems_add(problems, item->place, "%s: expected a column%s, found %.60s", what,
                        may_descend ? ", with asc or desc behind it" : "", item->text.bytes);
        return false;
    }
    if (term->column == NULL) {
        rs_nearest nearest = {.name = name};
        for (size_t i = 0; i < dataset->n_columns; i++) {
            rs_nearest_offer(&nearest, dataset->columns[i].name);
        }
        rs_problems_add(problems, item->place, "%s: dataset %s has no column %.*s%s", what,
                        dataset->name, (int)(n_name < 60 ? n_name : 60), name.bytes,
                        rs_nearest_hint(&nearest, problems->arena));
        return false;
    }
    return true;
}

size_t rs_load_sort(rs_problems *problems, const rs_dataset *dataset, const rs_yaml *list,
                    const char *what, bool may_descend, rs_sort_term *terms)
{
    if (list->kind != RS_YAML_SEQUENCE || list->n_children == 0 ||
        list->n_children > RS_SORT_MAX_TERMS) {
        rs_problems_add(problems, list->place, "%s: expected a list of 1 to %d columns", what,
                        (int)RS_SORT_MAX_TERMS);
        return 0;
    }
    size_t n_terms = 0;
    for (const rs_yaml *item = list->first; item != NULL; item = item->next) {
        if (!load_term(problems, dataset, item, what, may_descend, &terms[n_terms])) {
            return 0;
        }
        for (size_t i = 0; i < n_terms; i++) {
            if (terms[i].column == terms[n_terms].column) {
                rs_problems_add(problems, item->place, "%s: column %s stands here twice", what,
                                terms[i].column->name);
                return 0;
            }
        }
        n_terms++;
    }
    return n_terms;
}

/* The key as the registry has it: "a, b". */
static bool load_key(rs_loader *loader, const rs_yaml *list, rs_dataset *dataset,
                     rs_contract *contract)
{
    rs_buf text = {0};
    size_t n_terms = rs_load_sort(loader->problems, dataset, list, "key", false, contract->sort);
    for (size_t i = 0; i < n_terms; i++) {
        rs_buf_add(&text, i == 0 ? "" : ", ");
        rs_buf_add(&text, contract->sort[i].column->name);
        if (!contract->sort[i].column->required) {
            rs_problems_add(loader->problems, contract->sort[i].place,
                            "key: column %s may be null; a column of the key says required: true",
                            contract->sort[i].column->name);
        }
    }
    contract->n_sort = n_terms;
    dataset->key = rs_arena_strndup(loader->arena, rs_buf_text(&text), text.n_bytes);
    loader->problems->failed = loader->problems->failed || text.failed || dataset->key == NULL;
    rs_buf_release(&text);
    return n_terms > 0 && dataset->key != NULL;
}

/* The question is one number, so that a group has one id. */
static bool load_group(rs_loader *loader, const rs_yaml *name, rs_contract *contract)
{
    const rs_column *column = rs_column_find(contract->dataset, name->text);
    if (column == NULL || column->type != RS_TYPE_I64 || !column->required) {
        rs_problems_add(loader->problems, name->place,
                        "group: expected a required id or i64 column of the dataset, found %.60s",
                        name->text.bytes);
        return false;
    }
    contract->group = column;
    return true;
}

/* --- the whole --- */

static void keep_contract(rs_loader *loader, rs_contract *contract)
{
    rs_contract_vec *list = &loader->rules->contracts;
    rs_str name = rs_str_of(contract->dataset->name);
    if (rs_dataset_find(name) != NULL) {
        rs_problems_add(loader->problems, contract->place, "%s is a dataset of relspec itself",
                        name.bytes);
        return;
    }
    for (size_t i = 0; i < list->n_items; i++) {
        const rs_contract *known = list->items[i];
        if (strcmp(known->dataset->name, name.bytes) != 0) {
            continue;
        }
        if (known->source == contract->source) {
            rs_problems_add(loader->problems, contract->place,
                            "two contracts for dataset %s: the other one stands in %s, line %u",
                            name.bytes, known->place.file, (unsigned)known->place.line);
            return;
        }
        list->items[i] = contract;
        return;
    }
    if (!rs_contract_vec_push(list, contract)) {
        loader->problems->failed = true;
    }
}

static void load_contract(rs_loader *loader, const rs_yaml *mapping)
{
    rs_contract *contract = rs_arena_alloc(loader->arena, 1, sizeof *contract);
    rs_dataset *dataset = rs_arena_alloc(loader->arena, 1, sizeof *dataset);
    if (contract == NULL || dataset == NULL) {
        loader->problems->failed = true;
        return;
    }
    rs_problems *problems = loader->problems;
    size_t n_before = problems->list.n_items;
    rs_load_known_keys(loader, mapping, RS_PACK_DATASET);
    const rs_yaml *name = rs_field_text(problems, mapping, "name", true);
    const rs_yaml *doc = rs_field_text(problems, mapping, "doc", true);
    const rs_yaml *columns = rs_load_child(loader, mapping, "columns", RS_YAML_MAPPING, true);
    const rs_yaml *key = rs_load_child(loader, mapping, "key", RS_YAML_SEQUENCE, true);
    const rs_yaml *group = rs_field_text(problems, mapping, "group", false);
    const rs_yaml *sort = rs_yaml_get(mapping, "sort");
    const rs_yaml *version = rs_yaml_get(mapping, "version");
    const rs_yaml *rank = rs_yaml_get(mapping, "rank");
    int64_t number = 1;
    int64_t strength = 1;
    if (rank != NULL) {
        rs_load_whole(loader, rank, RS_PACK_DATASET, "rank", &strength);
    }
    if (version != NULL) {
        rs_load_whole(loader, version, RS_PACK_DATASET, "version", &number);
    }
    *dataset = (rs_dataset){.version = (int)number, .lens = "relationship", .key = ""};
    *contract = (rs_contract){.dataset = dataset, .source = loader->source, .rank = (int)strength};
    if (name != NULL) {
        dataset->name = rs_field_name(problems, name, "name");
        contract->place = name->place;
    }
    dataset->doc = doc != NULL ? doc->text.bytes : "";
    if (columns != NULL && key != NULL && load_columns(loader, columns, dataset) &&
        load_key(loader, key, dataset, contract)) {
        if (sort != NULL) {
            contract->n_sort = rs_load_sort(problems, dataset, sort, "sort", true, contract->sort);
        }
        if (group != NULL) {
            (void)load_group(loader, group, contract);
        }
    }
    if (problems->list.n_items == n_before && !problems->failed) {
        RS_ASSERT(dataset->name != NULL);
        keep_contract(loader, contract);
    }
}

void rs_load_contracts(rs_loader *loader, const rs_yaml *root)
{
    const rs_yaml *list = rs_load_child(loader, root, "datasets", RS_YAML_SEQUENCE, false);
    for (const rs_yaml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        if (item->kind == RS_YAML_MAPPING) {
            load_contract(loader, item);
        } else {
            rs_problems_add(loader->problems, item->place, "expected a dataset, found %s",
                            rs_yaml_kind_name(item->kind));
        }
    }
}
