/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_identity.c - that ids are those of their texts: made again, by identities.def, and files' ids of
 * their paths.
 */
#include <stdio.h>

#include "bundle/doctor_impl.h"
#include "bundle/files.h"
#include "bundle/identity.h"
#include "bundle/sql_texts.h"

static rs_status check_identity(rs_exam *exam, rs_error *err)
{
    const rs_identity *identity = exam->subject;
    char relation[128];
    char message[128];
    rs_buf rows = {0};
    rs_buf sql = {0};
    snprintf(relation, sizeof relation, "stored_%s", identity->dataset);
    snprintf(message, sizeof message, "rows have a %s that is not that of their text",
             identity->id);
    rs_identity_add_sql(identity, relation, &rows);
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_ROWS, .word = rs_buf_text(&rows)};
    rs_sql_add(&rs_sql_bundle_identity_wrong, &arg, 1, &sql);
    rs_status status = rs_buf_check(rows.failed ? &rows : &sql, err);
    RS_THEN(status,
            rs_exam_count(exam, "identity", exam->dataset->path, rs_buf_text(&sql), message, err));
    rs_buf_release(&rows);
    rs_buf_release(&sql);
    return status;
}

/* What was asked for; NULL where the file cannot be read, of which another exam speaks. */
/* The parts of a file's id: the repository's, where it has one, and the path. */
static rs_status check_file_ids(rs_exam *exam, rs_error *err)
{
    json_t *config = NULL;
    rs_buf parts = {0};
    rs_buf sql = {0};
    RS_TRY(rs_reader_load(exam->doctor->reader, "config.json", &config, err));
    const char *repository = json_string_value(json_object_get(config, "repository_id"));
    if (repository != NULL && repository[0] != '\0') {
        rs_buf_add_sql_literal(&parts, rs_str_of(repository));
        rs_buf_add(&parts, ", ");
    }
    rs_buf_add(&parts, "path");
    const rs_sql_arg arg = {.name = "parts", .form = RS_SQL_EXPR, .word = rs_buf_text(&parts)};
    rs_sql_add(&rs_sql_bundle_file_id_wrong, &arg, 1, &sql);
    rs_status status = rs_buf_check(parts.failed ? &parts : &sql, err);
    RS_THEN(status, rs_exam_count(exam, "identity", exam->dataset->path, rs_buf_text(&sql),
                                  "files have an id that is not that of their path", err));
    rs_buf_release(&parts);
    rs_buf_release(&sql);
    json_decref(config);
    return status;
}

rs_status rs_doctor_add_identity_exams(rs_doctor *doctor, rs_error *err)
{
    size_t n_identities;
    const rs_identity *identities = rs_identities(&n_identities);
    rs_doctor_dataset *files = rs_doctor_find(doctor, "repo_files");
    for (size_t i = 0; i < n_identities; i++) {
        rs_doctor_dataset *dataset = rs_doctor_find(doctor, identities[i].dataset);
        if (dataset != NULL) {
            RS_TRY(rs_doctor_add_exam(doctor,
                                      (rs_exam){.fn = check_identity,
                                                .dataset = dataset,
                                                .subject = &identities[i],
                                                .cost = dataset->n_rows},
                                      err));
        }
    }
    return files == NULL
               ? RS_OK
               : rs_doctor_add_exam(
                     doctor,
                     (rs_exam){.fn = check_file_ids, .dataset = files, .cost = files->n_rows}, err);
}
