/* SPDX-License-Identifier: Apache-2.0 */
/* explode_list: a row for each value of a list, or for each part of a text. */
#include <stddef.h>
#include <string.h>

#include "plan/op_impl.h"

/* --- checking --- */

static rs_type stored_type(rs_expr_type type)
{
    switch (type) {
    case RS_EXPR_IS_BOOL:
        return RS_TYPE_BOOL;
    case RS_EXPR_IS_I32:
        return RS_TYPE_I32;
    case RS_EXPR_IS_I64:
        return RS_TYPE_I64;
    case RS_EXPR_IS_F64:
        return RS_TYPE_F64;
    case RS_EXPR_IS_TEXT:
    case RS_EXPR_IS_WORD: /* a list of words is one of texts */
    case RS_EXPR_IS_NOTHING:
    case RS_EXPR_IS_UNKNOWN:
        return RS_TYPE_STR;
    }
    return RS_TYPE_STR;
}

static bool is_number(rs_expr_type type)
{
    return type >= RS_EXPR_IS_I32 && type <= RS_EXPR_IS_F64;
}

/* The values' common type: all texts, or all numbers. */
static bool check_items(rs_plan_checker *checker, rs_explode *explode, rs_type *type,
                        bool *is_nullable)
{
    rs_expr_type widest = RS_EXPR_IS_NOTHING;
    for (size_t i = 0; i < explode->n_items; i++) {
        rs_expr *item = explode->items[i];
        if (!rs_expr_check(checker->scope, item)) {
            return false;
        }
        bool is_text = item->type == RS_EXPR_IS_TEXT || item->type == RS_EXPR_IS_WORD;
        rs_expr_type found = is_text ? RS_EXPR_IS_TEXT : item->type;
        if (widest != RS_EXPR_IS_NOTHING && found != RS_EXPR_IS_NOTHING && found != widest &&
            !(is_number(widest) && is_number(found))) {
            rs_problems_add(checker->problems, item->place,
                            "list: expected values of one type, found %s",
                            rs_expr_type_name(item, checker->arena));
            return false;
        }
        widest = found > widest ? found : widest;
        *is_nullable = *is_nullable || item->is_nullable;
    }
    *type = stored_type(widest);
    return true;
}

static void check_text(rs_plan_checker *checker, rs_expr *text)
{
    if (rs_expr_check(checker->scope, text) && text->type != RS_EXPR_IS_TEXT &&
        text->type != RS_EXPR_IS_WORD) {
        rs_problems_add(checker->problems, text->place, "split: expected a text, found %s",
                        rs_expr_type_name(text, checker->arena));
    }
}

static void add_item(rs_plan_checker *checker, rs_plan *plan)
{
    rs_explode *explode = &plan->explode;
    rs_type type = RS_TYPE_STR;
    bool is_nullable = false;
    if (explode->text != NULL) {
        check_text(checker, explode->text);
    } else if (!check_items(checker, explode, &type, &is_nullable)) {
        return;
    }
    rs_column *columns = NULL;
    const rs_dataset *item = rs_check_new_dataset(checker, "item", 2, &columns);
    if (item == NULL) {
        return;
    }
    columns[0] = (rs_column){.name = "value", .type = type, .required = !is_nullable, .source = ""};
    columns[1] =
        (rs_column){.name = "position", .type = RS_TYPE_I32, .required = true, .source = ""};
    rs_check_see(checker, plan,
                 &(rs_plan_input){.alias = "item",
                                  .dataset = item,
                                  .sql_alias = plan->inputs[0].sql_alias,
                                  .sql_prefix = "item_"});
}

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    add_item(checker, plan);
    rs_check_where(checker, plan);
}

/* --- steps: the lists, their items, the rows --- */

static void add_list(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_explode *explode = &plan->explode;
    if (explode->text != NULL) {
        rs_buf_addf(sql, "%s(CAST(", dialect->split);
        rs_expr_add_sql(explode->text, plan->inputs, dialect, sql);
        rs_buf_addf(sql, " AS %s), ", dialect->text_type);
        rs_dialect_add_separator(dialect, explode->separator, sql);
        rs_buf_add(sql, ")");
        return;
    }
    rs_type type = plan->inputs[plan->n_inputs].dataset->columns[0].type;
    rs_buf_add(sql, dialect->list[0]);
    for (size_t i = 0; i < explode->n_items; i++) {
        rs_buf_add(sql, i == 0 ? "CAST(" : ", CAST(");
        rs_expr_add_sql(explode->items[i], plan->inputs, dialect, sql);
        rs_buf_addf(sql, " AS %s)", rs_dialect_type(dialect, type));
    }
    rs_buf_add(sql, dialect->list[1]);
}

static void add_lists(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_plan_input *from = &plan->inputs[0];
    rs_buf_add(sql, "SELECT ");
    rs_dialect_add_name(dialect, rs_str_of(from->alias), sql);
    rs_buf_add(sql, ".*, ");
    add_list(plan, dialect, sql);
    rs_buf_add(sql, " AS _list\nFROM ");
    rs_input_add_from_sql(from, dialect, sql);
}

static void add_steps(rs_stepper *stepper)
{
    static const char *const more[] = {"_row", "_list", "_in"};
    const rs_dataset *dataset = stepper->plan->inputs[0].dataset;
    bool is_relationship = strcmp(dataset->lens, "relationship") == 0;
    rs_names columns = rs_stepper_columns(stepper, dataset, more, is_relationship ? 3 : 2);
    rs_stepper_add(stepper, RS_STEP_NAME_LIST, add_lists);
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_explode_list,
        .as.explode_list = {.list = "_list", .element = "item_value", .position = "item_position"}};
    rs_stepper_add_kernel(stepper, RS_STEP_NAME_ITEMS, &call, 1, columns);
}

static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    (void)with_inputs;
    rs_step_add_name(plan, RS_STEP_NAME_ITEMS, dialect, sql);
    rs_buf_add(sql, " AS ");
    rs_dialect_add_name(dialect, rs_str_of(plan->inputs[0].alias), sql);
}

/* --- the row --- */

static const rs_key explode_keys[] = {
    {.name = "list",
     .doc = "the values, all of one type",
     .kind = RS_KEY_EXPRS,
     .at = offsetof(rs_plan, explode.items),
     .n_at = offsetof(rs_plan, explode.n_items),
     .most = RS_PLAN_MAX_ITEMS},
    {.name = "split", .doc = "a text", .kind = RS_KEY_EXPR, .at = offsetof(rs_plan, explode.text)},
    {.name = "separator",
     .doc = "what the text is split at",
     .kind = RS_KEY_TEXT,
     .at = offsetof(rs_plan, explode.separator)},
    {.name = NULL},
};

static const char *const choices[] = {"list", "split separator", NULL};

static const rs_key keys[] = {
    {.name = "explode",
     .doc = "a list, or a text that is split",
     .kind = RS_KEY_KEYS,
     .is_required = true,
     .keys = explode_keys,
     .choices = choices},
    {.name = NULL},
};

const rs_operator rs_op_explode_list = {
    .name = "explode_list",
    .doc = "the rows of an input, each once for every value of a list",
    .min_inputs = 1,
    .max_inputs = 1,
    .keys = keys,
    .needs_output = true,
    .hands_on = true,
    .places = RS_PLACES_ONE,
    .second_place = "item_position",
    .check = check,
    .is_local = rs_plan_reads_one_file,
    .add_steps = add_steps,
    .add_from = add_from,
};
