/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain.h"

#include <langinfo.h>
#include <string.h>

#include "cli/document.h"

enum {
    MAX_DEPTH = 32,
    PREFIX_BYTES = 8 * MAX_DEPTH,
    TITLE_BYTES = 512,
    MAX_VALUE_BYTES = 96,
    SIGNATURE_SHOWN = 16
};

/* --- how it looks --- */

/* The strokes of a tree, and how words are set off; plain where the terminal has neither. */
typedef struct looks {
    const char *branch;
    const char *last;
    const char *pass;
    const char *bar;
    const char *strong;
    const char *faint;
    const char *mark;
    const char *plain;
} looks;

static looks looks_of(FILE *out)
{
    bool has_strokes = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    looks all = {.branch = has_strokes ? "├─ " : "|- ",
                 .last = has_strokes ? "└─ " : "`- ",
                 .pass = has_strokes ? "│  " : "|  ",
                 .bar = has_strokes ? "│" : "|",
                 .strong = "",
                 .faint = "",
                 .mark = "",
                 .plain = ""};
    if (cli_has_colour(out)) {
        all.strong = CLI_STRONG;
        all.faint = CLI_FAINT;
        all.mark = CLI_GOOD;
        all.plain = CLI_PLAIN;
    }
    return all;
}

static json_int_t integer(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

void cli_print_place(const json_t *place)
{
    cli_print_name(stdout, cli_member(place, "path"));
    if (json_object_get(place, "line") != NULL) {
        printf(":%lld:%lld", (long long)integer(place, "line"),
               (long long)integer(place, "column"));
    }
}

void cli_print_address(const json_t *address)
{
    const json_t *start = json_object_get(address, "start_byte");
    printf("%s %s %s", cli_member(address, "kind"), cli_member(address, "src"),
           cli_member(address, "dst"));
    if (json_is_integer(start)) {
        printf(" %lld", (long long)json_integer_value(start));
    }
}

/* As many blanks as the first n characters of text take, tabs kept. */
static void print_blanks(const char *text, json_int_t n)
{
    for (; *text != '\0' && n > 0; text++) {
        if (rs_starts_character(*text)) {
            putchar(*text == '\t' ? '\t' : ' ');
            n--;
        }
    }
}

void cli_print_source(const json_t *place, const char *prefix)
{
    const json_t *source = json_object_get(place, "source");
    const looks set = looks_of(stdout);
    if (!json_is_object(source)) {
        return;
    }
    const char *text = cli_member(source, "text");
    json_int_t start = integer(source, "mark_start");
    json_int_t end = integer(source, "mark_end");
    RS_ASSERT(start >= 0 && end >= start);
    printf("%s%s%5lld %s%s %s\n", prefix, set.faint, (long long)integer(place, "line"), set.bar,
           set.plain, text);
    printf("%s%s%5s %s%s ", prefix, set.faint, "", set.bar, set.plain);
    print_blanks(text, start);
    fputs(set.mark, stdout);
    for (json_int_t i = start; i < end || i == start; i++) {
        putchar('^');
    }
    printf("%s\n", set.plain);
}

/* --- values --- */

static bool ends_in(const char *text, const char *end)
{
    size_t n_text = strlen(text);
    size_t n_end = strlen(end);
    return n_text >= n_end && strcmp(text + n_text - n_end, end) == 0;
}

/* What a person reads: no ids and bytes, which the place and the line below say better. */
static bool is_telling(const char *name, const json_t *value)
{
    static const char *const columns[] = {"rule_name", "rule_priority", "method",   "confidence",
                                          "score",     "verdict",       "leads_to", "reason"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(name, columns[i]) == 0) {
            return false;
        }
    }
    bool says_nothing = value == NULL || json_is_null(value) ||
                        (json_is_string(value) && json_string_length(value) == 0) ||
                        (json_is_false(value) && strcmp(name, "damaged") == 0);
    return !says_nothing && !ends_in(name, "_id") && !ends_in(name, "_byte") && name[0] != '_';
}

static void print_value(const json_t *value)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        size_t n_bytes = rs_str_cut((rs_str){text, strcspn(text, "\r\n")}, MAX_VALUE_BYTES);
        printf("%.*s%s", (int)n_bytes, text, text[n_bytes] != '\0' ? "..." : "");
    } else if (json_is_integer(value)) {
        printf("%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        printf("%.4g", json_real_value(value));
    } else {
        fputs(json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "-", stdout);
    }
}

/* The column that says what a row is, where the rule did not read it. */
static const char *face_of(const json_t *row)
{
    static const char *const names[] = {"callee_text", "qname",  "symbol",   "qualname",
                                        "attribute",   "name",   "module",   "path",
                                        "text",        "prefix", "ast_class"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (json_string_length(json_object_get(row, names[i])) > 0) {
            return names[i];
        }
    }
    return NULL;
}

/* SCIP's bits, in words. */
static void print_roles(json_int_t roles)
{
    static const char *const words[] = {
        "definition", "import", "write", "read", "generated", "test", "forward definition"};
    const char *before = " (";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((roles >> i & 1) != 0) {
            printf("%s%s", before, words[i]);
            before = ", ";
        }
    }
    fputs(before[0] == ',' ? ")" : "", stdout);
}

static void print_pair(const char *name, const json_t *value, bool *is_first)
{
    printf("%s%s ", *is_first ? "  " : ", ", name);
    print_value(value);
    if (strcmp(name, "symbol_roles") == 0) {
        print_roles(json_integer_value(value));
    }
    *is_first = false;
}

void cli_print_row(const json_t *node)
{
    const json_t *row = json_object_get(node, "row");
    const json_t *reads = json_object_get(node, "reads");
    const char *face = face_of(row);
    bool is_first = true;
    if (face != NULL) {
        print_pair(face, json_object_get(row, face), &is_first);
    }
    for (size_t i = 0; i < json_array_size(reads); i++) {
        const char *name = json_string_value(json_array_get(reads, i));
        RS_ASSERT(name != NULL);
        const json_t *value = json_object_get(row, name);
        if (is_telling(name, value) && (face == NULL || strcmp(name, face) != 0)) {
            print_pair(name, value, &is_first);
        }
    }
}

/* All telling columns of a row, for rows that nobody read. */
static void print_whole_row(const json_t *row)
{
    json_t *walked = (json_t *)(uintptr_t)row; /* the iterator's type has no const */
    const char *name = NULL;
    json_t *value = NULL;
    bool is_first = true;
    json_object_foreach(walked, name, value)
    {
        if (is_telling(name, value)) {
            print_pair(name, value, &is_first);
        }
    }
    const json_t *score = json_object_get(row, "score");
    if (json_object_get(row, "confidence") != NULL) {
        print_pair("confidence", json_object_get(row, "confidence"), &is_first);
    }
    if (json_is_real(score)) {
        print_pair("score", score, &is_first);
    }
}

/* --- the tree --- */

static const json_t *rule_of(const json_t *edge, const char *name)
{
    const json_t *rules = json_object_get(edge, "rules");
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        if (strcmp(cli_member(rule, "name"), name) == 0) {
            return rule;
        }
    }
    return NULL;
}

static void print_node(const json_t *edge, const json_t *node, const char *head, const char *rest)
{
    const looks set = looks_of(stdout);
    const char *name = cli_member(node, "rule");
    const json_t *mark = json_object_get(node, "mark");
    const json_t *place = json_is_object(mark) ? mark : json_object_get(node, "place");
    if (name[0] != '\0') {
        printf("%s%s%s%s", head, set.strong, name, set.plain);
        if (strcmp(cli_member(node, "dataset"), "edges") != 0) {
            cli_print_row(node);
        }
        printf("\n%s%s%s%s\n", rest, set.faint, cli_member(rule_of(edge, name), "doc"), set.plain);
    } else {
        printf("%s%s%s%s", head, set.strong, cli_member(node, "dataset"), set.plain);
        if (json_is_object(place)) {
            fputs("  ", stdout);
            cli_print_place(place);
        }
        cli_print_row(node);
        putchar('\n');
        cli_print_source(place, rest);
    }
    if (cli_member(node, "and")[0] != '\0') {
        printf("%sand %s\n", rest, cli_member(node, "and"));
    }
    if (cli_member(node, "note")[0] != '\0') {
        printf("%snote: %s\n", rest, cli_member(node, "note"));
    }
}

typedef struct level {
    const json_t *nodes;
    size_t next;
    size_t n_prefix; /* bytes of the prefix that its nodes stand behind */
} level;

/* Depth first; what lies deeper than MAX_DEPTH is only counted. */
static void print_tree(const json_t *edge, const json_t *root)
{
    const looks set = looks_of(stdout);
    level stack[MAX_DEPTH] = {{json_object_get(root, "inputs"), 0, 2}};
    char prefix[PREFIX_BYTES] = "  ";
    char head[PREFIX_BYTES];
    size_t depth = 1;
    print_node(edge, root, "  ", "  ");
    while (depth > 0) {
        level *top = &stack[depth - 1];
        RS_ASSERT(depth <= MAX_DEPTH && top->n_prefix < sizeof prefix);
        if (top->next == json_array_size(top->nodes)) {
            depth--;
            continue;
        }
        const json_t *node = json_array_get(top->nodes, top->next++);
        bool is_last = top->next == json_array_size(top->nodes);
        prefix[top->n_prefix] = '\0';
        snprintf(head, sizeof head, "%s%s", prefix, is_last ? set.last : set.branch);
        const char *pass = is_last ? "   " : set.pass;
        size_t n_prefix = top->n_prefix + strlen(pass);
        RS_ASSERT(n_prefix < sizeof prefix); /* a level deeper than MAX_DEPTH is not drawn */
        snprintf(prefix + top->n_prefix, sizeof prefix - top->n_prefix, "%s", pass);
        print_node(edge, node, head, prefix);
        const json_t *inputs = json_object_get(node, "inputs");
        if (json_array_size(inputs) > 0 && depth == MAX_DEPTH) {
            printf("%s... %zu rows below\n", prefix, json_array_size(inputs));
        } else if (json_array_size(inputs) > 0) {
            stack[depth++] = (level){inputs, 0, n_prefix};
        }
    }
}

/* --- candidates --- */

/* The nodes that a row is about. */
void cli_print_targets(const json_t *nodes)
{
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *node = json_array_get(nodes, i);
        const json_t *place = json_object_get(node, "place");
        const char *name = cli_member(node, "qualified_name");
        printf(" %s ", cli_member(node, "kind"));
        cli_print_name(stdout, name[0] != '\0' ? name : cli_member(node, "name"));
        if (json_is_object(place)) {
            fputs("  ", stdout);
            cli_print_place(place);
        }
    }
}

static void print_rivals(const json_t *rows, const char *title, const char *verdict_key)
{
    const looks set = looks_of(stdout);
    if (json_array_size(rows) == 0) {
        return;
    }
    printf("    %s\n", title);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *rival = json_array_get(rows, i);
        bool is_node = json_object_get(rival, "dataset") != NULL;
        const char *verdict = cli_member(rival, verdict_key);
        fputs("     ", stdout);
        if (is_node) {
            putchar(' ');
            cli_print_place(json_object_get(rival, "place"));
            cli_print_row(rival);
        } else {
            cli_print_targets(json_object_get(rival, "leads_to"));
            print_whole_row(rival);
        }
        printf("%s%s%s%s\n", verdict[0] != '\0' ? "\n        " : "", set.faint, verdict, set.plain);
    }
}

/* One row that a rule made, and who was beside it. */
static void print_candidates(const json_t *node)
{
    const looks set = looks_of(stdout);
    const json_t *all = json_object_get(node, "candidates");
    const json_t *aligned = json_object_get(all, "aligned");
    const json_t *beaten = json_object_get(all, "beaten");
    const json_t *kept = json_object_get(all, "kept");
    const json_t *rejected = json_object_get(all, "rejected");
    char title[TITLE_BYTES];
    if (json_array_size(aligned) + json_array_size(beaten) + json_array_size(kept) +
            json_array_size(rejected) ==
        0) {
        return;
    }
    printf("  %s%s%s had other candidates\n", set.strong, cli_member(node, "rule"), set.plain);
    snprintf(title, sizeof title, "lost the alignment (%s):", cli_member(all, "mode"));
    print_rivals(aligned, title, "verdict");
    print_rivals(beaten, "lost to this row:", "verdict");
    snprintf(title, sizeof title,
             "kept beside it, for the same %s (policy %s):", cli_member(all, "question"),
             cli_member(all, "policy")[0] != '\0' ? cli_member(all, "policy") : "none");
    print_rivals(kept, title, "verdict");
    print_rivals(rejected, "rejected by the contract:", "reason");
}

/* Breadth first, as the library has made them. */
static void print_all_candidates(const json_t *edge)
{
    json_t *nodes = json_array();
    json_array_append(nodes, json_object_get(edge, "because"));
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *node = json_array_get(nodes, i);
        json_array_extend(nodes, json_object_get(node, "inputs"));
        print_candidates(node);
    }
    json_decref(nodes);
}

/* --- by which names --- */

static void print_step(const json_t *step)
{
    static const char *const words[][2] = {{"name", "name"},         {"binding", "bound"},
                                           {"import", "imported"},   {"star", "brought by"},
                                           {"alias", "which is"},    {"attribute", "attribute"},
                                           {"patch", "stored here"}, {"external", "outside"}};
    const json_t *node = json_object_get(step, "node");
    const json_t *place = json_object_get(step, "place");
    const char *how = cli_member(step, "how");
    const char *name = cli_member(node, "qualified_name");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(how, words[i][0]) == 0) {
            how = words[i][1];
        }
    }
    name = name[0] != '\0' ? name : cli_member(node, "name");
    printf("    %-10s %s%s", how, cli_member(node, "kind"), name[0] != '\0' ? " " : "");
    cli_print_name(stdout, name);
    cli_print_name(stdout, cli_member(step, "external"));
    if (json_is_object(place)) {
        fputs("  ", stdout);
        cli_print_place(place);
    }
    putchar('\n');
    cli_print_source(place, "      ");
}

/* The first link that is missing, and where it was looked for. */
static void print_missing(const json_t *missing)
{
    const json_t *searched = json_object_get(missing, "searched");
    const looks set = looks_of(stdout);
    if (!json_is_object(missing)) {
        return;
    }
    printf("    %smissing%s    %s\n", set.strong, set.plain, cli_member(missing, "verdict"));
    for (size_t i = 0; i < json_array_size(searched); i++) {
        const json_t *one = json_array_get(searched, i);
        printf("      %s %s", cli_member(one, "module"), cli_member(one, "verdict"));
        if (json_is_object(json_object_get(one, "place"))) {
            fputs("  ", stdout);
            cli_print_place(json_object_get(one, "place"));
        }
        putchar('\n');
    }
}

void cli_print_way(const json_t *way)
{
    const looks set = looks_of(stdout);
    const json_t *steps = json_object_get(way, "steps");
    const char *reason = cli_member(way, "reason");
    if (!json_is_object(way)) {
        return;
    }
    printf("  %sby way of%s  %s%s%s\n", set.strong, set.plain, cli_member(way, "status"),
           reason[0] != '\0' ? ": " : "", reason);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        print_step(json_array_get(steps, i));
    }
    print_missing(json_object_get(way, "missing"));
}

/* --- confidence and rules --- */

static void print_confidence(const json_t *edge)
{
    const looks set = looks_of(stdout);
    const json_t *by = json_object_get(edge, "confidence_by");
    const char *policy = cli_member(by, "policy");
    const char *source = cli_member(by, "source");
    double weight = json_real_value(json_object_get(by, "weight"));
    double penalty = json_real_value(json_object_get(by, "penalty"));
    printf("  %sconfidence%s %.4g", set.strong, set.plain,
           json_number_value(json_object_get(by, "value")));
    if (policy[0] != '\0') {
        printf("  policy %s: base %.4g", policy, json_real_value(json_object_get(by, "base")));
        if (source[0] != '\0') {
            printf(" %c %.4g for %s", weight < 0 ? '-' : '+', weight < 0 ? -weight : weight,
                   source);
        }
        if (penalty > 0) {
            printf(" - penalty %.4g", penalty);
        }
        printf("%s%s\n", cli_member(by, "doc")[0] != '\0' ? "  " : "", cli_member(by, "doc"));
    } else if (cli_member(by, "expression")[0] != '\0') {
        printf("  %s says %s\n", cli_member(by, "rule"), cli_member(by, "expression"));
    } else {
        printf("  the source states it outright\n");
    }
    if (json_is_real(json_object_get(edge, "score"))) {
        printf("  %sscore%s %.6g\n", set.strong, set.plain,
               json_real_value(json_object_get(edge, "score")));
    }
}

/* What of its evidence lies in or below what does not parse, and where. */
static void print_damage(const json_t *edge)
{
    const looks set = looks_of(stdout);
    const json_t *rows = json_object_get(edge, "damaged_by");
    if (!json_is_true(json_object_get(edge, "damaged"))) {
        return;
    }
    printf("  %sdamaged%s  it rests on what lies in or below a region that does not parse\n",
           set.strong, set.plain);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("    %s", cli_member(row, "dataset"));
        if (json_is_object(json_object_get(row, "place"))) {
            fputs("  ", stdout);
            cli_print_place(json_object_get(row, "place"));
        }
        putchar('\n');
    }
}

static void print_rule(const json_t *rule)
{
    const looks set = looks_of(stdout);
    const json_t *event = json_object_get(rule, "event");
    const json_t *kernels = json_object_get(rule, "kernels");
    printf("    %-24s %s:%lld", cli_member(rule, "name"), cli_member(rule, "pack"),
           (long long)integer(rule, "line"));
    printf("  %s", cli_member(rule, "kind"));
    for (size_t i = 0; i < json_array_size(kernels); i++) {
        const json_t *kernel = json_array_get(kernels, i);
        const char *lane = cli_member(event, "lane"); /* as it was; else as the policy has it */
        printf("%s%s in %s", i == 0 ? " (" : ", ", cli_member(kernel, "kernel"),
               lane[0] != '\0' ? lane : cli_member(kernel, "lane"));
    }
    printf("%s", json_array_size(kernels) > 0 ? ")" : "");
    if (json_is_object(event)) {
        printf("  %.3g ms of %s for %lld rows",
               json_number_value(json_object_get(event, "duration_ms")),
               cli_member(event, "engine"), (long long)integer(event, "rows_out"));
    } else {
        printf("  time not recorded");
    }
    printf("  %ssignature %.*s%s\n", set.faint, SIGNATURE_SHOWN, cli_member(rule, "signature"),
           set.plain);
}

/* --- an edge --- */

static void print_end(const char *word, const json_t *node)
{
    const char *name = cli_member(node, "qualified_name");
    name = name[0] != '\0' ? name : cli_member(node, "name");
    printf("  %-5s %-14s ", word, cli_member(node, "kind"));
    cli_print_name(stdout, name);
    if (json_is_object(json_object_get(node, "place"))) {
        fputs(name[0] != '\0' ? "  " : "", stdout);
        cli_print_place(json_object_get(node, "place"));
    }
    putchar('\n');
}

void cli_print_edge(const json_t *edge)
{
    const looks set = looks_of(stdout);
    const json_t *rules = json_object_get(edge, "rules");
    const json_t *anchor = json_object_get(edge, "anchor");
    fputs(set.strong, stdout);
    cli_print_address(json_object_get(edge, "address"));
    printf("%s  %sedge %s%s\n", set.plain, set.faint, cli_member(edge, "edge_id"), set.plain);
    print_end("from", json_object_get(edge, "src"));
    print_end("to", json_object_get(edge, "dst"));
    cli_print_source(anchor, "  ");
    printf("\n  %sbecause%s\n", set.strong, set.plain);
    print_tree(edge, json_object_get(edge, "because"));
    putchar('\n');
    if (integer(json_object_get(edge, "way"), "n_links") > 0) {
        cli_print_way(json_object_get(edge, "way"));
        putchar('\n');
    }
    print_confidence(edge);
    print_damage(edge);
    print_all_candidates(edge);
    printf("  %srules%s\n", set.strong, set.plain);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        print_rule(json_array_get(rules, i));
    }
    if (json_is_false(json_object_get(edge, "derivations_agree"))) {
        printf("  the bundle's derivations name other rows\n");
    }
}
