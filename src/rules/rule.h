/* SPDX-License-Identifier: Apache-2.0 */
/* rule.h - rules as they are inside: what a pack says, and where. What follows from it is the plan
 * (plan/plan.h), which loading and checking fill in.
 */
#ifndef RS_RULES_RULE_H
#define RS_RULES_RULE_H

#include "plan/operator.h"
#include "plan/steps.h"
#include "rules/contract.h"
#include "rules/pack_keys.h"
#include "rules/policy.h"
#include "schema/kernel.h"

/* Where a rule names its policies. */
typedef struct rs_rule_policies {
    const char *confidence; /* NULL: none */
    rs_place confidence_place;
    const char *ambiguity;
    rs_place ambiguity_place;
} rs_rule_policies;

typedef struct rs_rule {
    rs_plan plan;
    const rs_kinds *kinds;  /* of its set */
    const rs_yaml *written; /* the mapping that it was loaded from */
    rs_place place;         /* of its name */
    unsigned source;        /* number of the call that added it: a later one overrides */
    rs_place input_places[RS_PLAN_MAX_SEEN];
    rs_rule_policies policies;
    rs_place emit_place;
    bool is_broken; /* has a problem: not planned */
    struct {
        rs_str key;
        rs_place place;
        rs_expr *value;
        const rs_property *property;
    } values[RS_PLAN_MAX_KEYS]; /* of a props rule */
    size_t n_values;
    rs_select *selects;  /* those of the plan, while it is made */
    size_t first_select; /* their number among those of all rules, once checked */
} rs_rule;

RS_VEC_DEFINE(rs_rule_vec, rs_rule *)

/* What datasets are signed by: many rules read the same ones. */
typedef struct rs_dataset_hashes {
    const rs_dataset *dataset;
    char fields[RS_SHA256_TEXT_BYTES];
    char ids[RS_SHA256_TEXT_BYTES];
} rs_dataset_hashes;

RS_VEC_DEFINE(rs_dataset_hashes_vec, rs_dataset_hashes)

/* A pack that was read; its rules are loaded once all contracts are known. */
typedef struct rs_pack {
    const char *file;
    const rs_yaml *root;
    unsigned source; /* as in rs_rule */
} rs_pack;

RS_VEC_DEFINE(rs_pack_vec, rs_pack)

/* A kind as a pack declares it; its ends are looked up once all kinds are known. */
typedef struct rs_pack_kind {
    rs_declared_kind declared;
    rs_place place;         /* of its name */
    const rs_yaml *ends[2]; /* of an edge */
} rs_pack_kind;

RS_VEC_DEFINE(rs_pack_kind_vec, rs_pack_kind)
RS_VEC_DEFINE(rs_property_vec, rs_property)

typedef struct rs_declared_kinds {
    rs_pack_kind_vec list;
    rs_property_vec properties;
} rs_declared_kinds;

struct rs_rules {
    rs_arena arena;
    rs_problems problems;
    rs_pack_vec packs;
    rs_contract_vec contracts;
    rs_param_table_vec params;
    rs_rule_vec list;
    rs_declared_kinds declared; /* as packs have them, until they are settled */
    const rs_kinds *kinds;      /* of the registry, and those */
    const rs_policy *policy;
    const rs_dialect *dialect; /* of SQL, once checked */
    unsigned embedded;         /* that of the packs that are in the program; 0: none */
    unsigned source;
    bool is_checked;
    size_t n_selects;        /* of all, once checked */
    const atomic_bool *stop; /* see base/stop.h */
};

/* What is shared while one pack is read. */
typedef struct rs_loader {
    rs_rules *rules;
    rs_arena *arena;
    rs_problems *problems;
    const char *file;
    unsigned source;
} rs_loader;

/* Read the kinds that a pack declares (load_kinds.c), its contracts (contract.c) and param tables (param.c), its rules (load.c), and of one rule what its operator
 * takes (load_keys.c), its rows (load_rows.c) and what it emits (load_emit.c). */
void rs_load_kinds(rs_loader *loader, const rs_yaml *root);
void rs_load_contracts(rs_loader *loader, const rs_yaml *root);
void rs_load_params(rs_loader *loader, const rs_yaml *root);
void rs_load_rules(rs_loader *loader, const rs_yaml *root);
void rs_load_operator(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping);
void rs_load_rows(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping);
/* Refuse what only rows of a relationship have. */
void rs_load_refuse_rows(rs_loader *loader, const rs_yaml *mapping);
void rs_load_emit(rs_loader *loader, rs_rule *rule, const rs_yaml *emit);

/* What a column's `type:` says; false with a problem (contract.c). */
bool rs_load_type(rs_loader *loader, const rs_yaml *word, rs_column *column);

/* --- what loaders share (load_value.c), beside rules/fields.h --- */

/* The child of a key that must be of kind; NULL, with a problem where it is required, when not. */
const rs_yaml *rs_load_child(rs_loader *loader, const rs_yaml *mapping, const char *key,
                             rs_yaml_kind kind, bool is_required);
/* A word as kinds, origins and methods are: no column, which has a dot, and no literal. */
bool rs_yaml_is_bare_word(const rs_yaml *scalar);
/* Refuse keys that a part has not (pack_keys.h); those of operators are a rule's too. */
void rs_load_known_keys(rs_loader *loader, const rs_yaml *mapping, rs_pack_part part);
/* A whole number as far as the key of the part lets it go; *out stays as it is with a problem. */
void rs_load_whole(rs_loader *loader, const rs_yaml *scalar, rs_pack_part part, const char *name,
                   int64_t *out);
/* An expression; NULL with a problem when there is none. */
rs_expr *rs_load_expr(rs_loader *loader, const rs_yaml *scalar);
/* confidence: the name of a policy, or {policy, source}. */
void rs_load_confidence(rs_loader *loader, rs_rule *rule, const rs_yaml *value);
/* An expression, or a bare word that stands for itself. */
rs_expr *rs_load_value(rs_loader *loader, const rs_yaml *value, bool may_be_word);
/* Expressions of a list of 1 to n_most; returns how many, 0 with a problem. */
size_t rs_load_exprs(rs_loader *loader, const rs_yaml *list, const char *what, rs_expr **exprs,
                     size_t n_most);

/* --- checking and planning --- */

/* The kinds of all packs: their numbers, their ends (load_kinds.c). */
void rs_settle_kinds(rs_rules *rules);

/* Names that param tables would share with datasets (param.c). */
void rs_check_params(rs_rules *rules);

/* Resolve, type and prove one rule (check.c). */
void rs_check_rule(rs_rules *rules, rs_rule *rule);
/* A value against the column that it fills (check_value.c). */
bool rs_check_column(rs_rules *rules, const rs_column *column, const rs_expr *expr);
void rs_check_property(rs_rules *rules, const rs_property *property, const rs_expr *expr);
/* What ids refer to (referents.c): the ends of an edge, and a column of a relationship. */
void rs_check_ends(rs_rules *rules, const rs_rule *rule);
void rs_check_referent(rs_rules *rules, const rs_column *column, const rs_expr *expr);
/* What the rules say of each other: required properties of the kinds that they emit (kinds.c). */
/* Every weight of a policy that a rule names is of a source that a rule gives (weights.c). */
void rs_check_weights(rs_rules *rules);
void rs_check_kinds(rs_rules *rules);
/* The order that rules run in, their waves (order.c). */
void rs_order_rules(rs_rules *rules);
/* Once they are planned: rules of the graph whose rows may have the same keys run over the same. */
void rs_join_waves(rs_rules *rules);
/* Into selects and steps (plan.c). */
bool rs_plan_rule(rs_rules *rules, rs_rule *rule);
/* Its signature (signature.c); known grows by the datasets that it reads and writes. */
rs_status rs_sign_rule(rs_rule *rule, rs_dataset_hashes_vec *known, rs_error *err) RS_MUST_USE;

/* An edge takes the column from the relationship that it is made of. */
bool rs_inherits(const char *column);
#endif
