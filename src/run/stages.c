/* SPDX-License-Identifier: Apache-2.0 */
#include "run/stages.h"

static const rs_stage stages[RS_N_STAGES] = {
    [RS_STAGE_WALK] = {"walk", "tree options", "files diagnostics",
                       "List the files of the repository in order of path."},
    [RS_STAGE_RULES] =
        {"rules", "packs policy options", "plan",
         "Load and check the policy and the rule packs, plan the SQL of each dataset."},
    [RS_STAGE_PARAMS] = {"params", "values plan", "param_tables",
                         "Load the values that the run is given for the rules' param tables."},
    [RS_STAGE_SCIP] = {"scip", "index options files", "scip_index",
                       "Find the documents of a SCIP index, where one is given."},
    [RS_STAGE_EXTRACT] = {"extract", "files diagnostics scip_index", "evidence",
                          "Read, decode and parse every file into rows, in parallel."},
    [RS_STAGE_RELATE] = {"relate", "evidence plan param_tables", "relationships",
                         "Run the rules that relate evidence, pass their rows through the gate."},
    [RS_STAGE_WRITE_EVIDENCE] = {"write_evidence", "evidence plan", "evidence_files",
                                 "Write the evidence datasets as Parquet."},
    [RS_STAGE_WRITE_GRAPH] = {"write_graph", "evidence relationships plan param_tables",
                              "relationship_files graph_files reject_files",
                              "Write the relationships, run the rules that emit the graph, pass "
                              "their rows through the gate, write Parquet."},
    [RS_STAGE_RECORD] =
        {"record", "plan policy evidence_files relationship_files graph_files reject_files",
         "record_files",
         "Write what the run has to say of itself: lanes, events, fallbacks, plans, "
         "scans, statistics."},
    [RS_STAGE_PUBLISH] = {"publish",
                          "evidence_files relationship_files graph_files reject_files record_files "
                          "param_tables policy options",
                          "bundle",
                          "Count, describe and hash what was written; give the bundle its name."},
};

const rs_stage *rs_stage_get(rs_stage_id id)
{
    return &stages[id];
}
