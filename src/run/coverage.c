/* SPDX-License-Identifier: Apache-2.0 */
#include "run/coverage.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "run/extract.h"

typedef struct place {
    int64_t file_id;
    int64_t start_byte;
    int64_t end_byte;
} place;

static int by_place(const void *left, const void *right)
{
    const place *a = left;
    const place *b = right;
    if (a->file_id != b->file_id) {
        return a->file_id < b->file_id ? -1 : 1;
    }
    if (a->start_byte != b->start_byte) {
        return a->start_byte < b->start_byte ? -1 : 1;
    }
    return (a->end_byte > b->end_byte) - (a->end_byte < b->end_byte);
}

/* Where the part's occurrences of symbols stand, in order; NULL when there are none. */
static place *list_symbols(const rs_part *part, size_t *n_places, bool *failed)
{
    const rs_batch *rows = &part->batches[RS_DS_scip_occurrences];
    const rs_batch_column *columns = rows->columns;
    place *places = rows->n_rows > 0 ? rs_alloc(rows->n_rows, sizeof *places) : NULL;
    *n_places = 0;
    *failed = *failed || (rows->n_rows > 0 && places == NULL);
    for (size_t i = 0; places != NULL && i < rows->n_rows; i++) {
        if (columns[RS_C_scip_occurrences_symbol].values.str[i] != RS_STR_NULL) {
            places[(*n_places)++] = (place){
                columns[RS_C_scip_occurrences_occurrence_id].values.i64[i] >> RS_ID_ENTITY_BITS,
                columns[RS_C_scip_occurrences_start_byte].values.i64[i],
                columns[RS_C_scip_occurrences_end_byte].values.i64[i]};
        }
    }
    if (*n_places > 0) {
        qsort(places, *n_places, sizeof *places, by_place);
    }
    return places;
}

static void add_calls(const rs_part *part, rs_coverage *out, bool *failed)
{
    const rs_batch *calls = &part->batches[RS_DS_calls];
    size_t n_places = 0;
    place *places = list_symbols(part, &n_places, failed);
    out->n_calls += calls->n_rows;
    for (size_t i = 0; i < calls->n_rows && n_places > 0; i++) {
        if (!rs_batch_is_valid(&calls->columns[RS_C_calls_callee_name_start_byte], i)) {
            continue;
        }
        place callee = {calls->columns[RS_C_calls_call_id].values.i64[i] >> RS_ID_ENTITY_BITS,
                        calls->columns[RS_C_calls_callee_name_start_byte].values.i64[i],
                        calls->columns[RS_C_calls_callee_name_end_byte].values.i64[i]};
        out->n_calls_covered +=
            bsearch(&callee, places, n_places, sizeof *places, by_place) != NULL;
    }
    rs_free(places);
}

void rs_coverage_of(const rs_pipeline *pipeline, rs_coverage *out, bool *failed)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    for (size_t i = 0; i < evidence->n_parts; i++) {
        const rs_batch *documents = &evidence->parts[i].batches[RS_DS_scip_documents];
        for (size_t d = 0; d < documents->n_rows; d++) {
            /* That of a path without a file has a negative id. */
            out->n_files_covered +=
                documents->columns[RS_C_scip_documents_document_id].values.i64[d] >= 0;
        }
        add_calls(&evidence->parts[i], out, failed);
    }
}
