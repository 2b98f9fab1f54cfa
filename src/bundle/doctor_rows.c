/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "bundle/doctor.h"
#include "schema/schema.h"

/* SQL that counts what should not be; views as reader.h makes them. */
typedef struct row_check {
    const char *name;
    const char *object;
    const char *needs; /* datasets, separated by spaces */
    const char *sql;
    const char *message; /* behind the count */
} row_check;

static const row_check row_checks[] = {
    {"edge_source", "cpg/edges", "edges nodes",
     "SELECT count(*) FROM stored_edges e ANTI JOIN stored_nodes n ON e.src = n.node_id",
     "edges start at a node that is not there"},
    {"edge_target", "cpg/edges", "edges nodes",
     "SELECT count(*) FROM stored_edges e ANTI JOIN stored_nodes n ON e.dst = n.node_id",
     "edges end at a node that is not there"},
    {"prop_owner", "cpg/props", "props nodes",
     "SELECT count(*) FROM stored_props p ANTI JOIN stored_nodes n ON p.entity_id = n.node_id "
     "WHERE p.entity_kind = 'node'",
     "properties belong to a node that is not there"},
    {"prop_value", "cpg/props", "props",
     "SELECT count(*) FROM stored_props WHERE (value_str IS NOT NULL)::INT + "
     "(value_int IS NOT NULL)::INT + (value_float IS NOT NULL)::INT + "
     "(value_bool IS NOT NULL)::INT + (value_json IS NOT NULL)::INT <> 1",
     "properties have not exactly one value"},
    {"span_order", "cpg/nodes", "nodes",
     "SELECT count(*) FROM stored_nodes WHERE start_byte > end_byte OR start_byte < 0 OR "
     "start_line < 1 OR start_line > end_line OR start_column < 0 OR "
     "(start_byte IS NULL) <> (end_byte IS NULL)",
     "nodes have a span that is none"},
    {"span_in_file", "cpg/nodes", "nodes repo_files",
     "SELECT count(*) FROM stored_nodes n JOIN stored_repo_files f ON n.file_id = f.file_id "
     "WHERE n.end_byte > f.size_bytes OR n.end_line > f.n_lines",
     "nodes reach behind the end of their file"},
    {"node_file", "cpg/nodes", "nodes repo_files",
     "SELECT count(*) FROM stored_nodes n ANTI JOIN stored_repo_files f ON n.file_id = f.file_id "
     "WHERE n.file_id IS NOT NULL",
     "nodes lie in a file that is not there"},
    {"edge_span", "cpg/edges", "edges repo_files",
     "SELECT count(*) FROM stored_edges e JOIN stored_repo_files f ON e.file_id = f.file_id "
     "WHERE e.start_byte < 0 OR e.start_byte > e.end_byte OR e.end_byte > f.size_bytes",
     "edges have an anchor outside their file"},
    {"parent_first", "evidence/syntax_nodes", "syntax_nodes",
     "SELECT count(*) FROM stored_syntax_nodes WHERE parent_id >= node_id OR "
     "parent_id >> 24 <> node_id >> 24",
     "syntax nodes do not stand behind their parent"},
    {"subtree", "evidence/syntax_nodes", "syntax_nodes",
     "SELECT count(*) FROM stored_syntax_nodes c JOIN stored_syntax_nodes p ON c.parent_id = "
     "p.node_id WHERE c.node_id + c.n_subtree > p.node_id + p.n_subtree OR c.n_subtree < 1",
     "subtrees reach behind their parent's"},
    {"parent_span", "evidence/syntax_nodes", "syntax_nodes nodes",
     "SELECT count(*) FROM stored_syntax_nodes s JOIN stored_nodes c ON c.node_id = s.node_id JOIN "
     "stored_nodes p ON p.node_id = s.parent_id WHERE s.ast_class <> 'Error' AND NOT s.damaged AND "
     "c.start_byte < p.start_byte AND s.field <> 'decorator_list'",
     "syntax nodes start before their parent"},
    {"error_count", "evidence/parse_errors", "parse_errors repo_files",
     "SELECT count(*) FROM (SELECT f.file_id FROM stored_repo_files f LEFT JOIN "
     "stored_parse_errors e ON e.error_id >> 24 = f.file_id GROUP BY f.file_id, f.n_errors "
     "HAVING count(e.error_id) <> f.n_errors)",
     "files count other errors than parse_errors has"},
    {"error_span", "evidence/parse_errors", "parse_errors repo_files",
     "SELECT count(*) FROM stored_parse_errors e JOIN stored_repo_files f ON e.error_id >> 24 = "
     "f.file_id WHERE e.start_byte < 0 OR e.start_byte > e.end_byte OR e.end_byte > f.size_bytes",
     "errors lie outside their file"},
    {"error_file", "evidence/parse_errors", "parse_errors repo_files",
     "SELECT count(*) FROM stored_parse_errors e ANTI JOIN stored_repo_files f ON "
     "e.error_id >> 24 = f.file_id",
     "errors lie in a file that is not there"},
    {"flow_scope", "evidence/cfg_edges", "cfg_edges cfg_blocks",
     "SELECT count(*) FROM stored_cfg_edges e LEFT JOIN stored_cfg_blocks a ON a.block_id = "
     "e.src_block_id LEFT JOIN stored_cfg_blocks b ON b.block_id = e.dst_block_id WHERE "
     "a.scope_id IS DISTINCT FROM b.scope_id OR a.scope_id IS NULL",
     "flow edges do not stay in a scope"},
    {"flow_live", "evidence/cfg_blocks", "cfg_edges cfg_blocks",
     "SELECT count(*) FROM stored_cfg_edges e JOIN stored_cfg_blocks a ON a.block_id = "
     "e.src_block_id JOIN stored_cfg_blocks b ON b.block_id = e.dst_block_id WHERE a.is_live AND "
     "NOT b.is_live",
     "flow edges lead from a live block to a dead one"},
    {"flow_elements", "evidence/cfg_elements", "cfg_elements cfg_blocks",
     "SELECT count(*) FROM (SELECT b.block_id FROM stored_cfg_blocks b LEFT JOIN "
     "stored_cfg_elements e ON e.block_id = b.block_id GROUP BY b.block_id, b.n_elements HAVING "
     "count(e.block_id) <> b.n_elements OR max(e.position) + 1 <> b.n_elements)",
     "blocks count other elements than cfg_elements has"},
    {"dominators", "evidence/dominators", "dominators cfg_blocks",
     "SELECT count(*) FROM stored_cfg_blocks b LEFT JOIN stored_dominators d ON d.block_id = "
     "b.block_id LEFT JOIN stored_cfg_blocks a ON a.block_id = d.dominator_id WHERE "
     "(d.block_id IS NULL) <> (NOT b.is_live OR b.block_kind = 'entry') OR NOT a.is_live OR "
     "a.scope_id <> b.scope_id",
     "blocks have a dominator that they cannot have, or lack one"},
    {"post_dominators", "evidence/post_dominators", "post_dominators cfg_blocks",
     "SELECT count(*) FROM stored_post_dominators p LEFT JOIN stored_cfg_blocks a ON a.block_id = "
     "p.block_id LEFT JOIN stored_cfg_blocks b ON b.block_id = p.post_dominator_id WHERE "
     "a.scope_id IS DISTINCT FROM b.scope_id OR a.scope_id IS NULL",
     "blocks have a post-dominator of another scope"},
    {"reaching_variable", "evidence/reaching_defs", "reaching_defs def_use_events",
     "SELECT count(*) FROM stored_reaching_defs r LEFT JOIN stored_def_use_events u ON u.event_id "
     "= r.use_event_id LEFT JOIN stored_def_use_events d ON d.event_id = r.def_event_id WHERE "
     "u.binding_id IS DISTINCT FROM d.binding_id OR u.event_kind IS DISTINCT FROM 'use' OR "
     "d.event_kind IS DISTINCT FROM 'def' OR NOT u.is_own",
     "uses are reached by what is no definition of their variable"},
    {"line_count", "evidence/line_index", "line_index repo_files",
     "SELECT count(*) FROM (SELECT f.file_id FROM stored_repo_files f JOIN stored_line_index l ON "
     "l.file_id = f.file_id GROUP BY f.file_id, f.n_lines HAVING count(*) <> f.n_lines OR "
     "max(l.line) <> f.n_lines)",
     "files have other lines than line_index"},
};

static bool is_readable(const rs_doctor *doctor, const char *needs)
{
    while (*needs != '\0') {
        size_t n_bytes = strcspn(needs, " ");
        if (json_object_getn(doctor->broken, needs, n_bytes) != NULL) {
            return false;
        }
        needs += n_bytes + strspn(needs + n_bytes, " ");
    }
    return true;
}

static rs_status check_count(rs_doctor *doctor, const char *name, const char *object,
                             const char *sql, const char *message, rs_error *err)
{
    int64_t n_rows = 0;
    bool found = false;
    RS_TRY(rs_doctor_ask(doctor, name, object, sql, &n_rows, &found, err));
    if (n_rows > 0) {
        rs_doctor_report(doctor, name, object, "%" PRId64 " %s", n_rows, message);
    }
    return RS_OK;
}

/* --- what the registry promises of each dataset --- */

static rs_status check_key(rs_doctor *doctor, const rs_dataset *dataset, const char *object,
                           rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_addf(&sql,
                "SELECT count(*) FROM (SELECT 1 FROM stored_%s GROUP BY %s HAVING count(*) > 1)",
                dataset->name, dataset->key);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status =
            check_count(doctor, "key", object, sql.bytes, "keys stand in more than one row", err);
    }
    rs_buf_release(&sql);
    return status;
}

/* One pass over the dataset: how many rows break a column's promise, column by column. */
static void add_column_counts(const rs_dataset *dataset, rs_buf *sql)
{
    const char *separator = "SELECT ";
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        bool is_text = column->type == RS_TYPE_STR;
        if (!rs_column_is_stored(column) ||
            (!column->required && !is_text && column->words == NULL)) {
            continue;
        }
        rs_buf_addf(sql, "%scount(*) FILTER (WHERE ", separator);
        separator = ", ";
        if (column->required) {
            rs_buf_addf(sql, "\"%s\" IS NULL", column->name);
        }
        if (is_text) { /* never true, but the engine reads the text, and refuses what is no UTF-8 */
            rs_buf_addf(sql, "%sstrlen(\"%s\") < 0", column->required ? " OR " : "", column->name);
        }
        if (column->words != NULL) {
            rs_buf_addf(sql, "%s\"%s\" NOT IN (", column->required ? " OR " : "", column->name);
            for (size_t w = 0; w < column->words->n_words; w++) {
                rs_buf_addf(sql, "%s'%s'", w == 0 ? "" : ", ", column->words->words[w]);
            }
            rs_buf_add(sql, ")");
        }
        rs_buf_addf(sql, ") AS \"%s\"", column->name);
    }
    rs_buf_addf(sql, " FROM stored_%s", dataset->name);
}

static void report_columns(rs_doctor *doctor, const char *object, rs_result *result)
{
    for (size_t i = 0; i < rs_result_n_columns(result); i++) {
        int64_t n_rows = rs_result_i64(result, i, 0);
        doctor->n_checks++;
        if (n_rows > 0) {
            rs_doctor_report(doctor, "column", object,
                             "%" PRId64 " rows have a null or unknown word in %s", n_rows,
                             rs_result_column_name(result, i));
        }
    }
}

static rs_status check_columns(rs_doctor *doctor, const rs_dataset *dataset, const char *object,
                               rs_error *err)
{
    rs_buf sql = {0};
    rs_result *result = NULL;
    rs_error cause = {0};
    size_t n_rows = 0;
    add_column_counts(dataset, &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_query(doctor->reader->session, "column", sql.bytes, NULL, 0, &result,
                                  &cause);
        if (status == RS_OK) {
            status = rs_result_next(result, &n_rows, &cause);
        }
        if (status == RS_OK && n_rows > 0) {
            report_columns(doctor, object, result);
        } else if (status == RS_ERR_NOMEM) {
            rs_error_set(err, status, "%s", cause.message);
        } else if (status != RS_OK) {
            rs_doctor_report(doctor, "column", object, "%s", cause.message);
            status = RS_OK;
        }
    }
    rs_result_free(result);
    rs_buf_release(&sql);
    return status;
}

/* Every id that views follow to a node leads to one. */
static rs_status check_references(rs_doctor *doctor, const rs_dataset *dataset, const char *object,
                                  rs_error *err)
{
    rs_buf sql = {0};
    rs_status status = RS_OK;
    const char *last = "";
    size_t n_last = 0;
    for (size_t i = 0; i < dataset->n_columns && status == RS_OK; i++) {
        const char *source = dataset->columns[i].source;
        if (strncmp(source, "node:", 5) != 0) {
            continue;
        }
        const char *id = source + 5;
        size_t n_id = strcspn(id, ":");
        if (n_id == n_last && strncmp(id, last, n_id) == 0) {
            continue;
        }
        last = id;
        n_last = n_id;
        rs_buf_reset(&sql);
        rs_buf_addf(&sql,
                    "SELECT count(*) FROM stored_%s x ANTI JOIN stored_nodes n ON x.%.*s = "
                    "n.node_id WHERE x.%.*s IS NOT NULL",
                    dataset->name, (int)n_id, id, (int)n_id, id);
        status = rs_buf_check(&sql, err);
        if (status == RS_OK) {
            status = check_count(doctor, "reference", object, sql.bytes,
                                 "rows refer to a node that is not there", err);
        }
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status check_dataset(rs_doctor *doctor, const json_t *row, rs_error *err)
{
    const char *name = rs_manifest_text(row, "name");
    const char *object = rs_manifest_text(row, "path");
    const rs_dataset *dataset = rs_dataset_find(rs_str_of(name));
    if (dataset == NULL || strcmp(rs_manifest_text(row, "group"), "rejects") == 0 ||
        !is_readable(doctor, name)) {
        return RS_OK;
    }
    RS_TRY(check_columns(doctor, dataset, object, err));
    RS_TRY(check_key(doctor, dataset, object, err));
    return is_readable(doctor, "nodes") ? check_references(doctor, dataset, object, err) : RS_OK;
}

/* --- the manifest's counts --- */

static rs_status check_kind_counts(rs_doctor *doctor, const char *entity, rs_error *err)
{
    json_t *counts = json_object_get(json_object_get(doctor->reader->manifest, "counts"), entity);
    rs_buf sql = {0};
    rs_buf rows = {0};
    const char *kind;
    json_t *count;
    json_object_foreach(counts, kind, count)
    {
        rs_buf_add(&rows, rows.n_bytes == 0 ? "(" : ", (");
        rs_buf_add_sql_literal(&rows, rs_str_of(kind));
        rs_buf_addf(&rows, ", %" PRId64 ")", (int64_t)json_integer_value(count));
    }
    rs_buf_addf(&sql,
                "SELECT count(*) FROM (SELECT kind, count(*) AS n FROM stored_%s GROUP BY "
                "kind) a FULL JOIN (SELECT * FROM (VALUES %s) t(kind, n) WHERE kind <> '') b "
                "ON a.kind = b.kind AND a.n = b.n WHERE a.kind IS NULL OR b.kind IS NULL",
                entity, rows.n_bytes == 0 ? "('', 0)" : rows.bytes);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = check_count(doctor, "kind_counts", "manifest.json", sql.bytes,
                             "kinds have other counts than the manifest", err);
    }
    rs_buf_release(&rows);
    rs_buf_release(&sql);
    return status;
}

static rs_status add_views(rs_doctor *doctor, rs_error *err)
{
    const json_t *datasets = json_object_get(doctor->reader->manifest, "datasets");
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < json_array_size(datasets); i++) {
            const json_t *row = json_array_get(datasets, i);
            const char *path = rs_manifest_text(row, "path");
            rs_error cause = {0};
            if (strcmp(rs_manifest_text(row, "group"), "rejects") == 0 ||
                (strcmp(path, "cpg/nodes") == 0) != (pass == 0) ||
                !is_readable(doctor, rs_manifest_text(row, "name"))) {
                continue;
            }
            rs_status status = rs_reader_add_stored(doctor->reader, row, &cause);
            if (status == RS_ERR_NOMEM) {
                return rs_error_set(err, status, "%s", cause.message);
            }
            if (status != RS_OK) {
                rs_doctor_report(doctor, "view", path, "%s", cause.message);
                json_object_set_new(doctor->broken, rs_manifest_text(row, "name"), json_true());
            }
        }
    }
    return RS_OK;
}

rs_status rs_doctor_check_rows(rs_doctor *doctor, rs_error *err)
{
    const json_t *datasets = json_object_get(doctor->reader->manifest, "datasets");
    RS_TRY(add_views(doctor, err));
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        RS_TRY(check_dataset(doctor, json_array_get(datasets, i), err));
    }
    for (size_t i = 0; i < sizeof row_checks / sizeof row_checks[0]; i++) {
        const row_check *check = &row_checks[i];
        if (is_readable(doctor, check->needs)) {
            RS_TRY(
                check_count(doctor, check->name, check->object, check->sql, check->message, err));
        }
    }
    if (is_readable(doctor, "nodes")) {
        RS_TRY(check_kind_counts(doctor, "nodes", err));
    }
    return is_readable(doctor, "edges") ? check_kind_counts(doctor, "edges", err) : RS_OK;
}
