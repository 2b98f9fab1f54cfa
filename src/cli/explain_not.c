/* SPDX-License-Identifier: Apache-2.0 */
/* explain_not.c - what rs_bundle_why_not() says, for a person. */
#include <string.h>

#include "cli/document.h"
#include "cli/explain.h"

enum { MAX_DEPTH = 16, INDENT = 2, FIRST_INDENT = 4 };

static const char *name_of(const json_t *node)
{
    const char *name = cli_member(node, "qualified_name");
    return name[0] != '\0' ? name : cli_member(node, "name");
}

/* A row that was looked at, and what was wrong with it where that is not the finding itself. */
static void print_considered(const json_t *finding, const json_t *node, int indent)
{
    const char *verdict = cli_member(node, "verdict");
    bool is_told = strcmp(verdict, cli_member(finding, "verdict")) == 0;
    printf("%*s%s", indent, "", cli_member(node, "dataset"));
    if (json_is_object(json_object_get(node, "place"))) {
        fputs("  ", stdout);
        cli_print_place(json_object_get(node, "place"));
    }
    cli_print_row(node);
    printf("%s%s\n", verdict[0] != '\0' && !is_told ? ": " : "", is_told ? "" : verdict);
}

static void print_finding(const json_t *finding, int indent)
{
    const json_t *rows = json_object_get(finding, "rows");
    const json_t *found = json_object_get(finding, "found");
    const char *verdict = cli_member(finding, "verdict");
    printf("%*s%s: ", indent, "", cli_member(finding, "rule"));
    if (json_is_object(found)) {
        fputs("has", stdout);
        cli_print_targets(json_object_get(found, "leads_to"));
        putchar('\n');
        return;
    }
    puts(verdict[0] != '\0' ? verdict : "has edges for it, but none to what is asked for");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        print_considered(finding, json_array_get(rows, i), indent + INDENT);
    }
}

typedef struct level {
    const json_t *findings;
    size_t next;
} level;

/* A rule, below it the rules that should have given what it lacks. */
static void print_findings(const json_t *finding)
{
    level stack[MAX_DEPTH] = {{json_object_get(finding, "below"), 0}};
    size_t depth = 1;
    print_finding(finding, FIRST_INDENT);
    while (depth > 0) {
        level *top = &stack[depth - 1];
        RS_ASSERT(depth <= MAX_DEPTH);
        if (top->next == json_array_size(top->findings)) {
            depth--;
            continue;
        }
        const json_t *one = json_array_get(top->findings, top->next++);
        print_finding(one, FIRST_INDENT + INDENT * (int)depth);
        if (json_array_size(json_object_get(one, "below")) > 0 && depth < MAX_DEPTH) {
            stack[depth++] = (level){json_object_get(one, "below"), 0};
        }
    }
}

void cli_print_subject(const json_t *subject)
{
    const json_t *has = json_object_get(subject, "has");
    const json_t *missing = json_object_get(subject, "missing");
    const json_t *place = json_object_get(subject, "place");
    printf("%s  ", cli_member(subject, "dataset"));
    cli_print_place(place);
    cli_print_row(subject);
    putchar('\n');
    cli_print_source(place, "  ");
    for (size_t i = 0; i < json_array_size(has); i++) {
        const json_t *edge = json_array_get(has, i);
        const json_t *dst = json_object_get(edge, "dst");
        printf("  has %s to %s ", cli_member(edge, "kind"), cli_member(dst, "kind"));
        cli_print_name(stdout, name_of(dst));
        printf("  edge %s\n", cli_member(edge, "edge_id"));
    }
    cli_print_way(json_object_get(subject, "way"));
    for (size_t i = 0; i < json_array_size(missing); i++) {
        const json_t *one = json_array_get(missing, i);
        printf("  no %s: %s\n", cli_member(one, "kind"), cli_member(one, "doc"));
        print_findings(one);
    }
}

void cli_print_target(const json_t *target)
{
    const json_t *findings = json_object_get(target, "findings");
    const json_t *place = json_object_get(target, "place");
    fputs("what it should lead to  ", stdout);
    cli_print_place(place);
    cli_print_row(target);
    putchar('\n');
    cli_print_source(place, "  ");
    for (size_t i = 0; i < json_array_size(findings); i++) {
        print_findings(json_array_get(findings, i));
    }
}
