/* SPDX-License-Identifier: Apache-2.0 */
/* union_all: the rows of all inputs, under the columns that they have in common: `each`. */
#include "plan/op_impl.h"

/* A column that all inputs have, of one type. */
static bool is_common(const rs_plan *plan, const rs_column *column, bool *required)
{
    *required = column->required;
    for (size_t i = 1; i < plan->n_inputs; i++) {
        const rs_column *other = rs_column_find(plan->inputs[i].dataset, rs_str_of(column->name));
        if (other == NULL || other->type != column->type ||
            !rs_words_are_same(other->words, column->words) ||
            other->is_shared != column->is_shared) {
            return false;
        }
        *required = *required && other->required;
    }
    return true;
}

/* What an id of all inputs refers to: the family that they have in common. */
static const rs_entity *common_entity(const rs_plan *plan, const rs_column *column)
{
    const rs_entity *common = column->entity;
    for (size_t i = 1; i < plan->n_inputs && common != NULL; i++) {
        const rs_entity *other =
            rs_column_find(plan->inputs[i].dataset, rs_str_of(column->name))->entity;
        if (other == NULL) {
            common = NULL;
        } else if (other != common) {
            common = &rs_entities[other->family == common->family ? common->family : RS_ENTITY_any];
        }
    }
    return common;
}

static bool has_damage(const rs_plan_input *input)
{
    return rs_column_find(input->dataset, RS_STR_LITERAL(RS_DAMAGE_COLUMN)) != NULL;
}

/* Some input's rows may be damaged although not all inputs could say so: `each` says it of every row. */
static bool needs_damage(const rs_plan *plan)
{
    bool any = false;
    bool all = true;
    for (size_t i = 0; i < plan->n_inputs; i++) {
        any = any || has_damage(&plan->inputs[i]);
        all = all && has_damage(&plan->inputs[i]);
    }
    return any && !all;
}

static void add_each(rs_plan_checker *checker, rs_plan *plan)
{
    const rs_dataset *first = plan->inputs[0].dataset;
    rs_column *columns = NULL;
    rs_dataset *each = rs_check_new_dataset(checker, "each", first->n_columns + 1, &columns);
    if (each == NULL) {
        return;
    }
    size_t n_common = 0;
    for (size_t i = 0; i < first->n_columns; i++) {
        bool required = false;
        if (is_common(plan, &first->columns[i], &required)) {
            columns[n_common] = first->columns[i];
            columns[n_common].entity = common_entity(plan, &first->columns[i]);
            columns[n_common++].required = required;
        }
    }
    if (n_common == 0) {
        rs_problems_add(checker->problems, checker->inputs_place,
                        "inputs: the datasets of a union have no column in common");
    } else if (needs_damage(plan)) {
        columns[n_common++] = (rs_column){
            .name = RS_DAMAGE_COLUMN, .type = RS_TYPE_BOOL, .required = true, .source = ""};
    }
    each->n_columns = n_common;
    checker->scope->first_visible = plan->n_seen;
    rs_check_see(
        checker, plan,
        &(rs_plan_input){.alias = "each", .dataset = each, .sql_alias = "each", .sql_prefix = ""});
}

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    add_each(checker, plan);
    rs_check_where(checker, plan);
}

/* The common columns of all inputs, each with its number and place. */
static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    const rs_dataset *each = plan->inputs[plan->n_inputs].dataset;
    rs_buf_add(sql, "(");
    for (size_t i = 0; i < plan->n_inputs; i++) {
        const rs_plan_input *input = &plan->inputs[i];
        rs_buf_add(sql, i == 0 ? "\n    SELECT " : "\n    UNION ALL\n    SELECT ");
        for (size_t j = 0; j < each->n_columns; j++) {
            rs_str name = rs_str_of(each->columns[j].name);
            bool is_there = rs_column_find(input->dataset, name) != NULL; /* or it is the damage */
            rs_buf_add(sql, is_there ? "" : "FALSE AS ");
            rs_dialect_add_name(dialect, name, sql);
            rs_buf_add(sql, ", ");
        }
        rs_buf_addf(sql, "CAST(%zu AS BIGINT) AS _input, _row", i);
        if (with_inputs) {
            rs_buf_add(sql, ", ");
            rs_input_add_sql(input, dialect, false, sql);
            rs_buf_add(sql, " AS _in");
        }
        rs_buf_add(sql, " FROM ");
        rs_input_add_from_sql(input, dialect, sql);
    }
    rs_buf_add(sql, "\n) AS ");
    rs_dialect_add_name(dialect, RS_STR_LITERAL("each"), sql);
}

static void add_lineage(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    (void)plan;
    rs_dialect_add_name(dialect, RS_STR_LITERAL("each"), sql);
    rs_buf_add(sql, "._in");
}

static const rs_key no_keys[] = {{.name = NULL}};

const rs_operator rs_op_union_all = {
    .name = "union_all",
    .doc = "the rows of all inputs, by the columns that they have in common",
    .min_inputs = 2,
    .max_inputs = RS_PLAN_MAX_INPUTS,
    .keys = no_keys,
    .takes_any = true,
    .hands_on = true,
    .places = RS_PLACES_ANY,
    .check = check,
    .is_local = rs_plan_reads_one_file,
    .add_from = add_from,
    .add_lineage = add_lineage,
};
