/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/diff.h"

#include <stdio.h>
#include <string.h>

#include "bundle/files.h"
#include "compare/check.h"
#include "compare/facts.h"
#include "compare/snapshot.h"
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
};

/*
 * For one side, $ being its letter:
 *
 *   $_def      modules and definitions: what they are called, where, in what; n: the how manieth of
 *              that name
 *   $_owner    each node of the syntax tree, with the innermost of these around it
 *   $_content  what stands in a definition, without the definitions inside it: a hash over its nodes
 *              in order, with their names and literals; its own name is not in it
 *   $_thing    what a node is, without where
 */
static const char side_sql[] =
    "CREATE TEMP TABLE $_def AS SELECT *, row_number() OVER (PARTITION BY kind, name ORDER BY "
    "path, "
    "id) AS n FROM (SELECT d.def_id AS id, n.kind::VARCHAR AS kind, coalesce(n.qualified_name, "
    "d.qualname) AS name, f.path, n.start_line AS line, d.container_id AS container, s.n_subtree "
    "FROM $_defs d JOIN $_nodes n ON n.node_id = d.def_id JOIN $_files f ON f.file_id = d.def_id "
    ">> "
    "24 JOIN $_syntax s ON s.node_id = d.def_id UNION ALL SELECT m.module_id, 'MODULE', "
    "coalesce(m.module, f.path), f.path, 1, NULL, s.n_subtree FROM $_modules m JOIN $_files f ON "
    "f.file_id = m.module_id >> 24 JOIN $_syntax s ON s.node_id = m.module_id);\n"
    "CREATE TEMP TABLE $_owner AS SELECT s.node_id AS id, max(d.id) AS owner FROM $_syntax s JOIN "
    "$_def d ON d.id <= s.node_id AND s.node_id < d.id + d.n_subtree GROUP BY s.node_id;\n"
    "CREATE TEMP TABLE $_content AS SELECT o.owner AS id, count(*) AS n_nodes, hash(list(hash("
    "s.ast_class::VARCHAR, s.field::VARCHAR, s.context::VARCHAR, CASE WHEN o.id <> o.owner THEN "
    "n.name END, l.text, CASE WHEN l.literal_id IS NOT NULL AND l.text IS NULL THEN n.end_byte - "
    "n.start_byte END, c.text) ORDER BY o.id)) AS content FROM $_owner o JOIN $_syntax s ON "
    "s.node_id = o.id JOIN $_nodes n ON n.node_id = o.id LEFT JOIN $_literals l ON l.literal_id = "
    "o.id LEFT JOIN $_docstrings c ON c.docstring_id = o.id GROUP BY o.owner;\n"
    "CREATE TEMP TABLE $_thing AS SELECT n.node_id AS id, CASE WHEN d.id IS NOT NULL THEN d.kind "
    "|| "
    "' ' || d.name WHEN n.node_id < 0 THEN n.kind::VARCHAR || ' ' || coalesce(n.qualified_name, "
    "n.name, '') ELSE n.kind::VARCHAR || ' ' || coalesce(n.name || ' ', '') || 'in ' || "
    "coalesce(p.name, f.path, '') END AS what, d.id IS NOT NULL OR n.node_id < 0 AS is_named FROM "
    "$_nodes n LEFT JOIN $_def d ON d.id = n.node_id LEFT JOIN $_owner o ON o.id = n.node_id LEFT "
    "JOIN $_def p ON p.id = o.owner LEFT JOIN $_files f ON f.file_id = n.node_id >> 24;\n";

/*
 * Both sides together. pairs: a definition of each side, or of one. Those of one side are renamed
 * where exactly one of the other side's has the same content and enough of it to tell. A definition
 * is moved when it is in another file, or has other neighbours on both sides in what it stands in.
 */
static const char both_sql[] =
    "CREATE TEMP TABLE named AS SELECT a.id AS a, b.id AS b FROM a_def a FULL JOIN b_def b USING "
    "(kind, name, n);\n"
    "CREATE TEMP TABLE renamed AS SELECT any_value(a) AS a, any_value(b) AS b FROM (SELECT p.a, "
    "NULL "
    "AS b, d.kind, c.content FROM named p JOIN a_def d ON d.id = p.a JOIN a_content c ON c.id = "
    "p.a "
    "WHERE p.b IS NULL AND c.n_nodes >= 8 UNION ALL SELECT NULL, p.b, d.kind, c.content FROM named "
    "p "
    "JOIN b_def d ON d.id = p.b JOIN b_content c ON c.id = p.b WHERE p.a IS NULL AND c.n_nodes >= "
    "8) "
    "GROUP BY kind, content HAVING count(a) = 1 AND count(b) = 1;\n"
    "CREATE TEMP TABLE pairs AS SELECT a, b, false AS is_renamed FROM named p WHERE NOT EXISTS "
    "(FROM renamed r WHERE r.a = p.a OR r.b = p.b) UNION ALL SELECT a, b, true FROM renamed;\n"
    "CREATE TEMP TABLE beside AS SELECT p.a, p.b, a.path <> b.path AS is_elsewhere, lag(p.b) OVER "
    "x "
    "AS a_before, lead(p.b) OVER x AS a_behind, lag(p.b) OVER y AS b_before, lead(p.b) OVER y AS "
    "b_behind FROM pairs p JOIN a_def a ON a.id = p.a JOIN b_def b ON b.id = p.b JOIN pairs q ON "
    "q.a "
    "= a.container AND q.b = b.container WINDOW x AS (PARTITION BY q.b ORDER BY p.a), y AS "
    "(PARTITION BY q.b ORDER BY p.b);\n"
    "CREATE TEMP TABLE moved AS SELECT b AS id FROM beside WHERE (a_before IS DISTINCT FROM "
    "b_before "
    "AND a_behind IS DISTINCT FROM b_behind AND a_before IS DISTINCT FROM b_behind) OR "
    "(is_elsewhere "
    "AND NOT EXISTS (FROM named m JOIN a_def k ON k.id = m.a JOIN b_def l ON l.id = m.b JOIN b_def "
    "d "
    "ON d.id = beside.b WHERE m.b = d.container AND k.path <> l.path));\n"
    "CREATE TEMP TABLE changes AS SELECT coalesce(b.kind, a.kind) AS kind, CASE WHEN p.b IS NULL "
    "THEN 'removed' WHEN p.a IS NULL THEN 'added' WHEN is_renamed THEN 'renamed' WHEN x.content <> "
    "y.content THEN 'changed' WHEN p.b IN (FROM moved) OR (a.path <> b.path AND a.kind = 'MODULE') "
    "THEN 'moved' ELSE 'same' END AS change, a.name AS before, b.name AS after, a.path AS "
    "before_path, a.line AS before_line, b.path AS after_path, b.line AS after_line, coalesce(a."
    "container, -1) AS a_container, coalesce(b.container, -1) AS b_container, p.a, p.b FROM pairs "
    "p "
    "LEFT JOIN a_def a ON a.id = p.a LEFT JOIN b_def b ON b.id = p.b LEFT JOIN a_content x ON x.id "
    "= "
    "p.a LEFT JOIN b_content y ON y.id = p.b;\n"
    "CREATE TEMP TABLE a_link AS SELECT e.kind::VARCHAR AS kind, s.what AS src, d.what AS dst, "
    "count(*) AS n FROM a_edges e JOIN a_thing s ON s.id = e.src JOIN a_thing d ON d.id = e.dst "
    "WHERE "
    "(d.is_named OR e.kind IN ('HAS_BASE', 'DECLARES_IMPORT')) AND e.kind <> 'AST' GROUP BY ALL;\n"
    "CREATE TEMP TABLE b_link AS SELECT e.kind::VARCHAR AS kind, s.what AS src, d.what AS dst, "
    "count(*) AS n FROM b_edges e JOIN b_thing s ON s.id = e.src JOIN b_thing d ON d.id = e.dst "
    "WHERE "
    "(d.is_named OR e.kind IN ('HAS_BASE', 'DECLARES_IMPORT')) AND e.kind <> 'AST' GROUP BY ALL;\n"
    "CREATE TEMP TABLE links AS SELECT kind, src, dst, coalesce(b.n, 0) - coalesce(a.n, 0) AS n "
    "FROM "
    "a_link a FULL JOIN b_link b USING (kind, src, dst) WHERE coalesce(a.n, 0) <> coalesce(b.n, 0)";

/* The members of the document that are rows of a query. A definition inside one that is itself added
 * or removed is inner: the outer one says it. */
static const struct {
    const char *name;
    const char *sql;
} answers[] = {
    {"files", "SELECT coalesce(b.path, a.path) AS path, CASE WHEN a.path IS NULL THEN 'added' WHEN "
              "b.path IS NULL THEN 'removed' ELSE 'changed' END AS change FROM a_files a FULL JOIN "
              "b_files b USING (path) WHERE a.sha256 IS DISTINCT FROM b.sha256 ORDER BY 1"},
    {"definitions",
     "SELECT kind, change, before, after, before_path, before_line, after_path, after_line, "
     "EXISTS (FROM changes o WHERE o.change = c.change AND (o.a = c.a_container OR o.b = "
     "c.b_container)) AND change IN ('added', 'removed') AS is_inner FROM changes c WHERE change "
     "<> "
     "'same' ORDER BY coalesce(after_path, before_path), coalesce(after_line, before_line), kind, "
     "coalesce(after, before), change"},
    {"edges", "SELECT kind, CASE WHEN n > 0 THEN 'added' ELSE 'removed' END AS change, src, dst, "
              "abs(n) AS n FROM links ORDER BY kind, change, src, dst"},
    {"node_kinds",
     "SELECT kind, coalesce(a.n, 0) AS before, coalesce(b.n, 0) AS after FROM (SELECT "
     "kind::VARCHAR AS kind, count(*) AS n FROM a_nodes GROUP BY 1) a FULL JOIN "
     "(SELECT kind::VARCHAR AS kind, count(*) AS n FROM b_nodes GROUP BY 1) b USING "
     "(kind) WHERE a.n IS DISTINCT FROM b.n ORDER BY kind"},
    {"edge_kinds",
     "SELECT kind, coalesce(a.n, 0) AS before, coalesce(b.n, 0) AS after FROM (SELECT "
     "kind::VARCHAR AS kind, count(*) AS n FROM a_edges GROUP BY 1) a FULL JOIN "
     "(SELECT kind::VARCHAR AS kind, count(*) AS n FROM b_edges GROUP BY 1) b USING "
     "(kind) WHERE a.n IS DISTINCT FROM b.n ORDER BY kind"},
};

/* Replace each $ by the side's letter, a text of one character. */
static void add_side_sql(const char *pattern, const char *letter, rs_buf *sql)
{
    while (*pattern != '\0') {
        size_t n_plain = strcspn(pattern, "$");
        rs_buf_append(sql, pattern, n_plain);
        pattern += n_plain;
        if (*pattern == '$') {
            rs_buf_add(sql, letter);
            pattern++;
        }
    }
}

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
        if (status == RS_OK) {
            status = rs_files_add_parquet_sql(path.bytes, 0, &files, err);
        }
        if (status == RS_OK) {
            status = rs_session_add_parquet_view(session, name, files.bytes, err);
        }
    }
    rs_buf_release(&files);
    rs_buf_release(&path);
    return status;
}

static rs_status make_tables(rs_session *session, const char *before, const char *after,
                             rs_error *err)
{
    rs_buf sql = {0};
    RS_TRY(add_views(session, "a", before, err));
    RS_TRY(add_views(session, "b", after, err));
    add_side_sql(side_sql, "a", &sql);
    add_side_sql(side_sql, "b", &sql);
    rs_buf_add(&sql, both_sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(session, "diff", sql.bytes, err);
    }
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

static rs_status read_side(const char *path, side *self, rs_error *err)
{
    rs_reader *reader = NULL;
    rs_status status = rs_reader_new(path, &reader, err);
    if (status == RS_OK) {
        rs_buf_add_str(&self->directory, rs_buf_str(&reader->directory));
        status = rs_buf_check(&self->directory, err);
    }
    if (status == RS_OK) {
        status = rs_reader_add_views(reader, err);
    }
    if (status == RS_OK) {
        status = rs_facts_new(reader, &self->facts, err);
    }
    if (status == RS_OK) {
        status = rs_facts_document(reader, "environment.json", &self->environment, err);
    }
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
    if (status == RS_OK) {
        status = rs_check_snapshot(snapshot, after, &findings, err);
    }
    if (status == RS_OK) {
        status = rs_findings_check(&findings, err);
    }
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

static rs_status add_answers(const char *const directories[2], json_t *document, rs_error *err)
{
    const rs_engine_config config = {.allowed_directory = directories[0],
                                     .output_directory = directories[1]};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    bool failed = false;
    rs_status status = rs_engine_new(&config, &engine, err);
    if (status == RS_OK) {
        status = rs_session_new(engine, &session, err);
    }
    if (status == RS_OK) {
        status = make_tables(session, directories[0], directories[1], err);
    }
    for (size_t i = 0; i < sizeof answers / sizeof answers[0] && status == RS_OK; i++) {
        json_t *rows = json_array();
        status = rs_session_query_json(session, "diff", answers[i].sql, rows, err);
        rs_json_set(document, answers[i].name, rows, &failed);
    }
    rs_session_free(session);
    rs_engine_free(engine);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "diff: out of memory")
                                     : status;
}

static rs_status compare(const side sides[2], json_t *document, rs_error *err)
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
    return is_equal ? RS_OK : add_answers(directories, document, err);
}

rs_status rs_diff(const char *before, const char *after, json_t **out, rs_error *err)
{
    side sides[2] = {{0}, {0}};
    *out = NULL;
    rs_status status = read_side(before, &sides[0], err);
    if (status == RS_OK) {
        status = read_side(after, &sides[1], err);
    }
    if (status == RS_OK) {
        *out = json_object();
        status = compare(sides, *out, err);
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
