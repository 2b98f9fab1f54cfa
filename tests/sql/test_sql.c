/* SPDX-License-Identifier: Apache-2.0 */
/* test_sql DIRECTORY [--bless]: the SQL of each rule of the library against DIRECTORY/RULE.sql. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "rules/policy.h"

enum { PATH_BYTES = 1024 };

static bool read_text(const char *path, rs_buf *out)
{
    char block[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    for (size_t n = fread(block, 1, sizeof block, file); n > 0;
         n = fread(block, 1, sizeof block, file)) {
        rs_buf_append(out, block, n);
    }
    (void)fclose(file);
    return true;
}

static int bless(const char *path, const rs_buf *sql)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(sql->bytes, 1, sql->n_bytes, file) != sql->n_bytes ||
        fclose(file) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

static int compare(const char *path, const char *name, const rs_buf *sql)
{
    rs_buf want = {0};
    int n_faults = 0;
    if (!read_text(path, &want)) {
        (void)printf("%s: no golden SQL\n", name);
        n_faults = 1;
    } else if (strcmp(rs_buf_text(&want), rs_buf_text(sql)) != 0) {
        (void)printf("%s: the SQL is\n%s", name, rs_buf_text(sql));
        n_faults = 1;
    }
    rs_buf_release(&want);
    return n_faults;
}

/* A golden file of no rule. */
static int count_strays(const rs_rules *rules, const char *directory)
{
    int n_faults = 0;
    DIR *handle = opendir(directory);
    for (struct dirent *entry = handle != NULL ? readdir(handle) : NULL; entry != NULL;
         entry = readdir(handle)) {
        size_t n_name = strcspn(entry->d_name, ".");
        bool is_known = n_name == 0;
        for (size_t i = 0; i < rs_rules_count(rules) && !is_known; i++) {
            const char *name = rs_rules_get(rules, i)->name;
            is_known = strlen(name) == n_name && strncmp(name, entry->d_name, n_name) == 0;
        }
        if (!is_known) {
            (void)printf("%s: no such rule\n", entry->d_name);
            n_faults++;
        }
    }
    if (handle != NULL) {
        (void)closedir(handle);
    }
    return n_faults;
}

static int check_all(const rs_rules *rules, const char *directory, bool is_blessing)
{
    int n_faults = count_strays(rules, directory);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const char *name = rs_rules_get(rules, i)->name;
        char path[PATH_BYTES];
        rs_buf sql = {0};
        rs_error err = {0};
        (void)snprintf(path, sizeof path, "%s/%s.sql", directory, name);
        if (rs_rules_add_sql(rules, i, &sql, &err) != RS_OK) {
            (void)printf("%s: %s\n", name, err.message);
            n_faults++;
        } else {
            n_faults += is_blessing ? bless(path, &sql) : compare(path, name, &sql);
        }
        rs_buf_release(&sql);
    }
    return n_faults;
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_policy *policy = NULL;
    rs_rules *rules = NULL;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: test_sql DIRECTORY [--bless]\n");
        return 2;
    }
    rs_status status = rs_policy_load(NULL, &policy, &err);
    if (status == RS_OK) {
        status = rs_rules_new(&rules, &err);
    }
    if (status == RS_OK) {
        status = rs_rules_add_embedded(rules, &err);
    }
    if (status == RS_OK) {
        status = rs_rules_check(rules, policy, &rs_dialect_duckdb, &err);
    }
    int n_faults = 1;
    if (status == RS_OK) {
        n_faults = check_all(rules, argv[1], argc > 2 && strcmp(argv[2], "--bless") == 0);
        (void)printf("%zu rules, %d faults\n", rs_rules_count(rules), n_faults);
    } else {
        (void)fprintf(stderr, "%s\n", err.message);
    }
    rs_rules_free(rules);
    rs_policy_free(policy);
    return n_faults == 0 ? 0 : 1;
}
