/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/diff.h"

#include <stdio.h>
#include <string.h>

#include "bundle/files.h"
#include "compare/check.h"
#include "compare/facts.h"
#include "compare/snapshot.h"
#include "compare/sql_texts.h"
#include "engine/duckdb/rows_json.h"

/* --- tables of both sides --- */

/* The datasets that the comparison reads, as views a_<name> and b_<name>. */
static const struct {
    const char *name;
    const char *path;
} inputs[] = {
    {"nodes", "cpg/nodes"},
    {"edges", "cpg/edges"},
    {"files", "evidence/repo_files"},
    {"syntax", "evidence/syntax_nodes"},
    {"defs", "evidence/defs"},
    {"modules", "evidence/modules"},
    {"literals", "evidence/literals"},
    {"docstrings", "evidence/docstrings"},
    {"comments", "evidence/comments"},
    {"lines", "evidence/line_index"},
};

/* What each side is told alone, `side` being its letter, and then both together (sql/diff.sql). */
static const rs_sql *const side_statements[] = {
    &rs_sql_compare_side_definitions, &rs_sql_compare_side_owners, &rs_sql_compare_side_long,
    &rs_sql_compare_side_content,     &rs_sql_compare_side_things, &rs_sql_compare_side_links,
};
static const rs_sql *const both_statements[] = {
    &rs_sql_compare_pairs,
    &rs_sql_compare_moved,
    &rs_sql_compare_changes,
    &rs_sql_compare_line_ends,
};

/* The members of the document that are rows of a query, each named as its statement is. */
static const rs_sql *const answers[] = {
    &rs_sql_compare_files,      &rs_sql_compare_definitions, &rs_sql_compare_edges,
    &rs_sql_compare_node_kinds, &rs_sql_compare_edge_kinds,
};

static rs_status add_views(rs_session *session, const char *letter, const char *directory,
                           rs_error *err)
{
    rs_buf path = {0};
    rs_buf files = {0};
    char name[64];
    rs_status status = RS_OK;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0] && status == RS_OK; i++) {
        snprintf(name, sizeof name, "%s_%s", letter, inputs[i].name);
        rs_buf_reset(&files);
        status = rs_path_set(&path, directory, inputs[i].path, err);
        RS_THEN(status, rs_files_add_parquet_sql(path.bytes, 0, &files, err));
        RS_THEN(status, rs_session_add_parquet_view(session, name, files.bytes, err));
    }
    rs_buf_release(&files);
    rs_buf_release(&path);
    return status;
}

static void add_side(const char *letter, rs_buf *sql)
{
    const rs_sql_arg side = {.name = "side", .word = letter};
    for (size_t i = 0; i < sizeof side_statements / sizeof side_statements[0]; i++) {
        rs_sql_add(side_statements[i], &side, 1, sql);
        rs_buf_add(sql, ";\n");
    }
}

static rs_status make_tables(rs_session *session, const char *before, const char *after,
                             rs_error *err)
{
    rs_buf sql = {0};
    RS_TRY(add_views(session, "a", before, err));
    RS_TRY(add_views(session, "b", after, err));
    add_side("a", &sql);
    add_side("b", &sql);
    for (size_t i = 0; i < sizeof both_statements / sizeof both_statements[0]; i++) {
        rs_sql_add(both_statements[i], NULL, 0, &sql);
        rs_buf_add(&sql, ";\n");
    }
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute(session, "diff", sql.bytes, err));
    rs_buf_release(&sql);
    return status;
}

/* --- facts --- */

/* One of the two bundles. */
typedef struct side {
    json_t *facts;
    json_t *environment; /* NULL: there is none */
    rs_buf directory;
} side;

static rs_status read_side(const char *path, const atomic_bool *stop, side *self, rs_error *err)
{
    rs_reader *reader = NULL;
    rs_status status = rs_reader_new(path, stop, &reader, err);
    if (status == RS_OK) {
        rs_buf_add_str(&self->directory, rs_buf_str(&reader->directory));
        status = rs_buf_check(&self->directory, err);
    }
    RS_THEN(status, rs_facts_new(reader, &self->facts, err));
    RS_THEN(status, rs_facts_document(reader, "environment.json", &self->environment, err));
    status = reader != NULL ? rs_reader_settle(reader, status, err) : status;
    rs_reader_free(reader);
    return status;
}

/* What else the first bundle is, as a snapshot that the second is held against; what is told in more
 * detail is left out of it. */
static rs_status add_findings(const json_t *before, const json_t *after, json_t *document,
                              rs_error *err)
{
    json_t *snapshot = NULL;
    rs_findings findings = {0};
    bool failed = false;
    RS_TRY(rs_snapshot_new(before, NULL, &snapshot, err));
    json_object_del(snapshot, "counts");
    json_object_del(snapshot, "input");
    rs_status status = rs_findings_init(&findings, err);
    RS_THEN(status, rs_check_snapshot(snapshot, after, &findings, err));
    RS_THEN(status, rs_findings_check(&findings, err));
    if (status == RS_OK) {
        rs_json_set(document, "findings", json_incref(findings.findings), &failed);
    }
    rs_findings_release(&findings);
    json_decref(snapshot);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "diff: out of memory")
                                     : status;
}

/* --- the first dataset that differs --- */

static const char *first_different(const json_t *before, const json_t *after)
{
    static const char *const groups[] = {"evidence/", "relationships/", "cpg/"};
    const json_t *old = json_object_get(before, "datasets");
    json_t *new = json_object_get(after, "datasets");
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        const char *path;
        json_t *row;
        json_object_foreach(new, path, row)
        {
            if (strncmp(path, groups[g], strlen(groups[g])) == 0 &&
                !json_equal(json_object_get(old, path), row)) {
                return path;
            }
        }
    }
    return NULL;
}

/* Rules that write it, by the second bundle's rules; evidence has none. */
static json_t *makers_of(const json_t *facts, const char *path, bool *failed)
{
    const char *dataset = strchr(path, '/') + 1;
    json_t *makers = json_array();
    const char *name;
    json_t *rule;
    json_object_foreach(json_object_get(facts, "rules"), name, rule)
    {
        const json_t *output = json_object_get(json_object_get(rule, "rule"), "output");
        if (strcmp(rs_manifest_text(output, "dataset"), dataset) == 0) {
            rs_json_push(makers, rs_json_text(name), failed);
        }
    }
    return makers;
}

static void add_first(const json_t *before, const json_t *after, json_t *document, bool *failed)
{
    const char *path = first_different(before, after);
    json_t *row = path != NULL ? json_object() : json_null();
    if (path != NULL) {
        rs_json_set(row, "dataset", rs_json_text(path), failed);
        rs_json_set(row, "rules", makers_of(after, path, failed), failed);
    }
    rs_json_set(document, "first_dataset", row, failed);
}

/* --- times --- */

static void add_times(const side sides[2], json_t *document, bool *failed)
{
    static const char *const names[] = {"before", "after"};
    json_t *times = json_object();
    for (size_t i = 0; i < 2; i++) {
        json_t *stages = json_object_get(sides[i].environment, "stages");
        rs_json_set(times, names[i], stages != NULL ? json_incref(stages) : json_array(), failed);
    }
    rs_json_set(document, "stages", times, failed);
}

/* --- all of it --- */

static rs_status add_answers(const char *const directories[2], const atomic_bool *stop,
                             json_t *document, rs_error *err)
{
    const rs_engine_config config = {
        .allowed_directory = directories[0], .other_directory = directories[1], .stop = stop};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    bool failed = false;
    rs_status status = rs_engine_new(&config, &engine, err);
    RS_THEN(status, rs_session_new(engine, &session, err));
    RS_THEN(status, make_tables(session, directories[0], directories[1], err));
    for (size_t i = 0; i < sizeof answers / sizeof answers[0] && status == RS_OK; i++) {
        json_t *rows = json_array();
        status = rs_session_query_json(session, "diff", answers[i]->text, rows, err);
        rs_json_set(document, answers[i]->name, rows, &failed);
    }
    rs_session_free(session);
    rs_engine_free(engine);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "diff: out of memory")
                                     : status;
}

/* Whether files were written with other line ends, and nothing else is different. */
static bool is_line_ends(const json_t *document)
{
    const json_t *files = json_object_get(document, "files");
    const json_t *findings = json_object_get(document, "findings");
    size_t n_others = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        /* Bytes that moved are other content of as many rows. */
        const json_t *finding = json_array_get(findings, i);
        n_others += strcmp(rs_manifest_text(finding, "check"), "datasets") != 0 ||
                    strcmp(rs_manifest_text(finding, "field"), "sha256") != 0;
    }
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const json_t *rows = json_object_get(document, answers[i]->name);
        n_others += rows != files ? json_array_size(rows) : 0;
    }
    for (size_t i = 0; i < json_array_size(files); i++) {
        const char *change = rs_manifest_text(json_array_get(files, i), "change");
        n_others += strcmp(change, "line ends") != 0;
    }
    return n_others == 0 && json_array_size(files) > 0;
}

static rs_status compare(const side sides[2], const atomic_bool *stop, json_t *document,
                         rs_error *err)
{
    const char *const directories[2] = {sides[0].directory.bytes, sides[1].directory.bytes};
    bool failed = false;
    bool is_equal = json_equal(sides[0].facts, sides[1].facts);
    rs_json_set(document, "equal", json_boolean(is_equal), &failed);
    rs_json_set(document, "before", rs_json_text(directories[0]), &failed);
    rs_json_set(document, "after", rs_json_text(directories[1]), &failed);
    add_first(sides[0].facts, sides[1].facts, document, &failed);
    add_times(sides, document, &failed);
    if (failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "diff: out of memory");
    }
    RS_TRY(add_findings(sides[0].facts, sides[1].facts, document, err));
    if (!is_equal) {
        RS_TRY(add_answers(directories, stop, document, err));
    }
    rs_json_set(document, "only_line_ends", json_boolean(!is_equal && is_line_ends(document)),
                &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "diff: out of memory") : RS_OK;
}

rs_status rs_diff(const char *before, const char *after, const atomic_bool *stop, json_t **out,
                  rs_error *err)
{
    side sides[2] = {{0}, {0}};
    *out = NULL;
    rs_status status = read_side(before, stop, &sides[0], err);
    RS_THEN(status, read_side(after, stop, &sides[1], err));
    if (status == RS_OK) {
        *out = json_object();
        status = compare(sides, stop, *out, err);
    }
    if (status != RS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    for (size_t i = 0; i < 2; i++) {
        json_decref(sides[i].facts);
        json_decref(sides[i].environment);
        rs_buf_release(&sides[i].directory);
    }
    return status;
}
