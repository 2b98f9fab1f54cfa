/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/junit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/document.h"

/* XML knows no other control characters than these, escaped or not. */
static bool is_character(unsigned char byte)
{
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Texts of the report are UTF-8. U+FFFE and U+FFFF (EF BF BE, EF BF BF) are no characters of XML. */
static size_t bad_bytes(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    bool is_last = bytes[0] == 0xef && bytes[1] == 0xbf && (bytes[2] == 0xbe || bytes[2] == 0xbf);
    return is_last ? 3 : is_character(bytes[0]) ? 0 : 1;
}

static void put_text(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t n_bad = bad_bytes(text);
        if (n_bad > 0) {
            fputc('?', out);
            text += n_bad;
            continue;
        }
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\t':
        case '\n':
        case '\r': /* would be blanks in an attribute */
            fprintf(out, "&#%d;", *text);
            break;
        default:
            fputc(*text, out);
            break;
        }
        text++;
    }
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    put_text(out, text);
    fputc('"', out);
}

static bool is_of(const json_t *finding, const char *check, const char *object)
{
    return strcmp(cli_member(finding, "check"), check) == 0 &&
           (object == NULL || strcmp(cli_member(finding, "object"), object) == 0);
}

/* The findings of one object stand in one case, at the place of the first of them. */
static bool is_first(const json_t *findings, size_t index)
{
    const json_t *finding = json_array_get(findings, index);
    for (size_t i = 0; i < index; i++) {
        if (is_of(json_array_get(findings, i), cli_member(finding, "check"),
                  cli_member(finding, "object"))) {
            return false;
        }
    }
    return true;
}

static void put_case(FILE *out, const json_t *findings, const char *check, const char *object)
{
    fputs("    <testcase", out);
    put_attribute(out, "classname", check);
    put_attribute(out, "name", object);
    fputs(">\n      <failure", out);
    put_attribute(out, "type", check);
    fputs(">", out);
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        if (is_of(finding, check, object)) {
            put_text(out, cli_member(finding, "message"));
            fputs("\n", out);
        }
    }
    fputs("</failure>\n    </testcase>\n", out);
}

static size_t count_objects(const json_t *findings, const char *check)
{
    size_t n_objects = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        n_objects += is_of(json_array_get(findings, i), check, NULL) && is_first(findings, i);
    }
    return n_objects;
}

static void put_suite(FILE *out, const json_t *findings, const json_t *row)
{
    const char *check = cli_member(row, "check");
    size_t n_failed = count_objects(findings, check);
    fputs("  <testsuite", out);
    put_attribute(out, "name", check);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
            n_failed > 0 ? n_failed : 1, n_failed);
    if (n_failed == 0) {
        char name[64];
        snprintf(name, sizeof name, "%lld compared",
                 (long long)json_integer_value(json_object_get(row, "compared")));
        fputs("    <testcase", out);
        put_attribute(out, "classname", check);
        put_attribute(out, "name", name);
        fputs("/>\n", out);
    }
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        if (is_of(finding, check, NULL) && is_first(findings, i)) {
            put_case(out, findings, check, cli_member(finding, "object"));
        }
    }
    fputs("  </testsuite>\n", out);
}

rs_status cli_write_junit(const json_t *report, const char *path, rs_error *err)
{
    const json_t *checks = json_object_get(report, "checks");
    const json_t *findings = json_object_get(report, "findings");
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        return rs_error_set_errno(err, errno, "write %s", path);
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"relspec gate\">\n", out);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        put_suite(out, findings, json_array_get(checks, i));
    }
    fputs("</testsuites>\n", out);
    bool is_whole = fflush(out) == 0 && ferror(out) == 0;
    int cause = errno;
    if (fclose(out) != 0 || !is_whole) {
        return rs_error_set_errno(err, is_whole ? errno : cause, "write %s", path);
    }
    return RS_OK;
}
