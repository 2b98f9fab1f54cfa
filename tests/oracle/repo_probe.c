/* SPDX-License-Identifier: Apache-2.0 */
/* repo_probe.c - the repo folder as a filter, for comparison with CPython and git.
 *
 *   repo_probe decode     stdin: a source each, its length in 4 native bytes before it
 *                         stdout for each: "encoding TAB codes TAB length" LF and the text
 *   repo_probe walk DIR   stdout: the paths of the files, NUL after each
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "repo/source.h"

static rs_status decode_all(rs_error *err)
{
    rs_source source = {0};
    rs_status status = RS_OK;
    uint32_t n_bytes = 0;
    char *bytes = NULL;
    while (status == RS_OK && fread(&n_bytes, sizeof n_bytes, 1, stdin) == 1) {
        char *grown = rs_realloc(bytes, (size_t)n_bytes + 1, 1);
        if (grown == NULL || fread(grown, 1, n_bytes, stdin) != n_bytes) {
            bytes = grown == NULL ? bytes : grown;
            status = rs_error_set(err, RS_ERR_IO, "read a source of %u bytes", (unsigned)n_bytes);
            break;
        }
        bytes = grown;
        status = rs_source_decode(&source, bytes, n_bytes, err);
        (void)printf("%s\t", source.encoding);
        for (size_t i = 0; i < source.n_findings; i++) {
            const rs_source_finding *finding = &source.findings[i];
            (void)printf("%s@%u ", rs_diagnostic_get(finding->code)->code,
                         (unsigned)finding->start_byte);
        }
        (void)printf("\t%u\n", (unsigned)source.n_text);
        (void)fwrite(source.text, 1, source.n_text, stdout);
    }
    rs_free(bytes);
    rs_source_release(&source);
    return status;
}

static rs_status list_files(const char *root, rs_error *err)
{
    rs_repo repo;
    rs_status status = rs_repo_walk(root, NULL, &repo, err);
    for (size_t i = 0; i < repo.files.n_items; i++) {
        (void)fwrite(repo.files.items[i].path.bytes, 1, repo.files.items[i].path.n_bytes + 1,
                     stdout);
    }
    rs_repo_release(&repo);
    return status;
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_status status = RS_ERR_INVALID;
    if (argc == 2 && strcmp(argv[1], "decode") == 0) {
        status = decode_all(&err);
    } else if (argc == 3 && strcmp(argv[1], "walk") == 0) {
        status = list_files(argv[2], &err);
    }
    if (status != RS_OK) {
        (void)fprintf(stderr, "repo_probe: %s\n", err.message);
    }
    return status == RS_OK && fflush(stdout) == 0 ? 0 : 1;
}
