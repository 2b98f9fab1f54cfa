/* SPDX-License-Identifier: Apache-2.0 */
/* nodes_document.h - the pipeline as JSON: the registry's, and what a run with some options would do. */
#ifndef RS_RUN_NODES_DOCUMENT_H
#define RS_RUN_NODES_DOCUMENT_H

#include "base/json.h"
#include "run/pipeline.h"

/* Nodes in the order that they run in: [{name, doc, inputs, outputs, by_part, wanted_when}]; for a pipeline
 * that was opened also runs: whether it will run the node. pipeline may be NULL. */
json_t *rs_nodes_document(const rs_node_table *table, const rs_pipeline *pipeline, bool *failed);

/* [{name, origin: "outside", "made" or "product", doc}] */
json_t *rs_things_document(const rs_node_table *table, bool *failed);

#endif
