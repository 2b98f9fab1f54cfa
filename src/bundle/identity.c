/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/identity.h"

#include <string.h>

#include "base/sql.h"
#include "bundle/sql_texts.h"

static const rs_identity identities[] = {
#define RS_IDENTITY(dataset, kind, id, tag, text) {#dataset, kind, #id, tag, text},
#include "schema/identities.def"
};

const rs_identity *rs_identities(size_t *n_identities)
{
    *n_identities = sizeof identities / sizeof identities[0];
    return identities;
}

void rs_identity_add_text_sql(const rs_identity *identity, const char *alias, rs_buf *sql)
{
    const char *at = identity->text;
    if (*at == '\0') {
        rs_buf_add(sql, "''");
    }
    while (*at != '\0') {
        size_t n_bytes = strcspn(at, " ");
        rs_buf_add(sql, at == identity->text ? "CAST(" : " || ':' || CAST(");
        rs_buf_addf(sql, "%s.", alias);
        rs_buf_add_sql_name(sql, (rs_str){at, n_bytes});
        rs_buf_add(sql, " AS VARCHAR)");
        at += n_bytes + (at[n_bytes] == ' ');
    }
}

void rs_identity_add_sql(const rs_identity *identity, const char *relation, rs_buf *sql)
{
    rs_buf text = {0};
    rs_buf is_meant = {0};
    rs_identity_add_text_sql(identity, "r", &text);
    rs_buf_add(&is_meant, identity->kind[0] != '\0' ? "r.kind = " : "TRUE");
    if (identity->kind[0] != '\0') {
        rs_buf_add_sql_literal(&is_meant, rs_str_of(identity->kind));
    }
    const rs_sql_arg args[] = {
        {.name = "relation", .word = relation},
        {.name = "id", .word = identity->id},
        {.name = "tag", .word = identity->tag},
        {.name = "is_meant", .form = RS_SQL_EXPR, .word = rs_buf_text(&is_meant)},
        {.name = "text", .form = RS_SQL_EXPR, .word = rs_buf_text(&text)}};
    rs_sql_add(&rs_sql_bundle_identities, args, sizeof args / sizeof args[0], sql);
    sql->failed = sql->failed || text.failed || is_meant.failed;
    rs_buf_release(&is_meant);
    rs_buf_release(&text);
}
