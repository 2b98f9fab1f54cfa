/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - what a file says about the values in it: records, one an operation, in one block without
 * pointers.
 *
 * The values lens stands on what the names lens said of the same file (names/summary.h): bindings,
 * functions, classes and expressions are its numbers, and so single assignment comes for free: a name's
 * expression lists the bindings that reach it.
 *
 * What holds values is a *variable*. Those of a file are numbered: one a binding, two a function (what it
 * returns, what it yields), one a record. The variable of a record is what its operation gives; records
 * refer to variables in any order. Blocks are words in one array:
 *
 *   a call         name or VALUES_NONE, expression of names or VALUES_NONE, how many arguments, arguments
 *   items          how many, (key, variable) each; a key is a variable, or VALUES_IN_ORDER, VALUES_SPREAD
 *   others         how many, variables
 */
#ifndef RS_EVIDENCE_VALUES_SUMMARY_H
#define RS_EVIDENCE_VALUES_SUMMARY_H

#include "base/str.h"
#include "evidence/lens.h"

#define VALUES_NONE UINT32_MAX

typedef enum values_op {
    VALUES_COPY,     /* a goes into b */
    VALUES_NAME,     /* a: expression of names, a NAMES_NAME */
    VALUES_JOIN,     /* b: block of variables: any of them */
    VALUES_FUNCTION, /* a: function */
    VALUES_CLASS,    /* a: class */
    VALUES_STRING,   /* a: text */
    VALUES_NUMBER,   /* a: a small one, that may be a position */
    VALUES_OBJECT,   /* a: text: an instance of that class of builtins */
    VALUES_NEW,      /* a: values_container, b: block of items */
    VALUES_SUPER,    /* a: class, b: function: super() in it */
    VALUES_LOAD,     /* a: variable, b: text of the attribute */
    VALUES_STORE,    /* a: variable, b: block: text, variable */
    VALUES_ITEM,     /* a: variable, b: variable of the key, or none */
    VALUES_SET_ITEM, /* a: variable, b: block: key's variable or none, variable */
    VALUES_DEL_ITEM, /* a: variable, b: variable of the key */
    VALUES_ITERATE,  /* a: variable: what iterating it gives */
    VALUES_UNPACK, /* a: variable, b: place, or VALUES_NONE: the list that a starred target gets */
    VALUES_ENTER,  /* a: variable: what a with statement binds */
    VALUES_AWAIT,  /* a: variable */
    VALUES_CAUGHT, /* a: variable of what an except clause names */
    VALUES_RAISE,  /* a: variable */
    VALUES_CALL, /* a: variable of the callee, or of the object where the block has a name; b: block */
    VALUES_DECORATE, /* the same: a decorator is applied */
    VALUES_BINARY,  /* aux: rs_ast_class of the operator; a, b: variables; flags: VALUES_IN_PLACE */
    VALUES_COMPARE, /* likewise */
    VALUES_UNARY,   /* aux, a */
    VALUES_TRUTH,   /* a: variable that is tested */
    VALUES_FORMAT,  /* a: variable in an f-string */
    VALUES_FILTER, /* a: variable, b: variable of the class that it was tested for; VALUES_IS_CLASS: that it derives from it */
    VALUES_DEFAULT, /* a: binding of a parameter, b: variable */
    VALUES_NOTHING, /* a: function without a value to give back, that ends */
    VALUES_N_OPS
} values_op;

typedef enum values_container {
    VALUES_LIST,
    VALUES_TUPLE,
    VALUES_DICT,
    VALUES_SET,
    VALUES_GENERATOR, /* of an expression; that of a function is the function's */
    VALUES_N_CONTAINERS
} values_container;

enum {
    VALUES_IN_PLACE = 1u << 0, /* of an operator: += */
    VALUES_ASYNC = 1u << 1,    /* async for, async with */
    VALUES_IS_CLASS = 1u << 2
};

/* Keys of items that have no variable. */
enum { VALUES_MAX_PLACES = 32 };
#define VALUES_IN_ORDER (UINT32_MAX - 1)
#define VALUES_SPREAD (UINT32_MAX - 2)
#define VALUES_SOMEWHERE (UINT32_MAX - 3) /* behind something that was spread */

/* An argument: its variable, then what it is passed as. */
typedef enum values_pass {
    VALUES_BY_PLACE,
    VALUES_BY_NAME, /* text << VALUES_PASS_BITS */
    VALUES_BY_STAR,
    VALUES_BY_STARS
} values_pass;

enum { VALUES_PASS_BITS = 2, VALUES_CALL_HEAD = 3 /* words before the arguments */ };

typedef struct values_record {
    uint8_t op; /* values_op */
    uint8_t flags;
    uint16_t aux;
    uint32_t node; /* where it happens */
    uint32_t a;
    uint32_t b;
} values_record;

/* A summary's sections; borrowed from its bytes. */
typedef struct values_view {
    const values_record *records;
    const uint32_t *blocks;
    const uint32_t *texts; /* where each starts in text_bytes; one more marks the end */
    const char *text_bytes;
    uint32_t n_records;
    uint32_t n_blocks;
    uint32_t n_texts;
    uint32_t n_bindings; /* of names */
    uint32_t n_functions;
} values_view;

typedef struct values_head {
    uint32_t n_records;
    uint32_t n_blocks;
    uint32_t n_texts; /* and one more */
    uint32_t n_text_bytes;
    uint32_t n_bindings;
    uint32_t n_functions;
} values_head;

/* False for an empty summary. */
bool rs_values_view(const rs_summary *summary, values_view *out);

static inline uint32_t values_n_fixed(const values_view *view)
{
    return view->n_bindings + 2 * view->n_functions;
}

static inline rs_str values_text(const values_view *view, uint32_t text)
{
    return (rs_str){view->text_bytes + view->texts[text],
                    view->texts[text + 1] - view->texts[text]};
}

#endif
