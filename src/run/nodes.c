/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.c - the pipeline: what is run, in which order, on what. */
#include "run/bind.h"
#include "run/clash.h"
#include "run/count.h"
#include "run/draft.h"
#include "run/ends.h"
#include "run/explains.h"
#include "run/extract.h"
#include "run/group.h"
#include "run/index.h"
#include "run/jobs.h"
#include "run/lenses.h"
#include "run/link.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/publish.h"
#include "run/record.h"
#include "run/relate.h"
#include "run/sessions.h"
#include "run/walk.h"

static const rs_thing_info things[RS_N_THINGS] = {
#define RS_THING(name, origin, doc) {#name, RS_THING_##origin, doc},
#include "run/things.def"
#undef RS_THING
};

#define T(name) RS_THING_BIT(RS_THING_##name)

/* clang-format off */
static const rs_node nodes[] = {
    {.name = "rules",
     .doc = "Load and check the rule packs, plan the SQL of each dataset.",
     .needs = T(packs) | T(policy) | T(index) | T(options),
     .gives = T(plan),
     .n_state_bytes = sizeof(rs_run_plan), .run = rs_plan_run, .release = rs_plan_release},
    {.name = "params",
     .doc = "Load the values that the run is given for the rules' param tables.",
     .needs = T(plan) | T(values),
     .gives = T(param_values),
     .n_state_bytes = sizeof(rs_params), .run = rs_params_run, .release = rs_params_release},
    {.name = "walk",
     .doc = "List the files of the repository in order of path, find by what names they are imported.",
     .needs = T(tree),
     .gives = T(files) | T(diagnostics) | T(modules),
     .n_state_bytes = sizeof(rs_walked), .run = rs_walk_run, .release = rs_walk_release},
    {.name = "scip",
     .doc = "Find the documents of a SCIP index, and which symbols they declare.",
     .needs = T(index) | T(files) | T(policy),
     .gives = T(scip_index),
     .wanted_when = "a SCIP index is given", .is_wanted = rs_index_is_wanted,
     .n_state_bytes = sizeof(rs_scip_index), .run = rs_index_run, .release = rs_index_release},
    {.name = "lenses",
     .doc = "Choose the lenses of each language that have what they need.",
     .needs = T(tree) | T(modules) | T(scip_index) | T(policy),
     .gives = T(lenses),
     .n_state_bytes = sizeof(rs_lens_set), .run = rs_lenses_run},
    {.name = "group",
     .doc = "Put files that follow each other into parts of a few megabytes.",
     .needs = T(files) | T(lenses) | T(options),
     .gives = T(parts),
     .n_state_bytes = sizeof(rs_grouping), .run = rs_group_run, .release = rs_group_release},
    {.name = "draft",
     .doc = "Begin the bundle: a directory beside the others, which nobody takes for one yet.",
     .needs = T(options),
     .gives = T(draft),
     .n_state_bytes = sizeof(rs_draft), .run = rs_draft_run, .release = rs_draft_release},
    {.name = "extract",
     .doc = "Read, decode and parse every file into rows, in parallel.",
     .needs = T(files) | T(diagnostics) | T(lenses) | T(parts),
     .gives = T(evidence) | T(summaries),
     .is_by_part = true,
     .n_state_bytes = sizeof(rs_evidence), .run = rs_extract_run, .release = rs_extract_release},
    {.name = "link",
     .doc = "Put together what the files say to each other.",
     .needs = T(lenses) | T(parts) | T(summaries),
     .gives = T(linked),
     .n_state_bytes = sizeof(rs_linked), .run = rs_link_run, .release = rs_link_release},
    {.name = "engine",
     .doc = "Open the SQL engine in the memory that the rows leave, a session for each worker.",
     .needs = T(plan) | T(policy) | T(options) | T(draft),
     .gives = T(engine) | T(observations),
     .n_state_bytes = sizeof(rs_sessions), .run = rs_sessions_run,
     .interrupt = rs_sessions_interrupt, .release = rs_sessions_release},
    {.name = "param_tables",
     .doc = "Make the param tables that rules read, in the engine.",
     .needs = T(param_values) | T(engine),
     .gives = T(param_tables),
     .run = rs_param_tables_run},
    {.name = "answer",
     .doc = "Add the rows that took all files to find out, and those that lie in no file.",
     .needs = T(lenses) | T(parts) | T(evidence) | T(summaries) | T(linked),
     .gives = T(answers),
     .is_by_part = true,
     .run = rs_answer_run},
    {.name = "bind",
     .doc = "Let the engine scan the rows.",
     .needs = T(evidence) | T(answers) | T(engine),
     .gives = T(scans),
     .is_by_part = true,
     .n_state_bytes = sizeof(size_t), .run = rs_bind_run},
    {.name = "relate",
     .doc = "Run the rules that relate evidence of one file, pass their rows through the gate.",
     .needs = T(plan) | T(policy) | T(evidence) | T(scans) | T(param_tables) | T(engine) |
              T(observations),
     .gives = T(relationships),
     .is_by_part = true,
     .n_state_bytes = sizeof(rs_relationships), .run = rs_relate_run, .release = rs_relate_release},
    {.name = "write_evidence",
     .doc = "Write the evidence as Parquet.",
     .needs = T(plan) | T(evidence) | T(answers) | T(draft) | T(engine) | T(observations),
     .gives = T(evidence_files),
     .is_by_part = true,
     .n_state_bytes = sizeof(rs_written), .run = rs_write_evidence_run,
     .release = rs_written_release},
    {.name = "write_graph",
     .doc = "Write the relationships of files, run the rules that emit the graph of one file, pass "
            "their rows through the gate, write Parquet.",
     .needs = T(plan) | T(evidence) | T(scans) | T(relationships) | T(param_tables) | T(draft) |
              T(engine) | T(observations),
     .gives = T(graph_files),
     .is_by_part = true,
     .n_state_bytes = sizeof(rs_written), .run = rs_write_graph_run,
     .release = rs_written_release},
    {.name = "relate_run",
     .doc = "Run the rules that relate evidence of all files, pass their rows through the gate.",
     .needs = T(plan) | T(policy) | T(evidence) | T(scans) | T(relationships) | T(param_tables) |
              T(engine) | T(observations),
     .gives = T(run_relationships),
     .run = rs_relate_all_run},
    {.name = "write_run",
     .doc = "Write the relationships of the run, run the rules that emit the graph of all files, pass "
            "their rows through the gate, write Parquet.",
     .needs = T(plan) | T(evidence) | T(scans) | T(relationships) | T(run_relationships) |
              T(param_tables) | T(draft) | T(graph_files) | T(engine) | T(observations),
     .gives = T(run_files),
     .run = rs_write_all_run},
    {.name = "ids",
     .doc = "Look for two texts with one id: the second loses it, edges at it are damaged.",
     .needs = T(plan) | T(evidence_files) | T(graph_files) | T(run_files) | T(draft) | T(engine),
     .gives = T(ids),
     .n_state_bytes = sizeof(rs_clashes), .run = rs_clash_run, .release = rs_clash_release},
    {.name = "contracts",
     .doc = "Look at what no rule proves: both ends of edges, required properties.",
     .needs = T(plan) | T(graph_files) | T(run_files) | T(ids) | T(draft) | T(engine) |
              T(observations),
     .gives = T(contracts),
     .run = rs_ends_run},
    {.name = "write_params",
     .doc = "Write the param tables as Parquet.",
     .needs = T(param_values) | T(param_tables) | T(draft) | T(engine),
     .gives = T(param_files),
     .run = rs_write_params_run},
    {.name = "explain",
     .doc = "Ask the engine how it would run each rule of the graph.",
     .needs = T(plan) | T(evidence) | T(scans) | T(relationships) | T(run_relationships) |
              T(param_tables) | T(engine) | T(observations),
     .gives = T(plans),
     .wanted_when = "plans are captured", .is_wanted = rs_explain_is_wanted,
     .run = rs_explain_run},
    {.name = "count",
     .doc = "Count nodes and edges by kind.",
     .needs = T(graph_files) | T(run_files) | T(contracts) | T(draft),
     .gives = T(counts),
     .n_state_bytes = sizeof(rs_counts), .run = rs_count_run, .release = rs_count_release},
    {.name = "record",
     .doc = "Write what the run has to say of itself: lanes, events, fallbacks, plans, scans, "
            "statistics.",
     .needs = T(plan) | T(policy) | T(param_values) | T(evidence) | T(plans) | T(evidence_files) |
              T(graph_files) | T(run_files) | T(ids) | T(param_files) | T(draft) | T(engine) |
              T(observations),
     .gives = T(record_files),
     .n_state_bytes = sizeof(rs_record), .run = rs_record_run, .release = rs_record_release},
    {.name = "publish",
     .doc = "Describe and hash what was written; give the bundle its name.",
     .needs = T(plan) | T(packs) | T(policy) | T(options) | T(scip_index) |
              T(param_values) | T(counts) | T(evidence_files) | T(graph_files) | T(run_files) |
              T(param_files) | T(record_files) | T(draft) | T(engine) | T(files),
     .gives = T(bundle),
     .n_state_bytes = sizeof(rs_publication), .run = rs_publish_run,
     .release = rs_publish_release},
};
/* clang-format on */

static size_t count_parts(const rs_pipeline *pipeline)
{
    return rs_run_parts(pipeline)->n_parts;
}

/* A range for each worker: where ranges end does not depend on how many go together. What there is no
 * evidence of yet goes at once. */
static size_t end_of_span(const rs_pipeline *pipeline, size_t first)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    size_t n_parts = count_parts(pipeline);
    uint64_t n_rows = 0;
    if (evidence->parts == NULL) {
        return n_parts;
    }
    for (size_t i = 0; i < pipeline->n_workers && first < n_parts; i++) {
        first = rs_range_end(evidence, first, n_parts, &n_rows);
    }
    return first;
}

const rs_node_table *rs_pipeline_nodes(void)
{
    static const rs_node_table table = {.nodes = nodes,
                                        .n_nodes = sizeof nodes / sizeof nodes[0],
                                        .things = things,
                                        .n_things = RS_N_THINGS,
                                        .count_parts = count_parts,
                                        .end_of_span = end_of_span};
    return &table;
}
