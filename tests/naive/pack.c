/* SPDX-License-Identifier: Apache-2.0 */
#include "naive/pack.h"

/* Expressions over `l: literals` (literal_id, literal_kind, text, start_byte, end_byte, start_line), one
 * rule each; the type that they give. */
static const struct {
    const char *type;
    const char *expr;
} expressions[] = {
    {"i64", "l.start_byte + l.start_line * 3 - 7"},
    {"i64", "l.start_byte / l.start_line"},
    {"i64", "l.start_byte % l.start_line"},
    {"i64", "(0 - l.start_byte) / 4"},
    {"i64", "(0 - l.start_byte) % 4"},
    {"i64", "- l.start_line"},
    {"i64", "~ l.start_byte"},
    {"i64", "(l.start_byte & 5) | (l.end_byte & 8)"},
    {"i64", "l.start_byte << 3"},
    {"i64", "l.literal_id >> 24"},
    {"i64", "(0 - l.literal_id) >> 3"},
    {"i64", "l.literal_id << 60"},
    {"i64", "l.literal_id * 9223372036854775807"},
    {"i64", "l.start_line + 2147483647"},
    {"i64", "l.literal_id + 9223372036854775807"},
    {"f64", "l.start_byte * 0.5"},
    {"f64", "l.start_byte / 4.0"},
    {"f64", "1.5 - l.start_line"},
    {"f64", "1.0 / l.start_line"},
    {"bool", "1.5 * l.start_line > l.start_byte"},
    {"bool", "l.start_byte < l.end_byte AND l.text = 'a'"},
    {"bool", "l.start_byte < l.end_byte OR l.text = 'a'"},
    {"bool", "NOT (l.text < 'b')"},
    {"bool", "l.text IS NULL"},
    {"bool", "l.text IS NOT NULL AND l.text <> 'a'"},
    {"bool", "l.literal_kind = 'bytes'"},
    {"bool", "l.literal_kind < 'int'"},
    {"bool", "l.literal_kind <> l.text"},
    {"bool", "NULL IS NULL"},
    {"bool", "(l.text = 'a') = (l.start_byte = 1)"},
    {"str", "l.text || '-' || l.literal_kind"},
    {"str", "coalesce(l.text, l.literal_kind)"},
    {"i64", "coalesce(NULL, l.start_line, 5)"},
    {"str", "CASE WHEN l.text = 'a' THEN 'x' WHEN l.start_byte > 3 THEN l.text END"},
    {"str", "CASE WHEN l.text = 'a' THEN l.literal_kind ELSE l.text END"},
    {"f64", "CASE WHEN l.text IS NULL THEN 1 ELSE 0.5 END"},
    {"bool", "contains(l.text, '.')"},
    {"bool", "contains(l.text, '')"},
    {"bool", "starts_with(l.text, 'a')"},
    {"bool", "ends_with(l.text, 'b')"},
    {"str", "first_part(l.text, '.')"},
    {"i64", "n_parts(l.text, '.')"},
    {"i64", "n_parts(l.text, ',')"},
    {"str", "without_last(l.text, '.', 1)"},
    {"str", "without_last(l.text, '.', 2)"},
    {"str", "without_last(l.text, '.', 5)"},
    {"str", "without_last(l.text, '.', 0)"},
    {"i64", "length(l.text)"},
    {"str", "lower(l.text)"},
    {"str", "CASE WHEN length(l.text) < 3 THEN upper(l.text) END"},
    {"str", "substring(l.text, l.start_line)"},
    {"str", "trim(l.text)"},
    {"str", "replace(l.text, '.', '::')"},
    {"str", "replace(l.text, '', 'x')"},
    {"i64", "edge_id('CALL', l.literal_id, l.file_id, l.start_byte)"},
    {"i64", "edge_id('CALL', l.literal_id, l.file_id, NULL)"},
    {"i64", "global_id('SYMBOL', l.text)"},
};

/* Aggregates of `bindings` by scope, some of whose values are null. */
static const struct {
    const char *type;
    const char *expr;
} aggregates[] = {
    {"i64", "count()"},
    {"i64", "count_distinct(b.site_id)"},
    {"i64", "min(b.site_id)"},
    {"i64", "max(b.site_id)"},
    {"i64", "sum(b.site_id) + count()"},
    {"bool", "any(b.is_local)"},
    {"bool", "all(b.site_id > 20000000)"},
    {"str", "min(b.name)"},
    {"str", "max(b.scope_class)"},
};

static const char head[] = "pack: naive\ndoc: d\ndatasets:\n";

static void add_dataset(const char *type, rs_buf *out)
{
    rs_buf_addf(
        out,
        "- {name: rel_%s, doc: d, key: [id], columns: {id: {type: i64, required: true, doc: d}, "
        "other: {type: i64, doc: d}, v: {type: %s, doc: d}}}\n",
        type, type);
}

static const char operators[] =
    "- {name: one, doc: d, kind: filter_project, inputs: {l: literals}, where: l.text <> 'a', "
    "select: {id: l.literal_id, v: l.text}, filter: out.v <> 'b', confidence: cst, output: "
    "rel_str}\n"
    "- {name: inner, doc: d, kind: hash_join, join: inner, inputs: {b: bindings, l: literals}, "
    "on: b.site_id = l.literal_id, select: {id: b.binding_id, other: l.literal_id, v: l.text}, "
    "confidence: cst, output: rel_str}\n"
    "- {name: inner_two, doc: d, kind: hash_join, join: inner, inputs: {b: bindings, l: literals}, "
    "on: b.file_id = l.file_id AND b.name = l.text, where: l.start_byte > 2, select: {id: "
    "b.binding_id, other: l.literal_id, v: l.text}, confidence: cst, output: rel_str}\n"
    "- {name: left, doc: d, kind: hash_join, join: left, inputs: {b: bindings, l: literals}, "
    "on: b.site_id = l.literal_id, select: {id: b.binding_id, other: l.literal_id, v: l.text}, "
    "confidence: cst, output: rel_str}\n"
    "- {name: left_none, doc: d, kind: hash_join, join: left, inputs: {b: bindings, l: literals}, "
    "on: b.site_id = l.literal_id, where: l.literal_id IS NULL, select: {id: b.binding_id, other: "
    "l.literal_id, v: l.text}, confidence: cst, output: rel_str}\n"
    "- {name: three, doc: d, kind: hash_join, join: inner, inputs: {b: bindings, l: literals, n: "
    "name_refs}, on: b.file_id = l.file_id AND b.site_id = n.name_ref_id AND l.text = n.name, "
    "where: "
    "l.start_byte > 0, select: {id: b.binding_id, other: l.literal_id, v: n.name}, confidence: "
    "cst, "
    "output: rel_str}\n"
    "- {name: three_left, doc: d, kind: hash_join, join: left, inputs: {b: bindings, l: literals, "
    "n: "
    "name_refs}, on: b.site_id = l.literal_id AND n.start_byte = l.start_byte, select: {id: "
    "b.binding_id, other: l.literal_id, v: n.name}, confidence: cst, output: rel_str}\n"
    "- {name: four, doc: d, kind: hash_join, join: left, inputs: {b: bindings, l: literals, n: "
    "name_refs, a: attributes}, on: b.file_id = l.file_id AND b.site_id = n.name_ref_id AND "
    "n.start_byte = a.start_byte AND l.end_byte = a.end_byte, select: {id: b.binding_id, other: "
    "a.attribute_id, v: l.text}, confidence: cst, output: rel_str}\n"
    "- {name: semi, doc: d, kind: hash_join, join: semi, inputs: {b: bindings, l: literals}, "
    "on: b.site_id = l.literal_id, select: {id: b.binding_id, other: b.site_id, v: b.name}, "
    "confidence: cst, output: rel_str}\n"
    "- {name: anti, doc: d, kind: hash_join, join: anti, inputs: {b: bindings, l: literals}, "
    "on: b.site_id = l.literal_id, select: {id: b.binding_id, other: b.site_id, v: b.name}, "
    "confidence: cst, output: rel_str}\n"
    "- {name: items, doc: d, kind: explode_list, inputs: {l: literals}, explode: {list: "
    "[l.start_byte, l.literal_id, l.end_byte]}, where: item.value <> 3, select: {id: l.literal_id, "
    "other: item.position, v: item.value}, confidence: cst, output: rel_i64}\n"
    "- {name: parts, doc: d, kind: explode_list, inputs: {l: literals}, explode: {split: l.text, "
    "separator: ','}, select: {id: l.literal_id, other: item.position, v: item.value}, confidence: "
    "cst, output: rel_str}\n"
    "- {name: both, doc: d, kind: union_all, inputs: {n: name_refs, a: attributes}, where: "
    "each.start_byte > 2, select: {id: each.start_byte, other: each.end_byte, v: each.file_id}, "
    "confidence: cst, output: rel_i64}\n"
    "- {name: best, doc: d, kind: winner_select, inputs: {l: literals}, winner: {keys: [v], order: "
    "[id desc]}, select: {id: l.start_byte, other: l.end_byte, v: l.text}, confidence: cst, "
    "output: "
    "rel_str}\n"
    "- {name: best_nulls, doc: d, kind: winner_select, inputs: {b: bindings}, winner: {keys: [id], "
    "order: [other desc, v]}, select: {id: b.scope_id, other: b.site_id, v: b.name}, confidence: "
    "cst, "
    "output: rel_str}\n"
    "- {name: of_ours, doc: d, kind: hash_join, join: inner, inputs: {r: rel_str, s: rel_i64}, on: "
    "r.id = s.id, select: {id: r.id, other: s.other, v: r.v}, confidence: cst, output: "
    "rel_bool_of}\n";

static void add_aligned(const char *mode, const char *how, const char *keep, rs_buf *out)
{
    rs_buf_addf(
        out,
        "- {name: align_%s_%s_%s, doc: d, kind: interval_align, inputs: {b: literals, l: "
        "attributes}, on: b.file_id = l.file_id, align: {left: [b.start_byte, b.end_byte], "
        "right: [l.start_byte, l.end_byte], mode: %s, how: %s, keep: %s, ties: [l.attribute]}, "
        "where: b.start_line > 0 AND l.start_byte <> 4, select: {id: b.literal_id, other: "
        "l.attribute_id, v: match.score}, confidence: cst, output: rel_f64}\n",
        mode, how, keep, mode, how, keep);
}

void naive_add_head(rs_buf *out)
{
    static const char *const types[] = {"i64", "f64", "bool", "str"};
    rs_buf_add(out, head);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        add_dataset(types[i], out);
    }
}

void naive_add_pack(rs_buf *out)
{
    static const char *const modes[] = {"exact", "contained_best", "overlap_best",
                                        "covering_smallest"};
    naive_add_head(out);
    rs_buf_add(out,
               "- {name: rel_bool_of, doc: d, key: [id], columns: {id: {type: i64, required: true, "
               "doc: d}, other: {type: i64, doc: d}, v: {type: str, doc: d}}}\nrules:\n");
    rs_buf_add(out, operators);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        for (size_t j = 0; j < 4; j++) {
            add_aligned(modes[i], j % 2 == 0 ? "inner" : "left", j < 2 ? "best" : "all", out);
        }
    }
    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        rs_buf_addf(
            out,
            "- {name: expr_%zu, doc: d, kind: filter_project, inputs: {l: literals}, select: "
            "{id: l.literal_id, v: \"%s\"}, confidence: cst, output: rel_%s}\n",
            i, expressions[i].expr, expressions[i].type);
    }
    for (size_t i = 0; i < sizeof aggregates / sizeof aggregates[0]; i++) {
        rs_buf_addf(out,
                    "- {name: aggregate_%zu, doc: d, kind: aggregate, inputs: {b: bindings}, "
                    "group_by: [b.scope_id], select: {id: b.scope_id, v: \"%s\"}, confidence: cst, "
                    "output: rel_%s}\n",
                    i, aggregates[i].expr, aggregates[i].type);
    }
}
