/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h - SQL that stands in files: named statements with named holes.
 *
 * src/<room>/sql/FILE.sql holds statements, each behind a line "-- name: NAME"; the room's
 * sources.cmake lists the file in RS_<ROOM>_SQL, and "<room>/sql_texts.h" then has an
 * rs_sql_<room>_<name> for each. A file is SQL as it stands: a hole is {name} inside quotes, and what
 * fills it is quoted as they say, so that no text can leave them:
 *
 *   SELECT "{columns}" FROM "{table}" AS t WHERE t.path = '{path}'
 *
 * Threads: any.
 */
#ifndef RS_BASE_SQL_H
#define RS_BASE_SQL_H

#include "base/str.h"

typedef struct rs_sql {
    const char *name;
    const char *text;
} rs_sql;

typedef enum rs_sql_form {
    RS_SQL_WORD,  /* part of a name or of a text, or all of it */
    RS_SQL_WORDS, /* n_words of them: "a", "b" or 'a', 'b'; fills its quotes alone */
    RS_SQL_EXPR,  /* SQL of ours, as it is, instead of a name; fills its quotes alone */
    RS_SQL_ROWS   /* a SELECT of ours, in parentheses instead of a name; fills its quotes alone */
} rs_sql_form;

/* What fills a hole. */
typedef struct rs_sql_arg {
    const char *name;
    rs_sql_form form;
    const char *word; /* of RS_SQL_ROWS: the SELECT; of RS_SQL_EXPR: that */
    const char *const *words;
    size_t n_words;
} rs_sql_arg;

/* What fills a hole with one word, with SQL of ours, with a SELECT of ours. */
static inline rs_sql_arg rs_sql_word(const char *name, const char *word)
{
    return (rs_sql_arg){.name = name, .word = word};
}

static inline rs_sql_arg rs_sql_expr(const char *name, const char *sql)
{
    return (rs_sql_arg){.name = name, .form = RS_SQL_EXPR, .word = sql};
}

static inline rs_sql_arg rs_sql_rows(const char *name, const char *select)
{
    return (rs_sql_arg){.name = name, .form = RS_SQL_ROWS, .word = select};
}

/* Append a statement. Every hole must have its argument and every argument its hole: asserted. */
void rs_sql_add(const rs_sql *statement, const rs_sql_arg *args, size_t n_args, rs_buf *out);

/* Append what a statement "SELECT this" selects, without the word, behind what was appended so before:
 * for a statement whose list is put together of several. */
void rs_sql_add_list(const rs_sql *statement, const rs_sql_arg *args, size_t n_args, rs_buf *out);

/* Between SELECTs whose rows follow each other: nothing before the first. */
void rs_sql_add_union(size_t n_before, rs_buf *out);

#endif
