/* SPDX-License-Identifier: Apache-2.0 */
/* A policy file's tree into a policy: first the defaults, then the user's file over them. */
#include <ctype.h>
#include <stdlib.h>

#include "rules/embedded.h"
#include "rules/fields.h"
#include "rules/policy_keys.h"

enum { MAX_KEYS = 16 };

RS_VEC_DEFINE(confidence_vec, rs_confidence_policy)
RS_VEC_DEFINE(ambiguity_vec, rs_ambiguity_policy)

typedef struct loader {
    rs_policy *policy;
    rs_problems *problems;
    bool is_default; /* the file of the defaults: every setting stands there */
    confidence_vec confidence;
    ambiguity_vec ambiguity;
} loader;

/* --- mappings and lists --- */

static bool is_mapping(loader *in, const rs_yaml *value, const char *what)
{
    if (value->kind == RS_YAML_MAPPING) {
        return true;
    }
    rs_problems_add(in->problems, value->place, "%s: expected a mapping, found %.60s", what,
                    rs_field_found(value));
    return false;
}

/* Refuse keys that the table does not have there. */
static void check_keys(loader *in, const rs_yaml *mapping, const char *where)
{
    const char *known[MAX_KEYS + 1];
    size_t n_known = 0;
    for (size_t i = 0; rs_policy_key_get(i) != NULL; i++) {
        const rs_policy_key *key = rs_policy_key_get(i);
        if (strcmp(key->where, where) == 0 && n_known < MAX_KEYS) {
            known[n_known++] = key->name;
        }
    }
    known[n_known] = NULL;
    rs_field_known_keys(in->problems, mapping, where, known);
}

/* A list of 1 to most items; NULL with a problem. */
static const rs_yaml *list_of(loader *in, const rs_yaml *value, const char *key, const char *item,
                              size_t most)
{
    if (value->kind != RS_YAML_SEQUENCE) {
        rs_problems_add(in->problems, value->place, "%s: expected a list of %ss, found %.60s", key,
                        item, rs_field_found(value));
        return NULL;
    }
    if (value->n_children == 0 || value->n_children > most) {
        rs_problems_add(in->problems, value->place, "%s: expected 1 to %zu %ss, found %zu", key,
                        most, item, value->n_children);
        return NULL;
    }
    return value;
}

static const char *load_doc(loader *in, const rs_yaml *mapping)
{
    const rs_yaml *doc = rs_field_text(in->problems, mapping, "doc", false);
    return doc != NULL ? doc->text.bytes : "";
}

static void *allocate(loader *in, size_t n_items, size_t n_item_bytes)
{
    void *items = rs_arena_alloc(&in->policy->arena, n_items, n_item_bytes);
    if (items == NULL) {
        in->problems->failed = true;
    }
    return items;
}

/* --- confidence --- */

/* A letter, then letters, digits and _: what the words of a source column are made of. */
static bool is_word(rs_str text)
{
    bool fits = text.n_bytes > 0 && text.n_bytes < RS_FIELD_MAX_NAME_BYTES &&
                isalpha((unsigned char)text.bytes[0]) != 0;
    for (size_t i = 0; i < text.n_bytes && fits; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        fits = isalnum(c) != 0 || c == '_';
    }
    return fits;
}

static int compare_weights(const void *a, const void *b)
{
    return strcmp(((const rs_source_weight *)a)->source, ((const rs_source_weight *)b)->source);
}

static void load_weights(loader *in, const rs_yaml *mapping, rs_confidence_policy *policy)
{
    const rs_yaml *weights = rs_yaml_get(mapping, "weights");
    if (weights == NULL || !is_mapping(in, weights, "weights") || weights->n_children == 0) {
        return;
    }
    rs_source_weight *items = allocate(in, weights->n_children, sizeof *items);
    if (items == NULL) {
        return;
    }
    size_t n_items = 0;
    for (const rs_yaml *key = weights->first; key != NULL; key = key->next) {
        double weight = 0;
        if (!is_word(key->text)) {
            rs_problems_add(in->problems, key->place,
                            "weights: expected a source of letters, digits and _ that starts "
                            "with a letter, found %.60s",
                            key->text.bytes);
        } else if (rs_field_decimal(in->problems, key->value, key->text.bytes, -1, 1, &weight)) {
            items[n_items++] = (rs_source_weight){key->text.bytes, weight, key->place};
        }
    }
    if (n_items > 1) {
        qsort(items, n_items, sizeof *items, compare_weights);
    }
    policy->weights = items;
    policy->n_weights = n_items;
}

static double load_part(loader *in, const rs_yaml *mapping, const char *key, bool is_required)
{
    double number = 0;
    const rs_yaml *value = rs_yaml_get(mapping, key);
    if (value != NULL) {
        (void)rs_field_decimal(in->problems, value, key, 0, 1, &number);
    } else if (is_required) {
        rs_problems_add(in->problems, mapping->place, "missing key %s", key);
    }
    return number;
}

/* n_default: how many of the vector's items are the defaults, which alone can be overridden. */
static void load_confidence(loader *in, const rs_yaml *key, size_t n_default)
{
    const char *name = rs_field_name(in->problems, key, "confidence");
    if (name == NULL || !is_mapping(in, key->value, name)) {
        return;
    }
    check_keys(in, key->value, RS_POLICY_CONFIDENCE);
    rs_confidence_policy policy = {.name = name, .place = key->place};
    policy.doc = load_doc(in, key->value);
    policy.base = load_part(in, key->value, "base", true);
    policy.penalty = load_part(in, key->value, "penalty", false);
    load_weights(in, key->value, &policy);
    for (size_t i = 0; i < n_default; i++) {
        if (strcmp(in->confidence.items[i].name, name) == 0) {
            in->confidence.items[i] = policy;
            return;
        }
    }
    if (!confidence_vec_push(&in->confidence, policy)) {
        in->problems->failed = true;
    }
}

/* --- ambiguity --- */

/* "symbol", "score asc" or "score desc". */
static bool load_order_item(loader *in, const rs_yaml *item, rs_policy_column *column)
{
    size_t n_bytes = 0;
    while (n_bytes < item->text.n_bytes && item->text.bytes[n_bytes] != ' ') {
        n_bytes++;
    }
    const char *direction = n_bytes < item->text.n_bytes ? item->text.bytes + n_bytes + 1 : "asc";
    bool is_descending = strcmp(direction, "desc") == 0;
    if (!rs_field_is_name((rs_str){item->text.bytes, n_bytes}) ||
        (!is_descending && strcmp(direction, "asc") != 0)) {
        rs_problems_add(in->problems, item->place,
                        "order: expected a column, or a column with asc or desc, found %.60s",
                        rs_field_found(item));
        return false;
    }
    column->is_descending = is_descending;
    column->name = rs_arena_strndup(&in->policy->arena, item->text.bytes, n_bytes);
    in->problems->failed = in->problems->failed || column->name == NULL;
    return column->name != NULL;
}

static const rs_policy_column *find_column(const rs_policy_column *columns, size_t n_columns,
                                           const char *name)
{
    for (size_t i = 0; i < n_columns; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}

/* The columns of keys: or order:; how many are in *out. */
static size_t load_columns(loader *in, const rs_yaml *winner, const char *key, bool is_order,
                           const rs_policy_column **out)
{
    const rs_yaml *value = rs_yaml_get(winner, key);
    if (value == NULL) {
        rs_problems_add(in->problems, winner->place, "missing key %s of winner", key);
        return 0;
    }
    value = list_of(in, value, key, "column", RS_SORT_MAX_TERMS);
    rs_policy_column *columns =
        value != NULL ? allocate(in, value->n_children, sizeof *columns) : NULL;
    size_t n_columns = 0;
    *out = columns;
    for (const rs_yaml *item = columns != NULL ? value->first : NULL; item != NULL;
         item = item->next) {
        rs_policy_column column = {.place = item->place};
        if (item->kind != RS_YAML_SCALAR) {
            rs_problems_add(in->problems, item->place, "%s: expected a column, found %.60s", key,
                            rs_field_found(item));
            continue;
        }
        if (is_order ? !load_order_item(in, item, &column)
                     : (column.name = rs_field_name(in->problems, item, key)) == NULL) {
            continue;
        }
        if (find_column(columns, n_columns, column.name) != NULL) {
            rs_problems_add(in->problems, item->place, "%s: column %s stands here twice", key,
                            column.name);
            continue;
        }
        columns[n_columns++] = column;
    }
    return n_columns;
}

static void load_winner(loader *in, const rs_yaml *winner, rs_ambiguity_policy *policy)
{
    if (!is_mapping(in, winner, "winner")) {
        return;
    }
    check_keys(in, winner, RS_POLICY_WINNER);
    policy->kind = RS_AMBIGUITY_WINNER;
    policy->n_keys = load_columns(in, winner, "keys", false, &policy->keys);
    policy->n_order = load_columns(in, winner, "order", true, &policy->order);
    for (size_t i = 0; i < policy->n_order; i++) {
        const rs_policy_column *column = &policy->order[i];
        if (find_column(policy->keys, policy->n_keys, column->name) != NULL) {
            rs_problems_add(in->problems, column->place,
                            "order: %s is a key, the same in all rows of a group", column->name);
        }
    }
}

static void load_choice_of_rows(loader *in, const rs_yaml *mapping, rs_ambiguity_policy *policy)
{
    const rs_yaml *keep = rs_yaml_get(mapping, "keep");
    const rs_yaml *winner = rs_yaml_get(mapping, "winner");
    if ((keep == NULL) == (winner == NULL)) {
        rs_problems_add(in->problems, mapping->place, "expected keep or winner, found %s",
                        keep == NULL ? "neither" : "both");
    } else if (winner != NULL) {
        load_winner(in, winner, policy);
    } else if (keep->kind != RS_YAML_SCALAR || strcmp(keep->text.bytes, "all") != 0) {
        rs_problems_add(in->problems, keep->place, "keep: expected all, found %.60s",
                        keep->kind == RS_YAML_SCALAR && keep->text.n_bytes > 0
                            ? keep->text.bytes
                            : rs_field_found(keep));
    }
}

static void load_ambiguity(loader *in, const rs_yaml *key, size_t n_default)
{
    const char *name = rs_field_name(in->problems, key, "ambiguity");
    if (name == NULL || !is_mapping(in, key->value, name)) {
        return;
    }
    check_keys(in, key->value, RS_POLICY_AMBIGUITY);
    rs_ambiguity_policy policy = {.name = name, .place = key->place};
    policy.doc = load_doc(in, key->value);
    load_choice_of_rows(in, key->value, &policy);
    for (size_t i = 0; i < n_default; i++) {
        if (strcmp(in->ambiguity.items[i].name, name) == 0) {
            in->ambiguity.items[i] = policy;
            return;
        }
    }
    if (!ambiguity_vec_push(&in->ambiguity, policy)) {
        in->problems->failed = true;
    }
}

/* --- settings --- */

static void load_lanes(loader *in, const rs_yaml *value)
{
    const rs_words *words = rs_words_find("kernel_lane");
    rs_policy *policy = in->policy;
    const rs_yaml *list = list_of(in, value, "allowed", "lane", words->n_words);
    policy->lanes.n_allowed = 0;
    for (const rs_yaml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        if (item->kind != RS_YAML_SCALAR) {
            rs_problems_add(in->problems, item->place, "allowed: expected a lane, found %.60s",
                            rs_field_found(item));
            continue;
        }
        int word = rs_field_word(in->problems, item, "lane", words->words, words->n_words);
        if (word < 0) {
            continue;
        }
        rs_lane lane = (rs_lane)word;
        if (rs_policy_lane_rank(policy, lane) < policy->lanes.n_allowed) {
            rs_problems_add(in->problems, item->place, "allowed: lane %s stands here twice",
                            item->text.bytes);
        } else {
            policy->lanes.allowed[policy->lanes.n_allowed++] = lane;
        }
    }
}

/* A word or name; NULL with a problem. */
static const char *load_word(loader *in, const rs_yaml *value, const rs_policy_setting *setting)
{
    const char *key = setting->key.name;
    const char *expected = setting->kind == RS_POLICY_WORD ? setting->word : "a name";
    if (value->kind != RS_YAML_SCALAR || value->text.n_bytes == 0) {
        rs_problems_add(in->problems, value->place, "%s: expected %s, found %.60s", key, expected,
                        rs_field_found(value));
        return NULL;
    }
    if (setting->kind == RS_POLICY_NAME) {
        return rs_field_name(in->problems, value, key);
    }
    if (strcmp(value->text.bytes, setting->word) != 0) {
        rs_problems_add(in->problems, value->place, "%s: expected %s, found %.60s", key, expected,
                        value->text.bytes);
        return NULL;
    }
    return setting->word;
}

static void load_setting(loader *in, const rs_yaml *value, const rs_policy_setting *setting)
{
    void *target = (char *)in->policy + setting->offset;
    const char *key = setting->key.name;
    switch (setting->kind) {
    case RS_POLICY_PART:
        break;
    case RS_POLICY_WORD:
    case RS_POLICY_NAME:
        *(const char **)target = load_word(in, value, setting);
        break;
    case RS_POLICY_BOOL:
        (void)rs_field_bool(in->problems, value, key, target);
        break;
    case RS_POLICY_COUNT:
        (void)rs_field_integer(in->problems, value, key, 0, RS_POLICY_MAX_COUNT, target);
        break;
    case RS_POLICY_LIMIT:
        (void)rs_field_integer(in->problems, value, key, 1, RS_POLICY_MAX_LIMIT, target);
        break;
    case RS_POLICY_LANES:
        load_lanes(in, value);
        break;
    }
}

/* All settings of one section, or of none where the file does not have it. */
static void load_section(loader *in, const rs_yaml *root, const char *name)
{
    const rs_yaml *section = rs_yaml_get(root, name);
    if (section == NULL ? !in->is_default : !is_mapping(in, section, name)) {
        return;
    }
    if (section != NULL) {
        check_keys(in, section, name);
    }
    for (size_t i = 0; rs_policy_setting_get(i) != NULL; i++) {
        const rs_policy_setting *setting = rs_policy_setting_get(i);
        if (strcmp(setting->key.where, name) != 0) {
            continue;
        }
        const rs_yaml *value = section != NULL ? rs_yaml_get(section, setting->key.name) : NULL;
        if (value != NULL) {
            load_setting(in, value, setting);
        } else if (in->is_default) {
            rs_problems_add(in->problems, section != NULL ? section->place : root->place,
                            "missing key %s of %s", setting->key.name, name);
        }
    }
}

/* --- the file --- */

typedef void load_policy_fn(loader *in, const rs_yaml *key, size_t n_default);

static void load_named(loader *in, const rs_yaml *root, const char *part, load_policy_fn *load,
                       size_t n_default)
{
    const rs_yaml *policies = rs_yaml_get(root, part);
    if (policies == NULL || !is_mapping(in, policies, part)) {
        return;
    }
    for (const rs_yaml *key = policies->first; key != NULL; key = key->next) {
        load(in, key, n_default);
    }
}

static void load_file(loader *in, const rs_yaml *root)
{
    if (root->kind != RS_YAML_MAPPING) {
        rs_problems_add(in->problems, root->place, "expected a policy (a mapping), found %.60s",
                        rs_field_found(root));
        return;
    }
    check_keys(in, root, RS_POLICY_FILE);
    (void)load_doc(in, root);
    load_named(in, root, "confidence", load_confidence, in->confidence.n_items);
    load_named(in, root, "ambiguity", load_ambiguity, in->ambiguity.n_items);
    const char *section = "";
    for (size_t i = 0; rs_policy_setting_get(i) != NULL; i++) {
        const rs_policy_setting *setting = rs_policy_setting_get(i);
        if (setting->kind != RS_POLICY_PART && strcmp(setting->key.where, section) != 0) {
            section = setting->key.where;
            load_section(in, root, section);
        }
    }
}

static bool add_yaml_problem(void *context, rs_place place, const char *message)
{
    rs_problems *problems = context;
    rs_problems_add(problems, place, "%s", message);
    return !problems->failed;
}

static rs_status load_text(loader *in, const char *name, rs_str text, rs_error *err)
{
    rs_yaml *root = NULL;
    const char *file = rs_arena_strndup(&in->policy->arena, name, strlen(name));
    if (file == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "load the policy: out of memory");
    }
    size_t n_before = in->problems->list.n_items;
    RS_TRY(rs_yaml_read(&in->policy->arena, file, text, NULL, add_yaml_problem, in->problems, &root,
                        err));
    if (root != NULL) {
        load_file(in, root);
    } else if (in->problems->list.n_items == n_before) {
        rs_problems_add(in->problems, (rs_place){file, 1, 1}, "expected a policy, found nothing");
    }
    return RS_OK;
}

/* --- the whole --- */

static int compare_confidence(const void *a, const void *b)
{
    return strcmp(((const rs_confidence_policy *)a)->name, ((const rs_confidence_policy *)b)->name);
}

static int compare_ambiguity(const void *a, const void *b)
{
    return strcmp(((const rs_ambiguity_policy *)a)->name, ((const rs_ambiguity_policy *)b)->name);
}

/* A sorted copy of items in the policy; NULL when there are none or memory is out. */
static const void *keep_sorted(loader *in, const void *items, size_t n_items, size_t n_item_bytes,
                               int (*compare)(const void *, const void *))
{
    void *kept = n_items > 0 ? allocate(in, n_items, n_item_bytes) : NULL;
    if (kept != NULL) {
        memcpy(kept, items, n_items * n_item_bytes);
        qsort(kept, n_items, n_item_bytes, compare);
    }
    return kept;
}

static rs_status finish(loader *in, rs_error *err)
{
    rs_policy *policy = in->policy;
    policy->confidence = keep_sorted(in, in->confidence.items, in->confidence.n_items,
                                     sizeof *policy->confidence, compare_confidence);
    policy->ambiguity = keep_sorted(in, in->ambiguity.items, in->ambiguity.n_items,
                                    sizeof *policy->ambiguity, compare_ambiguity);
    policy->n_confidence = policy->confidence != NULL ? in->confidence.n_items : 0;
    policy->n_ambiguity = policy->ambiguity != NULL ? in->ambiguity.n_items : 0;
    rs_problems_sort(in->problems);
    bool is_whole = in->problems->list.n_items == 0;
    if (in->problems->failed || (is_whole && !rs_policy_sign(policy))) {
        return rs_error_set(err, RS_ERR_NOMEM, "load the policy: out of memory");
    }
    if (!is_whole) {
        const rs_problem *first = &in->problems->list.items[0];
        return rs_error_set(err, RS_ERR_INVALID, "%s:%u:%u: %s", first->file, (unsigned)first->line,
                            (unsigned)first->column, first->message);
    }
    return RS_OK;
}

/* name is NULL for the defaults alone. */
static rs_status load(const char *name, rs_str text, rs_policy **out, rs_error *err)
{
    rs_policy *policy = *out = rs_alloc_zero(1, sizeof *policy);
    if (policy == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "load the policy: out of memory");
    }
    policy->problems.arena = &policy->arena;
    loader in = {.policy = policy, .problems = &policy->problems, .is_default = true};
    rs_str defaults = {rs_embedded_policy.bytes, rs_embedded_policy.n_bytes};
    rs_status status = load_text(&in, rs_embedded_policy.name, defaults, err);
    in.is_default = false;
    if (status == RS_OK && name != NULL) {
        status = load_text(&in, name, text, err);
    }
    RS_THEN(status, finish(&in, err));
    confidence_vec_release(&in.confidence);
    ambiguity_vec_release(&in.ambiguity);
    return status;
}

rs_status rs_policy_read(const char *name, rs_str text, rs_policy **out, rs_error *err)
{
    return load(name, text, out, err);
}

rs_status rs_policy_load(const char *path, rs_policy **out, rs_error *err)
{
    rs_buf text = {0};
    *out = NULL;
    rs_status status = path != NULL ? rs_yaml_read_file(path, &text, err) : RS_OK;
    RS_THEN(status, load(path, rs_buf_str(&text), out, err));
    rs_buf_release(&text);
    return status;
}
