/* SPDX-License-Identifier: Apache-2.0 */
/* answer_impl.h - one file asked once more: what its names, calls and classes are, as rows. */
#ifndef RS_EVIDENCE_NAMES_ANSWER_IMPL_H
#define RS_EVIDENCE_NAMES_ANSWER_IMPL_H

#include "evidence/names/link_impl.h"
#include "schema/rows.h"

/* What a name may stand for, or a binding on the way. */
typedef struct names_answer {
    int64_t id;   /* of a node; -1: outside */
    rs_text text; /* of one outside */
    uint64_t key; /* variable, attribute or module: equal for all its bindings */
    uint8_t how;  /* rs_w_target_how */
    uint8_t rank;
    bool is_final;
    bool is_builtin;
} names_answer;

RS_VEC_DEFINE(names_answers, names_answer)

typedef struct names_status {
    uint8_t status; /* rs_w_reference_status */
    uint8_t reason; /* rs_w_reference_reason, RS_ENUM_NULL: none */
    uint32_t n_candidates;
} names_status;

/* What a value runs when it is called. */
typedef struct names_callee {
    uint32_t number; /* function; class where that is how; text of the part of one outside */
    uint8_t how;     /* rs_w_call_how */
} names_callee;

RS_VEC_DEFINE(names_callees, names_callee)

typedef struct names_asker {
    const rs_names_linked *x;
    uint32_t number;   /* of the file */
    uint32_t next_row; /* its number in the file */
    const names_file *file;
    rs_part *part;
    names_items items;     /* what is looked at, one after the other */
    names_answers answers; /* of the name at hand */
    names_status status;   /* of the name at hand */
    names_why import_why;  /* why an import that it was bound by finds nothing */
    names_callees callees; /* of the call at hand */
    rs_buf text;
    bool failed; /* memory is out */
} names_asker;

static inline int64_t names_id_of(const names_asker *a, uint32_t file, uint32_t node)
{
    return a->x->files[file].view.base | (int64_t)node;
}

/* The id of a row, a number of the file. */
static inline int64_t names_next_row(names_asker *a)
{
    return names_id_of(a, a->number, a->next_row++);
}

/* Is there a number left for another row? */
static inline bool names_has_room(const names_asker *a)
{
    return a->next_row < (UINT32_C(1) << RS_ID_ENTITY_BITS) - 1;
}

/* A dotted name outside: of a text of `texts`, and of a name behind it, or none. */
rs_text rs_names_outside_text(names_asker *a, rs_str text, rs_str name);

/* answer_ref.c: the answers and the status of an expression that is a name or attribute. */
void rs_names_ask_expr(names_asker *a, uint32_t expr);
void rs_names_ask_ref(names_asker *a, const names_ref *ref);

/* answer_call.c: the parameter of that name that calling the value binds, into items. */
void rs_names_add_parameter(names_asker *a, uint32_t value, uint32_t text, names_why *why);

/* answer_call.c, answer_class.c, answer_import.c: rows. */
rs_status rs_names_answer_calls(names_asker *a, rs_error *err);
rs_status rs_names_answer_classes(names_asker *a, rs_error *err);
rs_status rs_names_answer_imports(names_asker *a, rs_error *err);

#endif
