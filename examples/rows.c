/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - reads a bundle's rows as typed values, and writes its graph to a file.
 *
 *     cc rows.c -o rows $(pkg-config --cflags --libs relspec)
 *     ./rows run_bundles/latest graph.jsonl
 */
#include <inttypes.h>
#include <relspec/relspec.h>
#include <stdio.h>

static const char sql[] =
    "SELECT d.name, count(*) AS n, list(p.name ORDER BY p.position) AS params "
    "FROM defs d JOIN params p ON p.def_id = d.def_id "
    "GROUP BY d.name ORDER BY d.name";

/* One batch of rows at a time: the values are valid until the next. */
static rs_status print_rows(rs_bundle *bundle, rs_error *err)
{
    const rs_query query = {.sql = sql};
    rs_result *result = NULL;
    size_t n_rows = 0;
    rs_status status = rs_bundle_query(bundle, &query, &result, err);
    while (status == RS_OK && (status = rs_result_next(result, &n_rows, err)) == RS_OK &&
           n_rows > 0) {
        for (size_t row = 0; row < n_rows; row++) {
            /* A text is valid until the next one. */
            printf("%s takes ", rs_result_text(result, 0, row, NULL));
            printf("%" PRId64 " parameters: ", rs_result_i64(result, 1, row));
            printf("%s\n", rs_result_text(result, 2, row, NULL));
        }
    }
    rs_result_free(result);
    return status;
}

static rs_status export_graph(const rs_bundle *bundle, const char *path, rs_error *err)
{
    const rs_target target = {.format = "jsonl", .path = path};
    rs_export_counts counts = {0};
    rs_status status = rs_bundle_export(bundle, NULL, &target, &counts, err);
    if (status == RS_OK) {
        printf("%" PRIu64 " nodes, %" PRIu64 " edges\n", counts.n_nodes, counts.n_edges);
    }
    return status;
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_bundle *bundle = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: rows BUNDLE FILE\n");
        return 2;
    }
    rs_status status = rs_bundle_open(argv[1], &bundle, &err);
    if (status == RS_OK) {
        status = print_rows(bundle, &err);
    }
    if (status == RS_OK) {
        status = export_graph(bundle, argv[2], &err);
    }
    if (status != RS_OK) {
        fprintf(stderr, "rows: %s\n", err.message);
    }
    rs_bundle_free(bundle);
    return status != RS_OK;
}
