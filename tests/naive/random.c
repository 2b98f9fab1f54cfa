/* SPDX-License-Identifier: Apache-2.0 */
/* Random expressions of each type, over `l: literals`, that are right as to types and as wrong as can be
 * otherwise: least and greatest numbers, nulls, divisions by 0, shifts by anything, texts beyond ASCII. */
#include "naive/pack.h"

enum { N_RULES = 48, MOST_DEEP = 4 };

typedef struct writer {
    uint64_t seed;
    rs_buf *out;
} writer;

typedef void write_fn(writer *to, int depth);

static void write_int(writer *to, int depth);
static void write_float(writer *to, int depth);
static void write_bool(writer *to, int depth);
static void write_text(writer *to, int depth);

static size_t below(writer *to, size_t n)
{
    to->seed = to->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)((to->seed >> 33) % n);
}

/* A text in which i, f, b and t behind a $ stand for an expression of that type. */
static void write_form(writer *to, const char *form, int depth)
{
    static write_fn *const writers[] = {
        ['i'] = write_int, ['f'] = write_float, ['b'] = write_bool, ['t'] = write_text};
    for (; *form != '\0'; form++) {
        if (*form == '$') {
            writers[(unsigned char)*++form](to, depth + 1);
        } else {
            rs_buf_add_char(to->out, *form);
        }
    }
}

/* One of the forms; of the leaves alone where it is deep enough. */
static void write_one(writer *to, const char *const *forms, size_t n_forms, size_t n_leaves,
                      int depth)
{
    write_form(to, forms[below(to, depth < MOST_DEEP ? n_forms : n_leaves)], depth);
}

#define WRITER(name, n_leaves, ...)                                                                \
    static void name(writer *to, int depth)                                                        \
    {                                                                                              \
        static const char *const forms[] = {__VA_ARGS__};                                          \
        write_one(to, forms, sizeof forms / sizeof forms[0], n_leaves, depth);                     \
    }

WRITER(write_int, 9, "l.start_byte", "l.end_byte", "l.start_line", "l.literal_id", "0", "3",
       "2147483647", "9223372036854775807", "(0 - 2)", "($i + $i)", "($i - $i)", "($i * $i)",
       "($i / $i)", "($i % $i)", "($i & $i)", "($i | $i)", "($i << 2)", "($i >> $i)", "(- $i)",
       "(~ $i)", "length($t)", "n_parts($t, '.')", "coalesce($i, $i)", "coalesce(NULL, $i)",
       "CASE WHEN $b THEN $i ELSE $i END", "CASE WHEN $b THEN $i WHEN $b THEN NULL END",
       "edge_id($t, $i, $i, $i)", "global_id('K', $t)")
WRITER(write_float, 4, "0.5", "(0.0 - 1.25)", "(l.start_byte * 0.25)", "(l.start_line / 0.5)",
       "($f + $f)", "($f - $i)", "($f * $f)", "($i / $f)", "($f % $f)", "(- $f)",
       "coalesce($f, $i)", "CASE WHEN $b THEN $f ELSE $i END")
WRITER(write_bool, 6, "(l.text = 'a')", "(l.literal_kind = 'bytes')", "(l.literal_kind < 'int')",
       "(l.start_line > 2)", "TRUE", "(l.text < l.literal_kind)", "($i = $i)", "($i < $i)",
       "($i >= $f)", "($f <> $f)", "($f <= $f)", "($t = $t)", "($t > $t)", "($b AND $b)",
       "($b OR $b)", "(NOT $b)", "($b = $b)", "($i IS NULL)", "($t IS NOT NULL)", "(NULL AND $b)",
       "contains($t, $t)", "starts_with($t, $t)", "ends_with($t, $t)", "coalesce($b, $b)",
       "CASE WHEN $b THEN $b END")
WRITER(write_text, 5, "l.text", "'a'", "''", "'\xc3\xa9.x'", "l.text", "($t || $t)",
       "(l.literal_kind || $t)", "substring($t, $i)", "trim($t)", "replace($t, $t, $t)",
       "first_part($t, '.')", "without_last($t, '.', $i)", "coalesce(($t || $t), l.literal_kind)",
       "CASE WHEN $b THEN l.literal_kind ELSE ($t || $t) END")

void naive_add_random_pack(uint64_t seed, rs_buf *out)
{
    static const struct {
        const char *type;
        write_fn *write;
    } types[] = {
        {"i64", write_int}, {"f64", write_float}, {"bool", write_bool}, {"str", write_text}};
    writer to = {seed, out};
    naive_add_head(out);
    rs_buf_add(out, "rules:\n");
    for (size_t i = 0; i < N_RULES; i++) {
        rs_buf_addf(out,
                    "- {name: random_%zu, doc: d, kind: filter_project, inputs: {l: literals}, "
                    "where: \"",
                    i);
        write_bool(&to, i % 2 == 0 ? 1 : MOST_DEEP);
        rs_buf_add(out, "\", select: {id: l.literal_id, v: \"");
        types[i % 4].write(&to, 0);
        rs_buf_addf(out, "\"}, confidence: cst, output: rel_%s}\n", types[i % 4].type);
    }
}
