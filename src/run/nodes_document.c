/* SPDX-License-Identifier: Apache-2.0 */
#include "run/nodes_document.h"

/* Names of the things whose bits are set. */
static json_t *names_document(const rs_node_table *table, rs_things set, bool *failed)
{
    json_t *names = json_array();
    for (size_t i = 0; i < table->n_things; i++) {
        if ((set & RS_THING_BIT(i)) != 0) {
            rs_json_push(names, rs_json_text(table->things[i].name), failed);
        }
    }
    return names;
}

json_t *rs_nodes_document(const rs_node_table *table, const rs_pipeline *pipeline, bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < table->n_nodes; i++) {
        const rs_node *node = &table->nodes[i];
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(node->name), failed);
        rs_json_set(row, "inputs", names_document(table, node->needs, failed), failed);
        rs_json_set(row, "outputs", names_document(table, node->gives, failed), failed);
        rs_json_set(row, "by_part", json_boolean(node->is_by_part), failed);
        rs_json_set(row, "wanted_when", rs_json_text(node->wanted_when), failed);
        rs_json_set(row, "doc", rs_json_text(node->doc), failed);
        if (pipeline != NULL) {
            rs_json_set(row, "runs", json_boolean(pipeline->nodes[i].is_selected), failed);
        }
        rs_json_push(rows, row, failed);
    }
    return rows;
}

json_t *rs_things_document(const rs_node_table *table, bool *failed)
{
    static const char *const origins[] = {
        [RS_THING_OUTSIDE] = "outside", [RS_THING_MADE] = "made", [RS_THING_PRODUCT] = "product"};
    json_t *rows = json_array();
    for (size_t i = 0; i < table->n_things; i++) {
        const rs_thing_info *thing = &table->things[i];
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(thing->name), failed);
        rs_json_set(row, "origin", rs_json_text(origins[thing->origin]), failed);
        rs_json_set(row, "doc", rs_json_text(thing->doc), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}
