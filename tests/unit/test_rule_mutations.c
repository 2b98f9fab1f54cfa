/* SPDX-License-Identifier: Apache-2.0 */
/* Every field of every rule that the library carries is changed in its pack, one after the other:
 * the comparison of the rules' signatures names the rule and the field, and no other rule. What
 * only looks otherwise (spacing, quotes, comments, order of keys) or says nothing of the rows (doc)
 * changes nothing.
 */
#include "compare/check.h"

#include "base/arena.h"
#include "base/vec.h"
#include "rules/document.h"
#include "rules/embedded.h"
#include "run/rules_document.h"
#include "unit/policies.h"
#include "unit/unit.h"

enum {
    MAX_CHILDREN = 256,
    MAX_DEPTH = 16,
    MAX_CANDIDATES = 96,
    CANDIDATE_BYTES = 1024,
    MAX_KINDS = 6
};

/* Operators that no built-in rule has: what their fields are is the same question. */
static const char further_pack[] =
    "pack: further\n"
    "datasets:\n"
    "- name: rel_part\n"
    "  doc: Parts of dotted callees.\n"
    "  key: [call_id, position]\n"
    "  group: call_id\n"
    "  columns:\n"
    "    call_id: {type: id, required: true, doc: the call}\n"
    "    position: {type: i32, required: true, doc: from 0}\n"
    "    part: {type: str, required: true, doc: one name}\n"
    "- name: rel_count\n"
    "  doc: How often a name is called.\n"
    "  key: [part]\n"
    "  sort: [n desc, part]\n"
    "  columns:\n"
    "    part: {type: str, required: true, doc: the name}\n"
    "    n: {type: i64, required: true, doc: calls}\n"
    "rules:\n"
    "- name: parts\n"
    "  doc: A row a part.\n"
    "  kind: explode_list\n"
    "  inputs: {c: calls}\n"
    "  explode: {split: c.callee_text, separator: .}\n"
    "  where: c.callee_text IS NOT NULL\n"
    "  select: {call_id: c.call_id, position: item.position, part: item.value}\n"
    "  score: item.position\n"
    "  confidence: cst\n"
    "  winner: {keys: [call_id], order: [score desc, part]}\n"
    "  output: rel_part\n"
    "- name: ends\n"
    "  doc: Two texts of a call.\n"
    "  kind: explode_list\n"
    "  inputs: {c: calls}\n"
    "  explode: {list: [c.callee_text, \"'x'\"]}\n"
    "  where: c.callee_text IS NOT NULL\n"
    "  select: {call_id: c.call_id, position: item.position, part: item.value}\n"
    "  confidence: {policy: qname_fallback, source: \"'IMPORT'\"}\n"
    "  filter: out.position >= 0\n"
    "  output: rel_part\n"
    "- name: counted\n"
    "  doc: Over all files.\n"
    "  kind: aggregate\n"
    "  inputs: {l: rel_part}\n"
    "  group_by: [l.part]\n"
    "  select: {part: l.part, n: count()}\n"
    "  confidence: cst\n"
    "  output: rel_count\n";

/* --- the packs as trees, with the changed one written anew --- */

typedef struct pack {
    const char *name;
    rs_str text;
    rs_yaml *root;
} pack;

typedef struct packs {
    rs_arena arena;
    pack items[32];
    size_t n_items;
} packs;

/* One place in a pack: the value, and the keys that lead to it from its rule or contract. */
typedef struct place {
    const rs_yaml *value;
    const char *keys[MAX_DEPTH];
    size_t n_keys;
    const char *owner; /* name of the rule or the dataset */
    bool is_rule;
} place;

RS_VEC_DEFINE(place_vec, place)

/* A value that is another piece of YAML; NULL: it is left out with its key. */
typedef struct change {
    const rs_yaml *value;
    const char *replacement;
} change;

/* How a pack is written; all-zero says the same as before, in flow style. */
typedef struct style {
    const change *changes;
    size_t n_changes;
    bool is_odd; /* keys the other way round, with comments */
} style;

static const change *change_of(const style *how, const rs_yaml *value)
{
    for (size_t i = 0; i < how->n_changes; i++) {
        if (how->changes[i].value == value) {
            return &how->changes[i];
        }
    }
    return NULL;
}

static bool no_problem(void *context, rs_place at, const char *message)
{
    (void)context;
    UNIT_CHECK(false, "%s:%u: %s", at.file, at.line, message);
    return true;
}

static void add_pack(packs *self, const char *name, rs_str text)
{
    rs_error err = {0};
    pack *next = &self->items[self->n_items++];
    *next = (pack){.name = name, .text = text};
    assert_true(self->n_items <= UNIT_COUNT(self->items));
    assert_int_equal(
        rs_yaml_read(&self->arena, name, text, NULL, no_problem, NULL, &next->root, &err), RS_OK);
}

static void packs_open(packs *self)
{
    *self = (packs){0};
    for (size_t i = 0; i < rs_n_embedded_packs; i++) {
        const rs_embedded_pack *embedded = &rs_embedded_packs[i];
        add_pack(self, embedded->name, (rs_str){embedded->bytes, embedded->n_bytes});
    }
    add_pack(self, "further.yaml", rs_str_of(further_pack));
}

/* What YAML takes for itself without quotes, also between brackets. */
static bool is_word(rs_str text)
{
    for (size_t i = 0; i < text.n_bytes; i++) {
        char c = text.bytes[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '.';
        if (!fits) {
            return false;
        }
    }
    return text.n_bytes > 0;
}

static void write_scalar(rs_buf *out, const rs_yaml *value)
{
    if (value->is_plain && is_word(value->text)) {
        rs_buf_add_str(out, value->text);
        return;
    }
    rs_buf_add_char(out, '"');
    for (size_t i = 0; i < value->text.n_bytes; i++) {
        char c = value->text.bytes[i];
        rs_buf_add(out, c == '"' || c == '\\' ? "\\" : "");
        if (c == '\n') {
            rs_buf_add(out, "\\n");
        } else {
            rs_buf_add_char(out, c);
        }
    }
    rs_buf_add_char(out, '"');
}

static size_t list_children(const rs_yaml *value, bool is_ordered, const style *how,
                            const rs_yaml **children)
{
    size_t n = 0;
    bool is_map = value->kind == RS_YAML_MAPPING;
    for (const rs_yaml *child = value->first; child != NULL; child = child->next) {
        const rs_yaml *item = is_map ? child->value : child;
        const change *other = change_of(how, item);
        if (other == NULL || other->replacement != NULL) {
            assert_true(n < MAX_CHILDREN);
            children[n++] = child;
        }
    }
    /* The order of inputs says which is the left one; that of columns is the schema. */
    bool may_turn = how->is_odd && is_map && !is_ordered;
    for (size_t i = 0; may_turn && i < n / 2; i++) {
        const rs_yaml *child = children[i];
        children[i] = children[n - 1 - i];
        children[n - 1 - i] = child;
    }
    return n;
}

static void write_value(rs_buf *out, const rs_yaml *value, bool is_ordered, const style *how)
{
    const rs_yaml *children[MAX_CHILDREN];
    const char *gap = how->is_odd ? " # as before\n      " : "\n ";
    const change *other = change_of(how, value);
    if (other != NULL) {
        rs_buf_add(out, other->replacement);
        return;
    }
    if (value->kind == RS_YAML_SCALAR) {
        write_scalar(out, value);
        return;
    }
    bool is_map = value->kind == RS_YAML_MAPPING;
    size_t n = list_children(value, is_ordered, how, children);
    rs_buf_add(out, is_map ? "{" : "[");
    for (size_t i = 0; i < n; i++) {
        rs_buf_add(out, i == 0 ? "" : ",");
        rs_buf_add(out, gap);
        bool is_list = is_map && (rs_str_equal(children[i]->text, RS_STR_LITERAL("inputs")) ||
                                  rs_str_equal(children[i]->text, RS_STR_LITERAL("columns")));
        if (is_map) {
            rs_buf_add_str(out, children[i]->text);
            rs_buf_add(out, ": ");
        }
        write_value(out, is_map ? children[i]->value : children[i], is_list, how);
    }
    rs_buf_add(out, is_map ? "}" : "]");
}

/* Called with each problem of the changed pack: what stands in the line that it is about. */
typedef void (*problem_fn)(const char *text, const rs_problem *problem, void *context);

static void hand_on_problems(const rs_rules *rules, const char *name, const char *text,
                             problem_fn refused, void *context)
{
    for (size_t i = 0; i < rs_rules_n_problems(rules); i++) {
        const rs_problem *problem = rs_rules_problem(rules, i);
        if (strcmp(problem->file, name) == 0) {
            refused(text, problem, context);
        }
    }
}

/* Signatures of all packs, that with index `changed` written as told; NULL when they are refused,
 * with the first problem in *err, and all told to refused, which may be NULL. */
static json_t *sign(const packs *self, size_t changed, const style *how, problem_fn refused,
                    void *context, rs_error *err)
{
    rs_rules *rules = NULL;
    json_t *document = NULL;
    rs_buf text = {0};
    assert_int_equal(rs_rules_new(&rules, err), RS_OK);
    for (size_t i = 0; i < self->n_items; i++) {
        rs_str bytes = self->items[i].text;
        if (i == changed) {
            write_value(&text, self->items[i].root, false, how);
            bytes = rs_buf_str(&text);
        }
        assert_int_equal(rs_rules_add_pack(rules, self->items[i].name, bytes, err), RS_OK);
    }
    rs_status status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, err);
    if (status == RS_OK) {
        assert_int_equal(rs_rules_add_signatures(rules, &document, err), RS_OK);
    } else if (refused != NULL) {
        hand_on_problems(rules, self->items[changed].name, rs_buf_text(&text), refused, context);
    }
    rs_buf_release(&text);
    rs_rules_free(rules);
    return document;
}

static json_t *sign_as_they_are(const packs *self)
{
    rs_error err = {0};
    json_t *document = sign(self, SIZE_MAX, NULL, NULL, NULL, &err);
    UNIT_CHECK(document != NULL, "%s", err.message);
    return document;
}

/* --- the fields of a pack --- */

static void add_places(place_vec *out, const place *at)
{
    const rs_yaml *value = at->value;
    if (value->kind == RS_YAML_SCALAR) {
        assert_true(place_vec_push(out, *at));
        return;
    }
    for (const rs_yaml *child = value->first; child != NULL; child = child->next) {
        place next = *at;
        bool is_map = value->kind == RS_YAML_MAPPING;
        next.value = is_map ? child->value : child;
        if (is_map) {
            next.keys[next.n_keys++] = child->text.bytes;
        }
        add_places(out, &next);
    }
}

static void list_places(const pack *from, const char *section, bool is_rule, place_vec *out)
{
    const rs_yaml *list = rs_yaml_get(from->root, section);
    for (const rs_yaml *item = list == NULL ? NULL : list->first; item != NULL; item = item->next) {
        const rs_yaml *name = rs_yaml_get(item, "name");
        const place at = {.value = item, .owner = name->text.bytes, .is_rule = is_rule};
        add_places(out, &at);
    }
}

static const char *last_key(const place *at)
{
    return at->keys[at->n_keys - 1];
}

static bool is_below(const place *at, const char *key)
{
    return at->n_keys > 1 && strcmp(at->keys[at->n_keys - 2], key) == 0;
}

/* --- what a field is changed to: the first that the loader takes --- */

typedef struct candidates {
    char items[MAX_CANDIDATES][CANDIDATE_BYTES];
    size_t n_items;
} candidates;

static void offer(candidates *self, const char *format, const char *text)
{
    if (self->n_items < MAX_CANDIDATES) {
        /* %s stands once or twice; formats are ours. */
        const char *rest = format;
        rs_buf out = {0};
        for (const char *at = strstr(rest, "%s"); at != NULL; at = strstr(rest, "%s")) {
            rs_buf_append(&out, rest, (size_t)(at - rest));
            rs_buf_add(&out, text);
            rest = at + 2;
        }
        rs_buf_add(&out, rest);
        snprintf(self->items[self->n_items++], CANDIDATE_BYTES, "%s", rs_buf_text(&out));
        rs_buf_release(&out);
    }
}

static void offer_words(candidates *self, const char *words, const char *but)
{
    while (*words != '\0') {
        char word[64];
        size_t n_bytes = strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", (int)n_bytes, words);
        if (strcmp(word, but) != 0) {
            offer(self, "%s", word);
        }
        words += n_bytes + strspn(words + n_bytes, " ");
    }
}

static void offer_kinds(candidates *self, bool is_edge, const char *but)
{
    int n_kinds = is_edge ? RS_N_EDGE_KINDS : RS_N_NODE_KINDS;
    for (int i = 0; i < n_kinds && self->n_items < MAX_KINDS; i++) {
        const rs_kind *kind =
            is_edge ? rs_edge_kind_get((rs_edge_kind)i) : rs_node_kind_get((rs_node_kind)i);
        if (strcmp(kind->name, but) != 0) {
            offer(self, "%s", kind->name);
        }
    }
}

/* Words that a field takes; fields that take others of the same place refuse them. */
static const struct {
    const char *key;
    const char *words;
    bool or_expression;
} words_of[] = {
    {"kind", "filter_project hash_join winner_select", false},
    {"join", "inner left semi anti", false},
    {"mode", "exact contained_best overlap_best covering_smallest", false},
    {"keep", "best all", false},
    {"how", "inner left", true},
    {"origin", "inventory syntax scope flow values scip", true},
    {"confidence", "scope symtable", true},
    {"policy", "cst", true},
    {"method", "OTHER_METHOD", true},
    {"output", "rel_count rel_part rel_scope_name", false},
    {"ties", "o.occurrence_id o.start_byte", true},
    {"separator", "'/'", false},
    {"keys", "part position", false},
    {"order", "part confidence", false},
    {"group", "part symbol_id call_id", false},
    {"sort", "part n", false},
    {"status", "\"'needs_names'\"", true},
    {"status_reason", "\"'imported'\" \"'no_package'\"", true},
    {"type", "i64 str", false},
    {"required", "false true", false},
};

static const char *const dataset_words = "post_dominators dominators";

/* Pieces of YAML that say the same for every row, or nearly, and not in the same words. */
static const char *const expression_forms[] = {
    "\"(%s) AND 1 = 1\"",   "\"CASE WHEN 1 = 1 THEN %s ELSE %s END\"",
    "\"COALESCE(%s, %s)\"", "\"(%s) + 0\"",
    "\"(%s) AND (%s)\"",
};

static void escape(rs_str text, char out[CANDIDATE_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < text.n_bytes && n + 2 < CANDIDATE_BYTES / 3; i++) {
        if (text.bytes[i] == '"' || text.bytes[i] == '\\') {
            out[n++] = '\\';
        }
        out[n++] = text.bytes[i] == '\n' ? ' ' : text.bytes[i];
    }
    out[n] = '\0';
}

static void list_candidates(const place *at, candidates *out)
{
    char text[CANDIDATE_BYTES];
    const char *key = last_key(at);
    const char *now = at->value->text.bytes;
    bool takes_expression = true;
    out->n_items = 0;
    escape(at->value->text, text);
    if (strcmp(key, "priority") == 0 || strcmp(key, "rank") == 0) {
        offer(out, "%s0", now);
        return;
    }
    if (strcmp(key, "group_by") == 0) { /* one more */
        offer(out, "%s, q.call_id", now);
        offer(out, "%s, t.role", now);
        offer(out, "%s, l.position", now);
    }
    if (is_below(at, "inputs")) {
        offer_words(out, dataset_words, now);
        return;
    }
    if (strcmp(key, "type") == 0 && rs_words_find(now) != NULL) {
        offer_words(out, "i64", now); /* words are texts to a schema: str is no change */
        return;
    }
    for (size_t i = 0; i < UNIT_COUNT(words_of); i++) {
        if (strcmp(words_of[i].key, key) == 0) {
            offer_words(out, words_of[i].words, now);
            takes_expression = takes_expression && words_of[i].or_expression;
        }
    }
    bool is_of_edges = strcmp(key, "edge") == 0 || strcmp(key, "edge_props") == 0;
    if (is_of_edges || strcmp(key, "node") == 0 || strcmp(key, "props") == 0) {
        offer_kinds(out, is_of_edges, now);
        takes_expression = false;
    }
    for (size_t i = 0; takes_expression && i < UNIT_COUNT(expression_forms); i++) {
        offer(out, expression_forms[i], text);
    }
}

/* --- where a change must be seen --- */

/* The field as a signature has it, where that is not the field's own name. */
static const struct {
    const char *parent; /* "" for any */
    const char *key;
    const char *field; /* a part of what is found */
} fields[] = {
    {"emit", "confidence", "confidence"},
    {"emit", "file", "file_id"},
    {"emit", "id", "_id"},
    {"emit", "anchor", "_byte"},
    {"emit", "edge", "emit.kinds"},
    {"emit", "node", "kind"},
    {"emit", "props", "emit.kinds"},
    {"emit", "edge_props", "emit."},
    {"emit", "group", "ambiguity_group_id"},
    {"values", "", "emit.values."},
    {"inputs", "", "inputs"},
    {"", "policy", "confidence"},
    {"", "confidence", "policies.confidence"},
    {"columns", "", "fingerprint"},
    {"", "type", "fingerprint"},
    {"", "required", "fingerprint"},
    {"", "of", "fingerprint"},
};

static const char *field_of(const place *at)
{
    const char *key = last_key(at);
    for (size_t i = 0; i < UNIT_COUNT(fields); i++) {
        bool fits_parent = fields[i].parent[0] == '\0' || is_below(at, fields[i].parent);
        if (fits_parent && (fields[i].key[0] == '\0' || strcmp(fields[i].key, key) == 0)) {
            return fields[i].field;
        }
    }
    return key;
}

/* Fields that only make sense together with others, so that a loader may refuse every change of
 * one alone; and what is no part of a rule's meaning. */
static bool may_be_refused(const place *at)
{
    static const char *const keys[] = {"kind", "output", "edge",     "edge_props", "node",  "props",
                                       "type", "key",    "required", "of",         "policy"};
    for (size_t i = 0; i < UNIT_COUNT(keys); i++) {
        if (strcmp(keys[i], last_key(at)) == 0) {
            return true;
        }
    }
    return is_below(at, "inputs");
}

/* Each candidate, then to leave the field out, unless that says what it says now. */
static size_t n_tries(const place *at, const candidates *offers)
{
    bool is_default = strcmp(last_key(at), "required") == 0 &&
                      rs_str_equal(at->value->text, RS_STR_LITERAL("false"));
    return offers->n_items + !is_default;
}

static void check_findings(const place *at, const char *changed_to, const rs_findings *findings)
{
    const char *field = field_of(at);
    bool found = false;
    for (size_t i = 0; i < rs_findings_count(findings); i++) {
        const json_t *finding = json_array_get(findings->findings, i);
        const char *object = json_string_value(json_object_get(finding, "object"));
        const char *name = json_string_value(json_object_get(finding, "field"));
        bool is_own = !at->is_rule || strcmp(object, at->owner) == 0;
        found = found || (is_own && name != NULL && strstr(name, field) != NULL);
    }
    UNIT_CHECK(found, "%s: %s changed to %s, and %zu findings, none of %s", at->owner, last_key(at),
               changed_to, rs_findings_count(findings), field);
}

static void compare(const json_t *before, const json_t *after, rs_findings *findings)
{
    rs_error err = {0};
    assert_int_equal(rs_findings_init(findings, &err), RS_OK);
    rs_findings_begin(findings, "rules");
    assert_int_equal(rs_check_rule_sets(json_object_get(before, "rules"),
                                        json_object_get(after, "rules"), findings, &err),
                     RS_OK);
}

/* What happened to the fields of all packs. */
typedef struct tally {
    size_t n_changed;
    size_t n_refused;
} tally;

/* No rule but the owner of a changed field may differ; that of a dataset changes all its users. */
static void check_others(const place *const *changed, size_t n_changed, const rs_findings *findings)
{
    for (size_t i = 0; i < rs_findings_count(findings); i++) {
        const json_t *finding = json_array_get(findings->findings, i);
        const char *object = json_string_value(json_object_get(finding, "object"));
        bool is_meant = false;
        for (size_t j = 0; j < n_changed && !is_meant; j++) {
            is_meant = !changed[j]->is_rule || strcmp(changed[j]->owner, object) == 0;
        }
        UNIT_CHECK(is_meant, "%s differs, and nobody changed it", object);
    }
}

/* One field alone: try each candidate; then leave the field out. */
static void mutate(const packs *self, size_t changed, const place *at, const json_t *before,
                   tally *counts)
{
    static candidates offers;
    rs_error err = {0};
    json_t *after = NULL;
    change other = {.value = at->value};
    const style how = {.changes = &other, .n_changes = 1};
    list_candidates(at, &offers);
    for (size_t i = 0; i < n_tries(at, &offers) && after == NULL; i++) {
        other.replacement = i < offers.n_items ? offers.items[i] : NULL;
        after = sign(self, changed, &how, NULL, NULL, &err);
    }
    if (after == NULL) {
        UNIT_CHECK(may_be_refused(at), "%s: every change of %s is refused: %s", at->owner,
                   last_key(at), err.message);
        counts->n_refused++;
        return;
    }
    rs_findings findings;
    compare(before, after, &findings);
    check_findings(at, other.replacement != NULL ? other.replacement : "nothing", &findings);
    check_others(&at, 1, &findings);
    rs_findings_release(&findings);
    json_decref(after);
    counts->n_changed++;
}

/* --- many at once: a field of each rule of a pack, for speed --- */

enum { MAX_RULES = 64 };

typedef struct attempt {
    const place *at;
    candidates *offers;
    size_t next;     /* of the offers; behind them: left out */
    bool is_refused; /* just now */
    bool is_given_up;
} attempt;

typedef struct batch {
    attempt items[MAX_RULES];
    size_t n_items;
    bool has_stranger; /* a problem of a rule that is not in it */
} batch;

/* The rule that a line of a written pack lies in: each rule starts with its name. */
static void note_problem(const char *text, const rs_problem *problem, void *context)
{
    batch *self = context;
    const char *line = text;
    rs_str name = {0};
    for (uint32_t n = 1; n <= problem->line && line != NULL; n++) {
        const char *found = strstr(line, "name: ");
        const char *end = strchr(line, '\n');
        if (found != NULL && (end == NULL || found < end)) {
            name = (rs_str){found + 6, strcspn(found + 6, ",}\n")};
        }
        line = end == NULL ? NULL : end + 1;
    }
    bool is_known = false;
    for (size_t i = 0; i < self->n_items; i++) {
        attempt *item = &self->items[i];
        if (!item->is_given_up && rs_str_equal(name, rs_str_of(item->at->owner))) {
            item->is_refused = is_known = true;
        }
    }
    self->has_stranger = self->has_stranger || !is_known;
}

static size_t list_changes(const batch *self, change *changes, const place **places)
{
    size_t n = 0;
    for (size_t i = 0; i < self->n_items; i++) {
        const attempt *item = &self->items[i];
        if (!item->is_given_up) {
            bool is_left_out = item->next >= item->offers->n_items;
            places[n] = item->at;
            changes[n++] =
                (change){item->at->value, is_left_out ? NULL : item->offers->items[item->next]};
        }
    }
    return n;
}

/* The next candidate of each that was refused. False when nobody can be blamed. */
static bool step(batch *self)
{
    bool moved = false;
    for (size_t i = 0; i < self->n_items; i++) {
        attempt *item = &self->items[i];
        if (item->is_refused) {
            item->is_refused = false;
            item->is_given_up = ++item->next >= n_tries(item->at, item->offers);
            moved = true;
        }
    }
    return moved;
}

static void check_batch(const json_t *before, const json_t *after, const change *changes,
                        const place *const *places, size_t n_changes)
{
    rs_findings findings;
    compare(before, after, &findings);
    for (size_t i = 0; i < n_changes; i++) {
        const char *text = changes[i].replacement;
        check_findings(places[i], text != NULL ? text : "nothing", &findings);
    }
    check_others(places, n_changes, &findings);
    rs_findings_release(&findings);
}

static void mutate_batch(const packs *self, size_t changed, batch *all, const json_t *before,
                         tally *counts)
{
    json_t *after = NULL;
    change changes[MAX_RULES];
    const place *places[MAX_RULES];
    size_t n_changes = list_changes(all, changes, places);
    for (bool moves = true; after == NULL && moves && n_changes > 0;) {
        rs_error err = {0};
        const style how = {.changes = changes, .n_changes = n_changes};
        after = sign(self, changed, &how, note_problem, all, &err);
        if (after == NULL) {
            moves = step(all);
            n_changes = list_changes(all, changes, places);
        }
    }
    if (after != NULL) {
        check_batch(before, after, changes, places, n_changes);
        json_decref(after);
        counts->n_changed += n_changes;
    }
    /* One may have been refused for another's sake. */
    for (size_t i = 0; i < all->n_items; i++) {
        const attempt *item = &all->items[i];
        if (item->is_given_up && may_be_refused(item->at)) {
            counts->n_refused++;
        } else if (after == NULL || item->is_given_up) {
            mutate(self, changed, item->at, before, counts);
        }
    }
}

/* A doc says nothing of the rows, nor does a pack's or a dataset's. */
static bool is_words_only(const place *at)
{
    return strcmp(last_key(at), "doc") == 0;
}

/* A rename is another test's. */
static bool is_field(const place *at)
{
    return !is_words_only(at) && strcmp(last_key(at), "name") != 0;
}

/* The n-th field of every rule; false when no rule has so many. */
static bool fill_batch(const place_vec *places, size_t n, candidates *offers, batch *out)
{
    size_t n_seen = 0;
    out->n_items = 0;
    out->has_stranger = false;
    for (size_t i = 0; i < places->n_items; i++) {
        const place *at = &places->items[i];
        bool is_first = i == 0 || strcmp(at->owner, places->items[i - 1].owner) != 0;
        n_seen = is_first ? 0 : n_seen;
        if (is_field(at) && n_seen++ == n) {
            attempt *next = &out->items[out->n_items];
            *next = (attempt){.at = at, .offers = &offers[out->n_items++]};
            list_candidates(at, next->offers);
            assert_true(out->n_items <= MAX_RULES);
        }
    }
    return out->n_items > 0;
}

static void mutate_pack(const packs *self, size_t index, const json_t *before, candidates *offers,
                        tally *counts)
{
    static batch all;
    place_vec rules = {0};
    place_vec datasets = {0};
    list_places(&self->items[index], "rules", true, &rules);
    list_places(&self->items[index], "datasets", false, &datasets);
    for (size_t n = 0; fill_batch(&rules, n, offers, &all); n++) {
        mutate_batch(self, index, &all, before, counts);
    }
    for (size_t i = 0; i < datasets.n_items; i++) {
        if (is_field(&datasets.items[i])) {
            mutate(self, index, &datasets.items[i], before, counts);
        }
    }
    place_vec_release(&datasets);
    place_vec_release(&rules);
}

static void every_field_is_seen(void **state)
{
    (void)state;
    packs all;
    tally counts = {0};
    candidates *offers = rs_alloc(MAX_RULES, sizeof *offers);
    assert_non_null(offers);
    packs_open(&all);
    json_t *before = sign_as_they_are(&all);
    /* The last pack is the one of operators; in the quick round it stands for all. */
    size_t first = unit_is_full() ? 0 : all.n_items - 1;
    for (size_t i = first; i < all.n_items; i++) {
        mutate_pack(&all, i, before, offers, &counts);
    }
    printf("# %zu fields changed and named, %zu refused\n", counts.n_changed, counts.n_refused);
    assert_true(counts.n_changed > (unit_is_full() ? 500 : 20));
    json_decref(before);
    rs_arena_release(&all.arena);
    rs_free(offers);
}

static void form_is_not_meaning(void **state)
{
    (void)state;
    packs all;
    packs_open(&all);
    json_t *before = sign_as_they_are(&all);
    for (size_t i = 0; i < all.n_items; i++) {
        for (int odd = 0; odd < 2; odd++) {
            rs_error err = {0};
            const style how = {.is_odd = odd == 1};
            json_t *after = sign(&all, i, &how, NULL, NULL, &err);
            UNIT_CHECK(after != NULL, "%s: %s", all.items[i].name, err.message);
            UNIT_CHECK(json_equal(before, after), "%s: written otherwise, it means something else",
                       all.items[i].name);
            json_decref(after);
        }
    }
    json_decref(before);
    rs_arena_release(&all.arena);
}

static void words_are_not_meaning(void **state)
{
    (void)state;
    packs all;
    size_t n_docs = 0;
    packs_open(&all);
    json_t *before = sign_as_they_are(&all);
    for (size_t i = 0; i < all.n_items; i++) {
        place_vec places = {0};
        list_places(&all.items[i], "rules", true, &places);
        for (size_t j = 0; j < places.n_items && n_docs < 40; j++) {
            rs_error err = {0};
            const change other = {places.items[j].value, "\"Otherwise.\""};
            const style how = {.changes = &other, .n_changes = 1};
            if (is_words_only(&places.items[j])) {
                json_t *after = sign(&all, i, &how, NULL, NULL, &err);
                UNIT_CHECK(json_equal(before, after), "%s: its doc is in its signature",
                           places.items[j].owner);
                json_decref(after);
                n_docs++;
            }
        }
        place_vec_release(&places);
    }
    assert_true(n_docs > 20);
    json_decref(before);
    rs_arena_release(&all.arena);
}

static void a_renamed_rule_is_gone_and_new(void **state)
{
    (void)state;
    packs all;
    rs_error err = {0};
    rs_findings findings;
    packs_open(&all);
    json_t *before = sign_as_they_are(&all);
    const rs_yaml *list = rs_yaml_get(all.items[all.n_items - 1].root, "rules");
    const change other = {rs_yaml_get(list->first, "name"), "renamed"};
    const style how = {.changes = &other, .n_changes = 1};
    json_t *after = sign(&all, all.n_items - 1, &how, NULL, NULL, &err);
    UNIT_CHECK(after != NULL, "%s", err.message);
    compare(before, after, &findings);
    assert_int_equal(rs_findings_count(&findings), 2);
    const char *gone =
        json_string_value(json_object_get(json_array_get(findings.findings, 0), "message"));
    const char *new =
        json_string_value(json_object_get(json_array_get(findings.findings, 1), "message"));
    assert_string_equal(gone, "rule parts: is gone");
    assert_string_equal(new, "rule renamed: is new");
    assert_string_not_equal(json_string_value(json_object_get(before, "graph")),
                            json_string_value(json_object_get(after, "graph")));
    rs_findings_release(&findings);
    json_decref(before);
    json_decref(after);
    rs_arena_release(&all.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(form_is_not_meaning),
    cmocka_unit_test(words_are_not_meaning),
    cmocka_unit_test(a_renamed_rule_is_gone_and_new),
    cmocka_unit_test(every_field_is_seen),
};

UNIT_TESTS(rule_mutations, tests)
