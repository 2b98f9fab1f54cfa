/* SPDX-License-Identifier: Apache-2.0 */
/* module_probe.c - module_probe DIR: a line a file, its path and its names, the canonical one first, TAB
 * between them. */
#include <stdio.h>

#include "modules/module_table.h"

static void print_file(const rs_repo *repo, const rs_module_table *table, uint32_t place)
{
    uint32_t n_names = 0;
    const rs_module_name *names = rs_module_names(table, place, &n_names);
    rs_str path = repo->files.items[place].path;
    (void)fwrite(path.bytes, 1, path.n_bytes, stdout);
    (void)fputs(n_names == 0 ? "\t" : "", stdout);
    for (uint32_t i = 0; i < n_names; i++) {
        (void)printf("\t%s", names[i].name.bytes);
    }
    (void)fputc('\n', stdout);
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_repo repo = {0};
    rs_module_table *table = NULL;
    if (argc != 2) {
        (void)fputs("usage: module_probe DIR\n", stderr);
        return 2;
    }
    rs_status status = rs_repo_walk(argv[1], NULL, &repo, &err);
    RS_THEN(status, rs_module_table_new(&repo, rs_default_claims, 0, &table, &err));
    for (uint32_t i = 0; status == RS_OK && i < repo.files.n_items; i++) {
        print_file(&repo, table, i);
    }
    for (size_t i = 0; status == RS_OK && i < repo.findings.n_items; i++) {
        (void)fprintf(stderr, "%s: %s\n", repo.findings.items[i].path.bytes,
                      repo.findings.items[i].message.bytes);
    }
    if (status != RS_OK) {
        (void)fprintf(stderr, "module_probe: %s\n", err.message);
    }
    rs_module_table_free(table);
    rs_repo_release(&repo);
    return status == RS_OK ? 0 : 1;
}
