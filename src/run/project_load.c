/* SPDX-License-Identifier: Apache-2.0 */
/* The project file's tree into its settings. */
#include <string.h>

#include "rules/fields.h"
#include "run/project.h"

enum { MAX_KEYS = 16, MAX_PATH_BYTES = 4096, MAX_PERCENT = 1000000 };

#define FILE_KEYS "the project file"

/* clang-format off */
static const rs_project_key keys[] = {
    {FILE_KEYS, "include", "a list of patterns", "read only files that match, as in a .gitignore beside the project file; --include"},
    {FILE_KEYS, "exclude", "a list of patterns", "leave out files that match; --exclude"},
    {FILE_KEYS, "rules",   "a folder", "add its rule packs; --rules"},
    {FILE_KEYS, "policy",  "a file", "put its policy over the built-in one; --policy"},
    {FILE_KEYS, "scip",    "a file", "take in this SCIP index; --scip"},
    {FILE_KEYS, "python",  "3.MINOR", "the Python that all files are for; --python"},
    {FILE_KEYS, "params",  "values by name of a param table", "a value, a list of them, or file: with a .csv, .json or .parquet; --param"},
    {FILE_KEYS, "gate",    "settings", "how a gate compares"},
    {"gate",    "bands",   "settings", "by how many percent counts may differ; in place of the snapshot's"},
    {"bands",   "default_percent", "a number from 0 to 1000000", "of every kind without a band of its own"},
    {"bands",   "nodes",   "numbers by kind of node", "bands of single kinds, in percent"},
    {"bands",   "edges",   "numbers by kind of edge", "the same for edges"},
    {"a param", "file",    "a file", "the values are the file's"},
};
/* clang-format on */

const rs_project_key *rs_project_key_get(size_t index)
{
    return index < sizeof keys / sizeof keys[0] ? &keys[index] : NULL;
}

typedef struct loader {
    rs_project *project;
    rs_problems *problems;
} loader;

static void *allocate(loader *in, size_t n_items, size_t n_item_bytes)
{
    void *items = rs_arena_alloc(&in->project->arena, n_items > 0 ? n_items : 1, n_item_bytes);
    in->problems->failed = in->problems->failed || items == NULL;
    return items;
}

static bool expect(loader *in, const rs_yaml *value, rs_yaml_kind kind, const char *what,
                   const char *wanted)
{
    if (value->kind == kind) {
        return true;
    }
    rs_problems_add(in->problems, value->place, "%s: expected %s, found %.60s", what, wanted,
                    rs_field_found(value));
    return false;
}

static bool check_keys(loader *in, const rs_yaml *mapping, const char *where)
{
    const char *known[MAX_KEYS + 1];
    size_t n_known = 0;
    if (!expect(in, mapping, RS_YAML_MAPPING, where, "a mapping")) {
        return false;
    }
    for (size_t i = 0; rs_project_key_get(i) != NULL; i++) {
        if (strcmp(keys[i].where, where) == 0 && n_known < MAX_KEYS) {
            known[n_known++] = keys[i].name;
        }
    }
    known[n_known] = NULL;
    rs_field_known_keys(in->problems, mapping, where, known);
    return true;
}

/* --- paths --- */

/* Relative, and no way up: "packs", "./packs/", "a/b.yaml". */
static bool is_below(rs_str path)
{
    size_t n_part = 0;
    bool has_name = false;
    for (size_t i = 0; i <= path.n_bytes; i++) {
        if (i < path.n_bytes && path.bytes[i] != '/') {
            n_part++;
            continue;
        }
        const char *part = path.bytes + i - n_part;
        bool is_up = n_part == 2 && part[0] == '.' && part[1] == '.';
        bool is_name = n_part > 0 && !(n_part == 1 && part[0] == '.');
        if (is_up || (n_part == 0 && i == 0)) {
            return false;
        }
        has_name = has_name || is_name;
        n_part = 0;
    }
    return has_name && path.n_bytes < MAX_PATH_BYTES;
}

/* The same without "." and what separates nothing. */
static const char *tidied(loader *in, rs_str path)
{
    char *out = allocate(in, path.n_bytes + 1, 1);
    size_t n_out = 0;
    for (size_t i = 0; out != NULL && i < path.n_bytes;) {
        size_t n_part = 0;
        while (i + n_part < path.n_bytes && path.bytes[i + n_part] != '/') {
            n_part++;
        }
        if (n_part > 1 || (n_part == 1 && path.bytes[i] != '.')) {
            if (n_out > 0) {
                out[n_out++] = '/';
            }
            memcpy(out + n_out, path.bytes + i, n_part);
            n_out += n_part;
        }
        i += n_part + 1;
    }
    if (out != NULL) {
        out[n_out] = '\0';
    }
    return out;
}

static void load_path(loader *in, const rs_yaml *value, const char *what, rs_project_text *out)
{
    if (!expect(in, value, RS_YAML_SCALAR, what, "a path")) {
        return;
    }
    bool has_nul = strlen(value->text.bytes) != value->text.n_bytes;
    if (rs_yaml_is_null(value) || has_nul || !is_below(value->text)) {
        rs_problems_add(in->problems, value->place,
                        "%s: expected a path below the project file's folder, found %.60s", what,
                        rs_field_found(value));
        return;
    }
    *out = (rs_project_text){tidied(in, value->text), value->place};
}

/* --- lists --- */

static void load_patterns(loader *in, const rs_yaml *value, const char *what, rs_project_list *out)
{
    if (!expect(in, value, RS_YAML_SEQUENCE, what, "a list of patterns")) {
        return;
    }
    rs_project_text *items = allocate(in, value->n_children, sizeof *items);
    if (value->n_children == 0 || value->n_children > RS_PROJECT_MAX_ITEMS) {
        rs_problems_add(in->problems, value->place, "%s: expected 1 to %d patterns, found %zu",
                        what, (int)RS_PROJECT_MAX_ITEMS, value->n_children);
        return;
    }
    *out = (rs_project_list){items, 0, value->place};
    for (const rs_yaml *item = value->first; item != NULL && items != NULL; item = item->next) {
        bool is_text = item->kind == RS_YAML_SCALAR && !rs_yaml_is_null(item) &&
                       item->text.n_bytes > 0 && strlen(item->text.bytes) == item->text.n_bytes;
        if (!is_text) {
            rs_problems_add(in->problems, item->place, "%s: expected a pattern, found %.60s", what,
                            rs_field_found(item));
            continue;
        }
        items[out->n_items++] = (rs_project_text){item->text.bytes, item->place};
    }
}

/* --- params --- */

static bool add_value(loader *in, const char *name, const rs_yaml *value, rs_project_param *out)
{
    if (value->kind != RS_YAML_SCALAR) {
        rs_problems_add(in->problems, value->place, "%s: expected a value, found %.60s", name,
                        rs_field_found(value));
        return false;
    }
    const char *text = rs_yaml_is_null(value) ? NULL : value->text.bytes;
    *out = (rs_project_param){name, false, {text, value->place}};
    return true;
}

static bool add_file(loader *in, const char *name, const rs_yaml *value, rs_project_param *out)
{
    const rs_yaml *file = rs_yaml_get(value, "file");
    size_t n_before = in->problems->list.n_items;
    (void)check_keys(in, value, "a param");
    if (file == NULL) {
        rs_problems_add(in->problems, value->place, "%s: missing key file", name);
        return false;
    }
    *out = (rs_project_param){name, true, {0}};
    load_path(in, file, "file", &out->value);
    return in->problems->list.n_items == n_before;
}

static size_t count_values(const rs_yaml *mapping)
{
    size_t n_values = 0;
    for (const rs_yaml *key = mapping->first; key != NULL; key = key->next) {
        n_values += key->value->kind == RS_YAML_SEQUENCE ? key->value->n_children : 1;
    }
    return n_values;
}

static void load_param(loader *in, const rs_yaml *key, rs_project_param *items)
{
    size_t *n = &in->project->n_params;
    const char *name = rs_field_name(in->problems, key, "param");
    if (name == NULL) {
        return;
    }
    if (key->value->kind == RS_YAML_MAPPING) {
        *n += add_file(in, name, key->value, &items[*n]);
    } else if (key->value->kind == RS_YAML_SCALAR) {
        *n += add_value(in, name, key->value, &items[*n]);
    } else if (key->value->n_children == 0) {
        rs_problems_add(in->problems, key->value->place, "%s: expected values, found none", name);
    } else {
        for (const rs_yaml *item = key->value->first; item != NULL; item = item->next) {
            *n += add_value(in, name, item, &items[*n]);
        }
    }
}

static void load_params(loader *in, const rs_yaml *value)
{
    if (!expect(in, value, RS_YAML_MAPPING, "params", "a mapping")) {
        return;
    }
    rs_project_param *items = allocate(in, count_values(value), sizeof *items);
    in->project->params = items;
    for (const rs_yaml *key = value->first; key != NULL && items != NULL; key = key->next) {
        load_param(in, key, items);
    }
}

/* --- bands --- */

/* One of the registry's; where the file names packs, also one that they may declare: the gate, which has read
 * them, tells (api/gate.c). */
static bool is_kind(const loader *in, rs_str text, bool is_node)
{
    return rs_kinds_find(rs_kinds_builtin(), !is_node, text, NULL) != NULL ||
           (in->project->rules.text != NULL && rs_kind_is_name(text));
}

static json_t *load_kinds(loader *in, const rs_yaml *value, const char *what, bool is_node)
{
    json_t *out = json_object();
    if (!expect(in, value, RS_YAML_MAPPING, what, "a mapping")) {
        return out;
    }
    for (const rs_yaml *key = value->first; key != NULL; key = key->next) {
        double percent = 0;
        if (!is_kind(in, key->text, is_node)) {
            rs_problems_add(in->problems, key->place, "%s: unknown kind %.60s", what,
                            key->text.bytes);
        } else if (rs_field_decimal(in->problems, key->value, key->text.bytes, 0, MAX_PERCENT,
                                    &percent)) {
            rs_json_set(out, key->text.bytes, json_real(percent), &in->problems->failed);
        }
    }
    return out;
}

static void load_bands(loader *in, const rs_yaml *value)
{
    const rs_yaml *percent = rs_yaml_get(value, "default_percent");
    const rs_yaml *nodes = rs_yaml_get(value, "nodes");
    const rs_yaml *edges = rs_yaml_get(value, "edges");
    double number = 0;
    json_t *bands = in->project->bands = json_object();
    in->project->bands_place = value->place;
    in->problems->failed = in->problems->failed || bands == NULL;
    if (percent != NULL &&
        rs_field_decimal(in->problems, percent, "default_percent", 0, MAX_PERCENT, &number)) {
        rs_json_set(bands, "default_percent", json_real(number), &in->problems->failed);
    }
    rs_json_set(bands, "nodes",
                nodes != NULL ? load_kinds(in, nodes, "nodes", true) : json_object(),
                &in->problems->failed);
    rs_json_set(bands, "edges",
                edges != NULL ? load_kinds(in, edges, "edges", false) : json_object(),
                &in->problems->failed);
}

static void load_gate(loader *in, const rs_yaml *value)
{
    if (!check_keys(in, value, "gate")) {
        return;
    }
    const rs_yaml *bands = rs_yaml_get(value, "bands");
    if (bands != NULL && check_keys(in, bands, "bands")) {
        load_bands(in, bands);
    }
}

/* --- the whole --- */

static bool add_yaml_problem(void *context, rs_place place, const char *message)
{
    rs_problems *problems = context;
    rs_problems_add(problems, place, "%s", message);
    return !problems->failed;
}

static void load_file(loader *in, const rs_yaml *root)
{
    rs_project *project = in->project;
    const rs_yaml *value = NULL;
    if (!check_keys(in, root, FILE_KEYS)) {
        return;
    }
    if ((value = rs_yaml_get(root, "include")) != NULL) {
        load_patterns(in, value, "include", &project->include);
    }
    if ((value = rs_yaml_get(root, "exclude")) != NULL) {
        load_patterns(in, value, "exclude", &project->exclude);
    }
    if ((value = rs_yaml_get(root, "rules")) != NULL) {
        load_path(in, value, "rules", &project->rules);
    }
    if ((value = rs_yaml_get(root, "policy")) != NULL) {
        load_path(in, value, "policy", &project->policy);
    }
    if ((value = rs_yaml_get(root, "scip")) != NULL) {
        load_path(in, value, "scip", &project->scip);
    }
    if ((value = rs_yaml_get(root, "python")) != NULL &&
        expect(in, value, RS_YAML_SCALAR, "python", "3.MINOR")) {
        project->python = (rs_project_text){value->text.bytes, value->place};
    }
    if ((value = rs_yaml_get(root, "params")) != NULL) {
        load_params(in, value);
    }
    if ((value = rs_yaml_get(root, "gate")) != NULL) {
        load_gate(in, value);
    }
}

rs_status rs_project_load(rs_project *out, const char *file, rs_str text, rs_error *err)
{
    rs_yaml *root = NULL;
    out->problems.arena = &out->arena;
    loader in = {.project = out, .problems = &out->problems};
    RS_TRY(rs_yaml_read(&out->arena, file, text, NULL, add_yaml_problem, in.problems, &root, err));
    if (root != NULL) {
        load_file(&in, root);
    }
    rs_problems_sort(in.problems);
    return in.problems->failed ? rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", file)
                               : RS_OK;
}
