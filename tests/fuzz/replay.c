/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - a main for a fuzz target without a fuzzer.
 *
 * Gives every file of the directories named on the command line to the target,
 * so that what was once found stays found under any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

/* The block is exactly as long as the file, so that a sanitizer sees the first byte behind it. */
static uint8_t *file_read(const char *path, size_t *n_bytes)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &info) != 0) {
        perror(path);
        exit(1);
    }
    *n_bytes = (size_t)info.st_size;
    uint8_t *bytes = malloc(*n_bytes == 0 ? 1 : *n_bytes);
    if (bytes == NULL || fread(bytes, 1, *n_bytes, file) != *n_bytes) {
        perror(path);
        exit(1);
    }
    (void)fclose(file);
    return bytes;
}

static int replay(const char *directory_path)
{
    int n_files = 0;
    DIR *directory = opendir(directory_path);
    if (directory == NULL) {
        perror(directory_path);
        exit(1);
    }
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        char path[4096];
        if (entry->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%s", directory_path, entry->d_name);
        size_t n_bytes;
        uint8_t *bytes = file_read(path, &n_bytes);
        (void)fprintf(stderr, "%s\n", path); /* the last line names the file that broke it */
        (void)LLVMFuzzerTestOneInput(bytes, n_bytes);
        free(bytes);
        n_files++;
    }
    (void)closedir(directory);
    return n_files;
}

int main(int argc, char **argv)
{
    int n_files = 0;
    for (int i = 1; i < argc; i++) {
        n_files += replay(argv[i]);
    }
    (void)printf("%d inputs replayed\n", n_files);
    return n_files > 0 ? 0 : 1;
}
