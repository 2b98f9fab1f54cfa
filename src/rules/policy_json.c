/* SPDX-License-Identifier: Apache-2.0 */
/* policy_json.c - a policy as one line of JSON, which its signature is made from.
 *
 * Keys are sorted and numbers have the digits that the file gave them, so that any JSON library
 * that sorts keys and writes the shortest digits gives the same text. Nothing needs an escape:
 * the loader lets only names and words through.
 */
#include <inttypes.h>

#include "rules/fields.h"
#include "rules/policy_keys.h"

/* 0.3, 1.0, -0.05: up to RS_FIELD_PLACES places and at least one. */
static void add_decimal(rs_buf *out, double value)
{
    bool is_negative = value < 0;
    int64_t units = (int64_t)((is_negative ? -value : value) * RS_FIELD_UNITS + 0.5);
    int64_t fraction = units % RS_FIELD_UNITS;
    char places[RS_FIELD_PLACES];
    int n_places = RS_FIELD_PLACES;
    for (int i = n_places; i-- > 0; fraction /= 10) {
        places[i] = (char)('0' + fraction % 10);
    }
    while (n_places > 1 && places[n_places - 1] == '0') {
        n_places--;
    }
    rs_buf_addf(out, "%s%" PRId64 ".%.*s", is_negative ? "-" : "", units / RS_FIELD_UNITS, n_places,
                places);
}

static void add_key(rs_buf *out, bool is_first, const char *key)
{
    rs_buf_addf(out, "%s\"%s\":", is_first ? "" : ",", key);
}

static void add_confidence(rs_buf *out, const rs_confidence_policy *policy)
{
    rs_buf_add(out, "{\"base\":");
    add_decimal(out, policy->base);
    rs_buf_add(out, ",\"penalty\":");
    add_decimal(out, policy->penalty);
    rs_buf_add(out, ",\"weights\":{");
    for (size_t i = 0; i < policy->n_weights; i++) {
        add_key(out, i == 0, policy->weights[i].source);
        add_decimal(out, policy->weights[i].weight);
    }
    rs_buf_add(out, "}}");
}

static void add_columns(rs_buf *out, const rs_policy_column *columns, size_t n_columns)
{
    rs_buf_add_char(out, '[');
    for (size_t i = 0; i < n_columns; i++) {
        rs_buf_addf(out, "%s\"%s%s\"", i == 0 ? "" : ",", columns[i].name,
                    columns[i].is_descending ? " desc" : "");
    }
    rs_buf_add_char(out, ']');
}

static void add_ambiguity(rs_buf *out, const rs_ambiguity_policy *policy)
{
    switch (policy->kind) {
    case RS_AMBIGUITY_KEEP_ALL:
        rs_buf_add(out, "{\"keep\":\"all\"}");
        break;
    case RS_AMBIGUITY_WINNER:
        rs_buf_add(out, "{\"winner\":{\"keys\":");
        add_columns(out, policy->keys, policy->n_keys);
        rs_buf_add(out, ",\"order\":");
        add_columns(out, policy->order, policy->n_order);
        rs_buf_add(out, "}}");
        break;
    }
}

static void add_lanes(rs_buf *out, const rs_policy *policy)
{
    rs_buf_add_char(out, '[');
    for (size_t i = 0; i < policy->lanes.n_allowed; i++) {
        rs_buf_addf(out, "%s\"%s\"", i == 0 ? "" : ",", rs_lane_name(policy->lanes.allowed[i]));
    }
    rs_buf_add_char(out, ']');
}

static void add_setting(rs_buf *out, const rs_policy *policy, const rs_policy_setting *setting)
{
    const void *value = (const char *)policy + setting->offset;
    switch (setting->kind) {
    case RS_POLICY_PART:
        break;
    case RS_POLICY_WORD:
    case RS_POLICY_NAME:
        rs_buf_addf(out, "\"%s\"", *(const char *const *)value);
        break;
    case RS_POLICY_BOOL:
        rs_buf_add(out, *(const bool *)value ? "true" : "false");
        break;
    case RS_POLICY_COUNT:
    case RS_POLICY_LIMIT:
        rs_buf_addf(out, "%" PRId64, *(const int64_t *)value);
        break;
    case RS_POLICY_LANES:
        add_lanes(out, policy);
        break;
    }
}

/* The sections behind ambiguity and confidence, which stand first in the alphabet too. */
static void add_settings(rs_buf *out, const rs_policy *policy)
{
    const char *section = NULL;
    for (size_t i = 0; rs_policy_setting_get(i) != NULL; i++) {
        const rs_policy_setting *setting = rs_policy_setting_get(i);
        if (setting->kind == RS_POLICY_PART) {
            continue;
        }
        bool is_first = section == NULL || strcmp(section, setting->key.where) != 0;
        if (is_first) {
            rs_buf_add(out, section == NULL ? "" : "}");
            add_key(out, false, setting->key.where);
            rs_buf_add_char(out, '{');
            section = setting->key.where;
        }
        add_key(out, is_first, setting->key.name);
        add_setting(out, policy, setting);
    }
    rs_buf_add_char(out, '}');
}

bool rs_policy_sign(rs_policy *policy)
{
    rs_buf text = {0};
    rs_buf_add(&text, "{\"ambiguity\":{");
    for (size_t i = 0; i < policy->n_ambiguity; i++) {
        add_key(&text, i == 0, policy->ambiguity[i].name);
        add_ambiguity(&text, &policy->ambiguity[i]);
    }
    rs_buf_add(&text, "},\"confidence\":{");
    for (size_t i = 0; i < policy->n_confidence; i++) {
        add_key(&text, i == 0, policy->confidence[i].name);
        add_confidence(&text, &policy->confidence[i]);
    }
    rs_buf_add_char(&text, '}');
    add_settings(&text, policy);
    rs_buf_add_char(&text, '}');
    char *copy = text.failed ? NULL : rs_arena_strndup(&policy->arena, text.bytes, text.n_bytes);
    if (copy != NULL) {
        policy->json = (rs_str){copy, text.n_bytes};
        rs_sha256_text(copy, text.n_bytes, policy->signature);
    }
    rs_buf_release(&text);
    return copy != NULL;
}
