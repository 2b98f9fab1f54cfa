/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of operators, as their tables say (plan/operator.h). */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

enum { MAX_WORDS = 16, MAX_KEYS = 16, MAX_ALTERNATIVE_BYTES = 160 };

/* Where a key's value goes. */
static void *place_of(rs_plan *plan, size_t at)
{
    return (char *)plan + at;
}

static void load_interval(rs_loader *loader, rs_plan *plan, const rs_key *key, const rs_yaml *list)
{
    if (list->n_children != 2) {
        rs_problems_add(loader->problems, list->place, "%s: expected [start, end]", key->name);
        return;
    }
    (void)rs_load_exprs(loader, list, key->name, place_of(plan, key->at), 2);
}

static void load_exprs(rs_loader *loader, rs_plan *plan, const rs_key *key, const rs_yaml *list)
{
    size_t n_exprs = rs_load_exprs(loader, list, key->name, place_of(plan, key->at), key->most);
    memcpy(place_of(plan, key->n_at), &n_exprs, sizeof n_exprs);
}

static bool refuse_hinted(rs_loader *loader, const rs_key *key, const rs_yaml *word)
{
    for (const rs_key_hint *hint = key->hints; hint != NULL && hint->prefix != NULL; hint++) {
        if (strncmp(word->text.bytes, hint->prefix, strlen(hint->prefix)) == 0) {
            rs_problems_add(loader->problems, word->place, "%s%.60s%s", hint->before,
                            word->text.bytes, hint->behind);
            return true;
        }
    }
    return false;
}

/* The number of one of the key's words; -1 with a problem. */
static int load_word(rs_loader *loader, const rs_key *key, const rs_yaml *word)
{
    const char *words[MAX_WORDS];
    size_t n_words = 0;
    while (key->word(n_words) != NULL) {
        RS_ASSERT(n_words < MAX_WORDS);
        words[n_words] = key->word(n_words);
        n_words++;
    }
    if (refuse_hinted(loader, key, word)) {
        return -1;
    }
    return rs_field_word(loader->problems, word, key->name, words, n_words);
}

static void load_number(rs_loader *loader, rs_plan *plan, const rs_key *key, const rs_yaml *word)
{
    int found = load_word(loader, key, word);
    unsigned number = found < 0 ? 0 : (unsigned)found;
    memcpy(place_of(plan, key->at), &number, sizeof number); /* what an enumeration is */
}

/* All keys of an alternative, and how many of them a mapping has. */
static size_t count_present(const rs_yaml *mapping, const char *alternative, size_t *n_all)
{
    size_t n_present = 0;
    *n_all = 0;
    while (*alternative != '\0') {
        char name[RS_FIELD_MAX_NAME_BYTES];
        size_t n_bytes = strcspn(alternative, " ");
        RS_ASSERT(n_bytes < sizeof name);
        memcpy(name, alternative, n_bytes);
        name[n_bytes] = '\0';
        n_present += rs_yaml_get(mapping, name) != NULL;
        *n_all += 1;
        alternative += n_bytes + (alternative[n_bytes] == ' ');
    }
    return n_present;
}

/* One alternative is there as a whole, and nothing of another. */
static bool check_choices(rs_loader *loader, const rs_key *key, const rs_yaml *mapping)
{
    size_t n_whole = 0;
    size_t n_touched = 0;
    for (size_t i = 0; key->choices[i] != NULL; i++) {
        size_t n_all = 0;
        size_t n_present = count_present(mapping, key->choices[i], &n_all);
        n_whole += n_present == n_all;
        n_touched += n_present > 0;
    }
    if (n_whole == 1 && n_touched == 1) {
        return true;
    }
    rs_buf text = {0};
    for (size_t i = 0; key->choices[i] != NULL; i++) {
        rs_buf_add(&text, i == 0 ? "" : ", or ");
        for (const char *c = key->choices[i]; *c != '\0'; c++) {
            if (*c == ' ') {
                rs_buf_add(&text, " and ");
            } else {
                rs_buf_add_char(&text, *c);
            }
        }
    }
    rs_problems_add(loader->problems, mapping->place, "%s: expected %s", key->name,
                    rs_buf_text(&text));
    rs_buf_release(&text);
    return false;
}

static void load_value(rs_loader *loader, rs_plan *plan, const rs_key *key, const rs_yaml *value);

/* What a mapping of further keys holds; they have no mappings themselves. */
static void load_mapping(rs_loader *loader, rs_plan *plan, const rs_key *of, const rs_yaml *mapping)
{
    const char *known[MAX_KEYS];
    size_t n_known = 0;
    for (const rs_key *key = of->keys; key->name != NULL; key++) {
        RS_ASSERT(n_known + 1 < MAX_KEYS && key->kind != RS_KEY_KEYS);
        known[n_known++] = key->name;
    }
    known[n_known] = NULL;
    rs_field_known_keys(loader->problems, mapping, of->name, known);
    if (of->choices != NULL && !check_choices(loader, of, mapping)) {
        return;
    }
    for (const rs_key *key = of->keys; key->name != NULL; key++) {
        const rs_yaml *value = rs_yaml_get(mapping, key->name);
        if (value != NULL) {
            load_value(loader, plan, key, value);
        } else if (key->is_required) {
            rs_problems_add(loader->problems, mapping->place, "missing key %s", key->name);
        } else if (key->kind == RS_KEY_SWITCH) {
            *(bool *)place_of(plan, key->at) = key->otherwise != NULL && key->otherwise(plan);
        }
    }
}

/* What the value of each kind of key is as YAML. */
static const rs_yaml_kind yaml_kinds[] = {
    [RS_KEY_EXPR] = RS_YAML_SCALAR,       [RS_KEY_EXPRS] = RS_YAML_SEQUENCE,
    [RS_KEY_INTERVAL] = RS_YAML_SEQUENCE, [RS_KEY_WORD] = RS_YAML_SCALAR,
    [RS_KEY_SWITCH] = RS_YAML_SCALAR,     [RS_KEY_TEXT] = RS_YAML_SCALAR,
    [RS_KEY_KEYS] = RS_YAML_MAPPING,
};

static bool has_shape(rs_loader *loader, const rs_key *key, const rs_yaml *value)
{
    static const char *const names[] = {[RS_YAML_SCALAR] = "a text",
                                        [RS_YAML_SEQUENCE] = "a list",
                                        [RS_YAML_MAPPING] = "a mapping"};
    rs_yaml_kind wanted = yaml_kinds[key->kind];
    bool is_empty = wanted == RS_YAML_SCALAR && value->kind == RS_YAML_SCALAR &&
                    (value->text.n_bytes == 0 || rs_yaml_is_null(value));
    if (value->kind == wanted && !is_empty) {
        return true;
    }
    if (key->kind == RS_KEY_EXPRS) {
        rs_problems_add(loader->problems, value->place,
                        "%s: expected a list of 1 to %zu expressions", key->name, key->most);
        return false;
    }
    rs_problems_add(
        loader->problems, value->place, "%s: expected %s, found %s", key->name, names[wanted],
        wanted == RS_YAML_SCALAR ? rs_field_found(value) : rs_yaml_kind_name(value->kind));
    return false;
}

static void load_value(rs_loader *loader, rs_plan *plan, const rs_key *key, const rs_yaml *value)
{
    if (!has_shape(loader, key, value)) {
        return;
    }
    switch (key->kind) {
    case RS_KEY_EXPR:
        *(rs_expr **)place_of(plan, key->at) = rs_load_expr(loader, value);
        break;
    case RS_KEY_EXPRS:
        load_exprs(loader, plan, key, value);
        break;
    case RS_KEY_INTERVAL:
        load_interval(loader, plan, key, value);
        break;
    case RS_KEY_WORD:
        load_number(loader, plan, key, value);
        break;
    case RS_KEY_SWITCH:
        *(bool *)place_of(plan, key->at) = load_word(loader, key, value) == 1;
        break;
    case RS_KEY_TEXT:
        *(rs_str *)place_of(plan, key->at) = value->text;
        break;
    case RS_KEY_KEYS:
        load_mapping(loader, plan, key, value);
        break;
    }
}

/* "a hash_join or interval_align": the operators that have the key. */
static void add_owners(const char *name, rs_buf *text)
{
    const char *before = "a ";
    for (size_t i = 0; rs_operator_get(i) != NULL; i++) {
        const rs_operator *op = rs_operator_get(i);
        if (rs_key_find(op->keys, rs_str_of(name)) != NULL) {
            bool is_vowel = text->n_bytes == 0 && strchr("aeiou", op->name[0]) != NULL;
            rs_buf_add(text, is_vowel ? "an " : before);
            rs_buf_add(text, op->name);
            before = " or ";
        }
    }
}

/* Keys that another operator has. */
static void refuse_others(rs_loader *loader, const rs_operator *op, const rs_yaml *mapping)
{
    for (const rs_yaml *key = mapping->first; key != NULL; key = key->next) {
        rs_buf owners = {0};
        if (rs_key_find(op->keys, key->text) == NULL) {
            add_owners(key->text.bytes, &owners);
        }
        if (owners.n_bytes > 0) {
            rs_problems_add(loader->problems, key->value->place, "only %s has %s",
                            rs_buf_text(&owners), key->text.bytes);
        }
        rs_buf_release(&owners);
    }
}

void rs_load_operator(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_operator *op = rule->plan.op;
    refuse_others(loader, op, mapping);
    if (op->needs != NULL && rs_yaml_get(mapping, op->needs) == NULL) {
        rs_problems_add(loader->problems, mapping->place, "missing key %s", op->needs);
    }
    for (const rs_key *key = op->keys; key->name != NULL; key++) {
        const rs_yaml *value = rs_yaml_get(mapping, key->name);
        if (value != NULL) {
            load_value(loader, &rule->plan, key, value);
        } else if (key->is_required) {
            rs_problems_add(loader->problems, mapping->place, "missing key %s", key->name);
        }
    }
}
