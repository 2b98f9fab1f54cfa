/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - one program for the unit tests of a folder of src/:
 *
 *     unit_FOLDER [NAME [FILTER]]     all files, or test_NAME.c, or those of its tests
 *
 * The build makes unit_files.h: a line UNIT_FILE(NAME) for each file.
 */
#include "unit/unit.h"

#define UNIT_FILE(name) unit_run unit_##name;
#include "unit_files.h"
#undef UNIT_FILE

static const struct {
    const char *name;
    unit_run *run;
} files[] = {
#define UNIT_FILE(name) {#name, unit_##name},
#include "unit_files.h"
#undef UNIT_FILE
};

int main(int argc, char **argv)
{
    if (argc > 2) {
        cmocka_set_test_filter(argv[2]);
    }
    int n_failed = 0;
    size_t n_run = 0;
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        if (argc < 2 || strcmp(argv[1], files[i].name) == 0) {
            n_failed += files[i].run();
            n_run++;
        }
    }
    if (n_run == 0) {
        (void)fprintf(stderr, "%s: no file %s\n", argv[0], argv[1]);
        return 2;
    }
    return n_failed == 0 ? 0 : 1;
}
