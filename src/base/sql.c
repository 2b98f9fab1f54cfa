/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sql.h"

#include <string.h>

#include "base/error.h"

enum { MAX_ARGS = 16 };

typedef struct filler {
    const rs_sql_arg *args;
    size_t n_args;
    bool is_used[MAX_ARGS];
    rs_buf *out;
} filler;

/* The hole that starts at p: how many bytes it has, 0 when there is none. */
static size_t hole_bytes(const char *p)
{
    size_t n_bytes = *p == '{' ? strspn(p + 1, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
    return n_bytes > 0 && p[n_bytes + 1] == '}' ? n_bytes + 2 : 0;
}

static const rs_sql_arg *arg_of(filler *in, const char *hole, size_t n_bytes)
{
    const rs_str name = {hole + 1, n_bytes - 2};
    for (size_t i = 0; i < in->n_args; i++) {
        if (rs_str_equal(name, rs_str_of(in->args[i].name))) {
            in->is_used[i] = true;
            return &in->args[i];
        }
    }
    in->out->failed = true; /* a hole without an argument */
    RS_ASSERT(!in->out->failed);
    return NULL;
}

static void add_quoted(rs_buf *out, char quote, const char *text)
{
    if (quote == '"') {
        rs_buf_add_sql_name(out, rs_str_of(text));
    } else {
        rs_buf_add_sql_literal(out, rs_str_of(text));
    }
}

/* What has quotes, or parentheses, of its own. */
static void add_whole(filler *in, char quote, const rs_sql_arg *arg)
{
    if (arg->form == RS_SQL_ROWS || arg->form == RS_SQL_EXPR) {
        RS_ASSERT(quote == '"');
        rs_buf_addf(in->out, arg->form == RS_SQL_ROWS ? "(%s)" : "%s", arg->word);
        return;
    }
    for (size_t i = 0; i < arg->n_words; i++) {
        rs_buf_add(in->out, i == 0 ? "" : ", ");
        add_quoted(in->out, quote, arg->words[i]);
    }
}

/* What stands in quotes, with its holes filled. */
static void add_filled(filler *in, char quote, rs_str inner)
{
    rs_buf text = {0};
    for (size_t i = 0; i < inner.n_bytes; i++) {
        size_t n_bytes = hole_bytes(inner.bytes + i);
        if (n_bytes == 0) {
            rs_buf_add_char(&text, inner.bytes[i]);
            continue;
        }
        const rs_sql_arg *arg = arg_of(in, inner.bytes + i, n_bytes);
        if (arg != NULL && arg->form != RS_SQL_WORD) {
            RS_ASSERT(n_bytes == inner.n_bytes);
            add_whole(in, quote, arg);
            rs_buf_release(&text);
            return;
        }
        rs_buf_add(&text, arg != NULL ? arg->word : "");
        i += n_bytes - 1;
    }
    add_quoted(in->out, quote, rs_buf_text(&text));
    in->out->failed = in->out->failed || text.failed;
    rs_buf_release(&text);
}

static bool has_hole(rs_str inner)
{
    for (size_t i = 0; i < inner.n_bytes; i++) {
        if (hole_bytes(inner.bytes + i) > 0) {
            return true;
        }
    }
    return false;
}

void rs_sql_add(const rs_sql *statement, const rs_sql_arg *args, size_t n_args, rs_buf *out)
{
    filler in = {.args = args, .n_args = n_args, .out = out};
    RS_ASSERT(n_args <= MAX_ARGS);
    for (const char *p = statement->text; *p != '\0'; p++) {
        const char *close = *p == '"' || *p == '\'' ? strchr(p + 1, *p) : NULL;
        if (close == NULL) {
            rs_buf_add_char(out, *p);
            continue;
        }
        const rs_str inner = {p + 1, (size_t)(close - p) - 1};
        if (has_hole(inner)) {
            add_filled(&in, *p, inner);
        } else {
            rs_buf_append(out, p, inner.n_bytes + 2);
        }
        p = close;
    }
    for (size_t i = 0; i < n_args; i++) {
        RS_ASSERT(in.is_used[i]);
    }
}

void rs_sql_add_list(const rs_sql *statement, const rs_sql_arg *args, size_t n_args, rs_buf *out)
{
    static const char word[] = "SELECT ";
    RS_ASSERT(strncmp(statement->text, word, sizeof word - 1) == 0);
    const rs_sql list = {statement->name, statement->text + sizeof word - 1};
    rs_buf_add(out, out->n_bytes == 0 ? "" : ", ");
    rs_sql_add(&list, args, n_args, out);
}

void rs_sql_add_union(size_t n_before, rs_buf *out)
{
    rs_buf_add(out, n_before == 0 ? "" : "\nUNION ALL\n");
}
