/* SPDX-License-Identifier: Apache-2.0 */
/* A node or an edge a line, as JSON: what is not there is left out, ids are strings, as many readers of
 * JSON round numbers of 64 bits. docs/export.md has the members.
 */
#include <inttypes.h>
#include <math.h>

#include "output/format.h"

static void add_key(rs_buf *out, const char *key)
{
    rs_buf_addf(out, ", \"%s\": ", key);
}

static void add_id(rs_buf *out, const char *key, int64_t id)
{
    add_key(out, key);
    rs_buf_addf(out, "\"%" PRId64 "\"", id);
}

static void add_text(rs_buf *out, const char *key, rs_str text)
{
    if (text.bytes != NULL) {
        add_key(out, key);
        rs_buf_add_json_text(out, text);
    }
}

static void add_number(rs_buf *out, const char *key, rs_some_i64 number)
{
    if (number.is_set) {
        add_key(out, key);
        rs_buf_addf(out, "%" PRId64, number.value);
    }
}

/* With the digits that a float has, or a double. */
static void add_real(rs_buf *out, double number, int n_digits)
{
    if (isfinite(number)) {
        rs_buf_addf(out, "%.*g", n_digits, number);
    } else {
        rs_buf_addf(out, "\"%g\"", number); /* JSON has no such number */
    }
}

static void add_property(rs_buf *out, const rs_graph_property *property)
{
    switch (property->type) {
    case RS_PROPERTY_STR:
        rs_buf_add_json_text(out, property->text);
        break;
    case RS_PROPERTY_INT:
        rs_buf_addf(out, "%" PRId64, property->number.i64);
        break;
    case RS_PROPERTY_FLOAT:
        add_real(out, property->number.f64, 17);
        break;
    case RS_PROPERTY_BOOL:
        rs_buf_add(out, property->number.boolean ? "true" : "false");
        break;
    case RS_PROPERTY_JSON:
        rs_buf_add_str(out, property->text);
        break;
    }
}

static void add_properties(rs_buf *out, const rs_graph_property *properties, size_t n_properties)
{
    for (size_t i = 0; i < n_properties; i++) {
        rs_buf_add(out, i == 0 ? ", \"properties\": {" : ", ");
        rs_buf_add_json_text(out, properties[i].key);
        rs_buf_add(out, ": ");
        add_property(out, &properties[i]);
    }
    rs_buf_add(out, n_properties > 0 ? "}" : "");
}

static void add_node(rs_buf *out, const rs_graph_node *node)
{
    rs_buf_add(out, "{\"type\": \"node\"");
    add_text(out, "kind", node->kind);
    add_id(out, "id", node->id);
    add_text(out, "path", node->path);
    add_number(out, "start_byte", node->start_byte);
    add_number(out, "end_byte", node->end_byte);
    add_number(out, "start_line", node->start_line);
    add_number(out, "start_column", node->start_column);
    add_number(out, "end_line", node->end_line);
    add_number(out, "end_column", node->end_column);
    add_text(out, "name", node->name);
    add_text(out, "qualified_name", node->qualified_name);
    add_text(out, "status", node->status);
    rs_buf_add(out, node->is_damaged ? ", \"damaged\": true" : "");
    add_properties(out, node->properties, node->n_properties);
    rs_buf_add(out, "}\n");
}

static void add_edge(rs_buf *out, const rs_graph_edge *edge)
{
    rs_buf_add(out, "{\"type\": \"edge\"");
    add_text(out, "kind", edge->kind);
    add_id(out, "src", edge->src);
    add_id(out, "dst", edge->dst);
    add_text(out, "path", edge->path);
    add_number(out, "start_byte", edge->start_byte);
    add_number(out, "end_byte", edge->end_byte);
    add_text(out, "origin", edge->origin);
    add_text(out, "method", edge->method);
    add_key(out, "confidence");
    add_real(out, edge->confidence, 6);
    if (edge->has_score) {
        add_key(out, "score");
        add_real(out, edge->score, 9);
    }
    if (edge->ambiguity_group_id.is_set) {
        add_id(out, "ambiguity_group_id", edge->ambiguity_group_id.value);
    }
    add_text(out, "rule_name", edge->rule_name);
    rs_buf_add(out, edge->is_damaged ? ", \"damaged\": true" : "");
    add_properties(out, edge->properties, edge->n_properties);
    rs_buf_add(out, "}\n");
}

static rs_status write_nodes(rs_graph_source *source, rs_out *out, rs_error *err)
{
    const rs_graph_node *node = NULL;
    do {
        RS_TRY(rs_graph_source_next_node(source, &node, err));
        if (node != NULL) {
            add_node(&out->text, node);
            RS_TRY(rs_out_flow(out, err));
        }
    } while (node != NULL);
    return RS_OK;
}

static rs_status write_all(rs_graph_source *source, rs_out *out, rs_error *err)
{
    const rs_graph_edge *edge = NULL;
    RS_TRY(write_nodes(source, out, err));
    do {
        RS_TRY(rs_graph_source_next_edge(source, &edge, err));
        if (edge != NULL) {
            add_edge(&out->text, edge);
            RS_TRY(rs_out_flow(out, err));
        }
    } while (edge != NULL);
    return rs_out_flush(out, err);
}

const rs_format_row rs_format_jsonl = {
    .name = "jsonl",
    .doc = "A node or an edge a line, as a JSON object; ids are strings.",
    .write_graph = write_all,
};
