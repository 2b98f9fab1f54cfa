/* SPDX-License-Identifier: Apache-2.0 */
/* The params: of a pack.
 *
 *   params:
 *   - name: layers             as rules name it: IN params.layers
 *     type: str                of its values, as columns of contracts have them
 *     doc: Names of the layers that the question is about.
 *     key: layer               the column that holds them, in files and in SQL; `value` unsaid
 *     required: true           no run of a rule that reads it without values; false unsaid
 *     empty: refuse            what a table without rows means; the policy's empty_result unsaid
 */
#include "rules/fields.h"
#include "rules/rule.h"

/* By rs_param_empty. */
static const char *const empty_words[] = {"empty_result", "refuse"};

enum { N_PARAM_COLUMNS = 2 };

/* How often a value was given: the column behind the values, whatever these are called. */
#define COUNT_COLUMN "n_given"

static void keep_param(rs_loader *loader, rs_param_table param)
{
    rs_param_table_vec *list = &loader->rules->params;
    for (size_t i = 0; i < list->n_items; i++) {
        rs_param_table *known = &list->items[i];
        if (strcmp(known->name, param.name) != 0) {
            continue;
        }
        if (known->source == param.source) {
            rs_problems_add(loader->problems, param.place,
                            "param table %s stands already in %s, line %u", param.name,
                            known->place.file, (unsigned)known->place.line);
        }
        *known = param;
        return;
    }
    if (!rs_param_table_vec_push(list, param)) {
        loader->problems->failed = true;
    }
}

/* The policy's prefix and the name. */
static const char *table_name(rs_loader *loader, const char *name)
{
    rs_buf text = {0};
    rs_buf_add(&text, loader->rules->policy->param_tables.prefix);
    rs_buf_add(&text, name);
    const char *table = rs_arena_strndup(loader->arena, rs_buf_text(&text), text.n_bytes);
    loader->problems->failed = loader->problems->failed || text.failed || table == NULL;
    rs_buf_release(&text);
    return table;
}

/* Its record: each value once, and how often it was given. */
static bool add_dataset(rs_loader *loader, rs_param_table *param, const rs_yaml *type,
                        const char *key)
{
    rs_dataset *dataset = rs_arena_alloc(loader->arena, 1, sizeof *dataset);
    rs_column *columns = rs_arena_alloc(loader->arena, N_PARAM_COLUMNS, sizeof *columns);
    if (dataset == NULL || columns == NULL) {
        loader->problems->failed = true;
        return false;
    }
    columns[0] = (rs_column){.name = key, .source = "", .doc = param->doc};
    columns[1] = (rs_column){.name = COUNT_COLUMN,
                             .type = RS_TYPE_I64,
                             .required = true,
                             .source = "",
                             .doc = "how often the run was given the value"};
    *dataset = (rs_dataset){.name = param->name,
                            .version = 1,
                            .lens = "params",
                            .key = key,
                            .doc = param->doc,
                            .columns = columns,
                            .n_columns = N_PARAM_COLUMNS};
    param->dataset = dataset;
    param->column = columns;
    return rs_load_type(loader, type, columns);
}

/* The column of the values: `value` unless the pack says another. */
static const char *load_key(rs_loader *loader, const rs_yaml *mapping)
{
    const rs_yaml *key = rs_field_text(loader->problems, mapping, "key", false);
    if (key == NULL) {
        return "value";
    }
    const char *name = rs_field_name(loader->problems, key, "key");
    if (name != NULL && strcmp(name, COUNT_COLUMN) == 0) {
        rs_problems_add(loader->problems, key->place,
                        "key: every param table has a column " COUNT_COLUMN
                        "; choose another name");
        return NULL;
    }
    return name;
}

static void load_param(rs_loader *loader, const rs_yaml *mapping)
{
    rs_problems *problems = loader->problems;
    size_t n_before = problems->list.n_items;
    rs_load_known_keys(loader, mapping, RS_PACK_PARAM);
    const rs_yaml *name = rs_field_text(problems, mapping, "name", true);
    const rs_yaml *type = rs_field_text(problems, mapping, "type", true);
    const rs_yaml *doc = rs_field_text(problems, mapping, "doc", true);
    const rs_yaml *required = rs_yaml_get(mapping, "required");
    const rs_yaml *empty = rs_field_text(problems, mapping, "empty", false);
    const char *key = load_key(loader, mapping);
    rs_param_table param = {.source = loader->source, .empty = RS_PARAM_EMPTY_RESULT};
    if (required != NULL) {
        (void)rs_field_bool(problems, required, "required", &param.required);
    }
    if (empty != NULL) {
        int word = rs_field_word(problems, empty, "empty", empty_words,
                                 sizeof empty_words / sizeof empty_words[0]);
        param.empty = word > 0 ? RS_PARAM_EMPTY_REFUSED : RS_PARAM_EMPTY_RESULT;
    }
    if (name == NULL || type == NULL || doc == NULL || key == NULL) {
        return;
    }
    param.name = rs_field_name(problems, name, "name");
    param.place = name->place;
    param.doc = doc->text.bytes;
    param.type = type->text.bytes;
    if (param.name != NULL && add_dataset(loader, &param, type, key) &&
        problems->list.n_items == n_before) {
        param.table = table_name(loader, param.name);
        if (param.table != NULL) {
            keep_param(loader, param);
        }
    }
}

void rs_load_params(rs_loader *loader, const rs_yaml *root)
{
    const rs_yaml *list = rs_load_child(loader, root, "params", RS_YAML_SEQUENCE, false);
    for (const rs_yaml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        if (item->kind == RS_YAML_MAPPING) {
            load_param(loader, item);
        } else {
            rs_problems_add(loader->problems, item->place, "expected a param table, found %s",
                            rs_yaml_kind_name(item->kind));
        }
    }
}

/* A table or a schema document of that name is there already. */
static bool is_taken(const rs_rules *rules, const char *name)
{
    return rs_dataset_find(rs_str_of(name)) != NULL ||
           rs_record_dataset_find(rs_str_of(name)) != NULL ||
           rs_contract_find(&rules->contracts, rs_str_of(name)) != NULL;
}

void rs_check_params(rs_rules *rules)
{
    for (size_t i = 0; i < rules->params.n_items; i++) {
        const rs_param_table *param = &rules->params.items[i];
        if (is_taken(rules, param->name)) {
            rs_problems_add(&rules->problems, param->place,
                            "param table %s: a dataset has that name; choose another", param->name);
        } else if (is_taken(rules, param->table)) {
            rs_problems_add(&rules->problems, param->place,
                            "param table %s: a dataset has the name of its table, %s "
                            "(param_tables.prefix of the policy)",
                            param->name, param->table);
        }
    }
}
