/* SPDX-License-Identifier: Apache-2.0 */
/* scope_impl.h - the scope lens: which name of a file means which variable.
 *
 * Three passes, none of them recursive:
 *   scan     (scope_scan.c)    the nodes in pre-order: scopes are opened, each name becomes a
 *                              symbol of the scope that it is evaluated in
 *   resolve  (scope_resolve.c) the scopes from the outside in: local, cell, free or global
 *   rows     (scope_rows.c)    scopes, bindings, resolutions, names
 *
 * The model is CPython 3.11's symtable, and 3.12's for type parameters (docs/scopes.md).
 */
#ifndef RS_EVIDENCE_SCOPE_IMPL_H
#define RS_EVIDENCE_SCOPE_IMPL_H

#include "base/vec.h"
#include "evidence/scope/scope.h"
#include "evidence/syntax/syntax.h"

/* No scope, no symbol, no name. */
#define RS_SCOPE_NONE UINT32_MAX
/* In `visible`: what stands beside it is the number of a class, not of a symbol. */
#define RS_SCOPE_OF_CLASS (UINT32_C(1) << 31)

/* Bytes of the text. */
typedef struct text_span {
    uint32_t start_byte;
    uint32_t end_byte;
} text_span;

/* What is known of a name in a scope: symtable's flags, and ours from RS_SYM_WALRUS_EARLY on. */
enum {
    RS_SYM_GLOBAL = 1u << 0,
    RS_SYM_LOCAL = 1u << 1,
    RS_SYM_PARAM = 1u << 2,
    RS_SYM_NONLOCAL = 1u << 3,
    RS_SYM_USE = 1u << 4,
    RS_SYM_IMPORT = 1u << 5,
    RS_SYM_ANNOTATED = 1u << 6,
    RS_SYM_ITERATED = 1u << 7, /* a comprehension's variable */
    RS_SYM_TYPE_PARAM = 1u << 8,
    RS_SYM_WALRUS_EARLY = 1u << 9, /* target of := in a clause of a comprehension */
    RS_SYM_BOUND_BELOW = 1u << 10, /* of a module: a scope that declares it global binds it */
    RS_SYM_NAMESPACE = 1u << 11,
    RS_SYM_BOUND = RS_SYM_LOCAL | RS_SYM_PARAM | RS_SYM_IMPORT | RS_SYM_TYPE_PARAM
};

typedef struct scope_symbol {
    uint32_t name; /* number of the string, mangled */
    uint32_t scope;
    uint32_t next;       /* in its scope */
    uint32_t site;       /* node of its first occurrence */
    uint32_t declared;   /* node of the first nonlocal statement's name, or RS_SCOPE_NONE */
    uint32_t slot;       /* symbol that holds the value */
    uint32_t slot_scope; /* scope that holds it */
    uint16_t flags;
    uint8_t scope_class; /* rs_w_scope_class */
    uint8_t resolution;  /* rs_w_resolution */
} scope_symbol;

typedef struct scope {
    uint32_t node;
    uint32_t parent; /* the module's is itself */
    uint32_t outer;  /* where decorators and defaults are evaluated */
    uint32_t header; /* where annotations and bases are: outer, or the scope of type parameters */
    uint32_t private_name; /* string of the class whose private names are mangled here */
    uint32_t name;         /* string: symtable's name of the scope */
    uint32_t first_symbol;
    uint32_t last_symbol;
    uint32_t first_child;
    uint32_t last_child;
    uint32_t next_sibling;
    uint32_t qualname;  /* string, set with the rows */
    uint32_t container; /* node of the module or definition it belongs to, set with the rows */
    uint8_t type;       /* rs_w_scope_type */
    uint8_t kind;       /* rs_w_scope_kind */
    uint32_t
        type_params; /* scope: of the names here only its type parameters are mangled; or none */
    uint8_t is_nested;
    uint8_t sees_class; /* its expression sees the names of a class right around */
    uint8_t is_async;   /* a comprehension that waits */
    uint8_t has_yield;
    uint8_t in_annotation; /* a comprehension right in one */
    uint8_t was_unseen;    /* one in text that became no code before 3.14 either */
} scope;

/* A finding of the compiler's kind; raw bytes are found when it becomes a row. */
typedef struct scope_fault {
    uint32_t start_byte; /* of the text */
    uint32_t end_byte;
    uint32_t message; /* string */
    uint8_t code;
    uint8_t since; /* minor version of Python 3 */
} scope_fault;

/* An identifier that binds or uses a variable: a row, once scopes and symbols have their ids. */
typedef struct scope_name {
    uint32_t node;
    uint32_t scope;     /* that it is evaluated in */
    uint32_t symbol;    /* there, or RS_SCOPE_NONE */
    uint32_t name;      /* string */
    text_span part;     /* of the node's text; {0} where it is all of it */
    uint8_t occurrence; /* rs_w_occurrence */
} scope_name;

/* What a name meant before a scope hid it; in the scan a walrus (`was`) that is to be looked at again. */
typedef struct scope_undo {
    uint32_t name;
    uint32_t was;
    uint32_t scope;
} scope_undo;

RS_VEC_DEFINE(scope_list, scope)
RS_VEC_DEFINE(scope_symbols, scope_symbol)
RS_VEC_DEFINE(scope_faults, scope_fault)
RS_VEC_DEFINE(scope_names, scope_name)
RS_VEC_DEFINE(scope_undos, scope_undo)
RS_VEC_DEFINE(scope_numbers, uint32_t)

/* Numbers of strings that have a meaning. */
typedef struct scope_words {
    uint32_t super;
    uint32_t class_cell;               /* __class__ */
    uint32_t class_dict;               /* __classdict__ */
    uint32_t first_iterable;           /* .0 */
    uint32_t debug;                    /* __debug__ */
    uint32_t kinds[RS_N_W_scope_kind]; /* symtable's names of scopes without a name of their own */
} scope_words;

/* What names are stamped for. */
enum { SCOPE_STAMP_CAPTURE, SCOPE_STAMP_LIST, SCOPE_N_STAMPS };

/* Kept from file to file; all-zero is one without memory yet. */
typedef struct rs_scope_lens {
    scope_list scopes;
    scope_symbols symbols;
    scope_faults faults;
    scope_names names;
    scope_undos undos;
    scope_numbers inner;   /* by node: the scope that its children are evaluated in */
    scope_numbers visible; /* by string: the symbol that an inner function would reach */
    uint32_t *slots;       /* open addressing over symbols: number + 1, or 0 */
    uint32_t n_slots;      /* in use: a power of two */
    uint32_t n_slots_capacity;
    scope_words words;
    scope_numbers depths;                 /* by node: blocks around it (scope_check.c) */
    scope_numbers stamps[SCOPE_N_STAMPS]; /* by string: scope_check.h */
    scope_numbers stamped;                /* strings that have one */
    uint32_t iter_end;   /* node behind the comprehension iterables that the scan is in */
    uint32_t target_end; /* node behind the comprehension target that the scan is in */
    uint32_t target_scope;
    uint32_t annotation_end; /* node behind the annotation that the scan is in */
    uint32_t annotation_scope;
    uint32_t unseen_end; /* node behind the annotation that becomes no code, which the scan is in */
    bool was_unseen;     /* nor did it before 3.14 */
    uint32_t defaults_of; /* node whose type parameters have had a default */
    bool returns_async;   /* an async def returns a value */
    bool has_future;      /* from __future__ import annotations */
    bool has_star;        /* from m import * at module level */
    bool has_code;        /* a statement was met that no __future__ import may follow */
    bool is_over;         /* options->scope.max_symbols */
} rs_scope_lens;

static inline rs_scope_lens *scope_lens(const rs_file_at_hand *x)
{
    return x->worker;
}

static inline const rs_node *node_at(const rs_file_at_hand *x, uint32_t n)
{
    return &x->tree.nodes[n];
}

/* The string of the identifier that node n carries. */
static inline uint32_t rs_scope_node_name(const rs_file_at_hand *x, uint32_t n)
{
    return rs_syntax_nodes_columns_of(x->part).name[node_row_of(x, n)];
}

static inline bool scope_is_function_like(const scope *s)
{
    return s->type != RS_W_scope_type_module && s->type != RS_W_scope_type_class;
}

static inline bool scope_is_comprehension(const scope *s)
{
    return s->kind >= RS_W_scope_kind_listcomp && s->kind <= RS_W_scope_kind_genexpr;
}

/* scope_table.c: symbols by scope and name. RS_SCOPE_NONE when there is none, or memory ran out. */
bool rs_scope_table_reset(rs_file_at_hand *x);
uint32_t rs_scope_symbol_find(const rs_scope_lens *lens, uint32_t scope, uint32_t name);
/* Adds flags, and the symbol when it is new. */
uint32_t rs_scope_symbol_add(rs_file_at_hand *x, uint32_t scope, uint32_t name, uint32_t flags,
                             uint32_t site);
/* The number of a name as the code of a scope has it; that of a type parameter of the scope. */
uint32_t rs_scope_mangle_param(rs_file_at_hand *x, uint32_t scope, uint32_t name);
uint32_t rs_scope_mangle(rs_file_at_hand *x, uint32_t scope, uint32_t name);

/* scope_check.c */
/* A finding about a span of the text: "before 'name' behind", the name (a string) if any. */
void rs_scope_fault(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t start, uint32_t end,
                    const char *before, uint32_t name, const char *behind);
/* The same about a node (RS_SCOPE_NONE: none in particular); not of one in an error region. */
void rs_scope_refuse(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t n, const char *before,
                     uint32_t name, const char *behind);
/* The same for what is refused from a minor version of Python 3 on that is not the code's own. */
void rs_scope_refuse_since(rs_file_at_hand *x, unsigned since, rs_diagnostic_code code, uint32_t n,
                           const char *before, uint32_t name, const char *behind);
/* What the compiler refuses of a node for standing where it stands. */
void rs_scope_check(rs_file_at_hand *x, uint32_t n, uint32_t at);
/* What may not stand right in an annotation, a bound or an alias, if node n of scope at does: true
 * where that is a scope of its own, in all versions that have it. */
bool rs_scope_check_annotation(rs_file_at_hand *x, uint32_t n, uint32_t at, const char *what);
/* What is known when the file was seen. */
void rs_scope_check_rest(rs_file_at_hand *x);

/* scope_builtin.c: what a name is that nothing in the file binds, in a scope of this type. */
rs_w_resolution rs_scope_unbound(rs_str name, rs_w_scope_type type, bool has_star);

/* scope_scan.c, scope_resolve.c */
void rs_scope_scan(rs_file_at_hand *x);
void rs_scope_resolve(rs_file_at_hand *x);

#endif
