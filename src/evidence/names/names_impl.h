/* SPDX-License-Identifier: Apache-2.0 */
/* names_impl.h - the half of the names lens that sees one file: its summary.
 *
 * Behind the flow lens, whose rows it reads with those of the scope lens. None of its passes recurses:
 *   context (names_context.c) forwards: the scope that each node is evaluated in, and whether it lies
 *           in a handler, a dead branch, an annotation
 *   bind    (names_bind.c)    slots and their bindings, by variable of the scope lens
 *   reach   (names_reach.c)   which bindings may reach a name
 *   guards  (names_narrow.c)  where a test has said what a name is
 *   expr    (names_expr.c)    backwards, so that parts come before what they are parts of: an
 *           expression for each node
 *   walk    (names_walk.c)    forwards: what is bound to what, functions, classes, refs and calls
 */
#ifndef RS_EVIDENCE_NAMES_IMPL_H
#define RS_EVIDENCE_NAMES_IMPL_H

#include "base/vec.h"
#include "evidence/names/names.h"
#include "evidence/names/summary.h"
#include "evidence/scope/scope.h"
#include "evidence/syntax/syntax.h"
#include "parse/parser.h"

/* Where a node lies; the first three are those of bindings. */
enum {
    NAMES_AT_DECIDED_TRUE = 1u << 3, /* of an If: its test is decided */
    NAMES_AT_DECIDED_FALSE = 1u << 4,
    NAMES_AT_ANNOTATION = 1u << 5,
    NAMES_AT_ALL = 1u << 6, /* in what is done to __all__ */
    NAMES_AT_FLAGS = NAMES_IN_HANDLER | NAMES_IS_DEAD | NAMES_IS_TYPING
};

typedef struct names_scope {
    uint32_t node;
    uint32_t parent;       /* NAMES_NONE of the module's */
    uint32_t first_row;    /* of bindings, by place among the file's */
    uint32_t owner;        /* number of its function or class */
    uint32_t around_def;   /* innermost function or lambda whose code it is, or none */
    uint32_t around_class; /* innermost class around, whose private names are mangled, or none */
    uint8_t owner_kind;    /* names_owner */
    uint8_t type;          /* rs_w_scope_type */
    uint8_t kind;          /* rs_w_scope_kind */
} names_scope;

/* What the flow lens says of a use of a name in its own scope. */
typedef struct names_use {
    uint32_t first; /* row of reaching_defs; is_inner: of rs_flow_beside */
    uint32_t n_defs;
    bool is_known;
    bool is_inner;
    bool maybe_unbound;
} names_use;

typedef struct names_entry {
    uint32_t hash;
    uint32_t number; /* + 1; 0: empty */
} names_entry;

/* Open addressing; what the numbers are of is its user's. */
typedef struct names_table {
    names_entry *entries;
    uint32_t n_entries; /* in use: a power of two */
    uint32_t n_capacity;
    uint32_t n_items;
} names_table;

/* self.x of a class, while it is counted. */
typedef struct names_own {
    uint32_t class_number;
    uint32_t name; /* text */
    uint32_t next; /* of the class */
    uint32_t n_bindings;
    uint32_t slot;
} names_own;

/* A place where it is stored. */
typedef struct names_own_site {
    uint32_t own; /* number of the names_own */
    uint32_t node;
    uint8_t kind; /* names_binding_kind */
    uint8_t flags;
} names_own_site;

/* Nodes first .. end run only where the subject is an instance of the class, or is it. */
typedef struct names_guard {
    uint32_t first;
    uint32_t end;
    uint32_t subject;    /* node of a name or chain */
    uint32_t class_node; /* node of a name, chain or tuple */
    uint32_t outer;      /* the next guard around, or none */
    bool is_class;       /* the subject is the class, or derives from it */
} names_guard;

RS_VEC_DEFINE(names_guards, names_guard)
RS_VEC_DEFINE(names_numbers, uint32_t)
RS_VEC_DEFINE(names_bytes, uint8_t)
RS_VEC_DEFINE(names_scopes, names_scope)
RS_VEC_DEFINE(names_uses, names_use)
RS_VEC_DEFINE(names_owns, names_own)
RS_VEC_DEFINE(names_own_sites, names_own_site)
RS_VEC_DEFINE(names_slots, names_slot)
RS_VEC_DEFINE(names_bindings, names_binding)
RS_VEC_DEFINE(names_exprs, names_expr)
RS_VEC_DEFINE(names_functions, names_function)
RS_VEC_DEFINE(names_classes, names_class)
RS_VEC_DEFINE(names_imports, names_import)
RS_VEC_DEFINE(names_stores, names_store)
RS_VEC_DEFINE(names_all_ops, names_all_op)
RS_VEC_DEFINE(names_refs, names_ref)
RS_VEC_DEFINE(names_keys, uint64_t)

/* What a function returns or yields, in order of the source. */
typedef struct names_return {
    uint32_t function;
    uint32_t expr;
    bool is_yield;
} names_return;

RS_VEC_DEFINE(names_returns, names_return)

/* Kept from file to file; all-zero is one without memory yet. */
typedef struct rs_names_lens {
    /* By node: */
    names_numbers at;      /* scope that it is evaluated in */
    names_numbers opened;  /* scope that it opens, or none */
    names_numbers row;     /* of name_bindings, or none */
    names_numbers binding; /* that it is, or none */
    names_numbers expr;    /* or none */
    names_numbers value;   /* of a target: what it gets, or none */
    names_uses uses;
    names_bytes lies; /* NAMES_IN_HANDLER ... */
    /* By row of bindings of the file: */
    names_numbers row_slot; /* or none */
    names_numbers row_text; /* its name; none until it is asked for */
    names_numbers row_self; /* of a method's first parameter: class * 2 + is_class, or none */
    bool has_row_table;     /* row_table is that of the file */
    names_scopes scopes;    /* and one more */
    uint32_t first_scope;   /* numbers of the file's first entities of these */
    uint32_t first_row;
    names_numbers stars; /* alias nodes of star imports */
    names_owns owns;
    names_own_sites own_sites;
    names_numbers class_owns; /* by class: the last of its owns, or none */
    names_numbers event_node; /* by entity of the flow lens */
    uint32_t first_event;
    names_numbers ends; /* by row of bindings: its first in rs_flow_beside, or none */
    uint64_t n_facts;
    bool is_stub;
    /* Of the summary: */
    uint32_t flags;
    rs_buf text_bytes;
    names_numbers texts;
    names_numbers lists;
    names_slots slots;
    names_bindings bindings;
    names_exprs exprs;
    names_functions functions;
    names_classes classes;
    names_imports imports;
    names_stores stores;
    names_all_ops all_ops;
    rs_buf refs;
    rs_buf calls;
    names_returns returns;
    uint32_t n_refs;
    uint32_t n_calls;
    uint32_t last_ref_node; /* of the one before, and so on */
    uint32_t last_ref_byte;
    uint32_t last_ref_expr;
    uint32_t last_call_node;
    uint32_t last_call_expr;
    size_t import_row; /* of the next alias */
    names_table text_table;
    names_table list_table;
    names_table expr_table;
    names_table own_table; /* of owns */
    names_table row_table; /* of rows of bindings, by scope and name */
    /* Scratch: */
    names_numbers items; /* of the list that is made */
    names_guards guards; /* by first */
    names_keys keys;     /* of the candidates that are gathered: node << 32 | binding */
    rs_buf mangled;
    rs_buf content; /* of a string annotation */
    rs_buf name;    /* one in it */
    names_numbers content_exprs;
    names_refs string_refs; /* those of annotations that the walk has not met yet */
    rs_parser *parser;      /* of string annotations; NULL until the first */
} rs_names_lens;

static inline rs_names_lens *names_lens(const rs_file_at_hand *x)
{
    return x->worker;
}

static inline const rs_node *node_at(const rs_file_at_hand *x, uint32_t n)
{
    return &x->tree.nodes[n];
}

/* The node behind the subtree of n. */
static inline uint32_t behind(const rs_file_at_hand *x, uint32_t n)
{
    return n + x->tree.nodes[n].n_subtree;
}

/* The first child of n in a field, or NAMES_NONE. */
static inline uint32_t child_in(const rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == field) {
            return child;
        }
    }
    return NAMES_NONE;
}

/* The identifier that node n carries, as its row has it. */
static inline rs_str names_of_node(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t name = rs_syntax_nodes_columns_of(x->part).name[node_row_of(x, n)];
    return name == RS_STR_NULL ? RS_STR_LITERAL("") : x->part->strings.items[name];
}

static inline bool names_is(const rs_file_at_hand *x, uint32_t n, const char *name)
{
    return rs_str_equal(names_of_node(x, n), rs_str_of(name));
}

/* names_table.c. Numbers of equal things are equal; NAMES_NONE only when memory is out. */
bool rs_names_table_reset(names_table *table);
/* The next number with a hash, from *at on (the hash itself at first), or NAMES_NONE at an empty place. */
uint32_t rs_names_table_next(const names_table *table, uint32_t hash, uint32_t *at);
bool rs_names_table_add(names_table *table, uint32_t hash, uint32_t at, uint32_t number);
uint32_t rs_names_text(rs_file_at_hand *x, rs_str text);
/* An identifier of the text as rows have it; borrowed until the next call. */
rs_str rs_names_raw(rs_file_at_hand *x, uint32_t start, uint32_t end);
/* Of lens->items from `first` on, which are taken away. */
uint32_t rs_names_list(rs_file_at_hand *x, size_t first);
void rs_names_item(rs_file_at_hand *x, uint32_t item);
uint32_t rs_names_expr(rs_file_at_hand *x, names_op op, uint32_t flags, uint32_t a, uint32_t b);
/* The name as the code at scope s has it: private names of a class are mangled. */
uint32_t rs_names_mangled_text(rs_file_at_hand *x, uint32_t s, rs_str name);

/* names_context.c */
void rs_names_scopes(rs_file_at_hand *x);
void rs_names_context(rs_file_at_hand *x);
/* 1, 0, or -1 where version, platform and TYPE_CHECKING do not decide the test at node n. */
int rs_names_static_truth(const rs_file_at_hand *x, uint32_t n);
/* A test that is decided asks for TYPE_CHECKING. */
bool rs_names_asks_typing(const rs_file_at_hand *x, uint32_t n);

/* names_bind.c */
void rs_names_bind(rs_file_at_hand *x);
/* row_self of the variable of a row of name_bindings, or NAMES_NONE. */
uint32_t rs_names_self(const rs_file_at_hand *x, size_t row);

/* The place among the file's rows of bindings that an id of one has. */
static inline uint32_t names_row_of(const rs_file_at_hand *x, int64_t id)
{
    return (uint32_t)(id - x->base) - names_lens(x)->first_row;
}

/* names_reach.c */
void rs_names_reach(rs_file_at_hand *x);
/* The NAMES_NAME expression of a row of name_bindings whose node is a name that is read. */
uint32_t rs_names_read(rs_file_at_hand *x, size_t row);
/* That of a name that is looked up when all of the file has run, from scope s on. */
uint32_t rs_names_read_late(rs_file_at_hand *x, uint32_t s, rs_str name);

/* names_narrow.c */
void rs_names_guards(rs_file_at_hand *x);
/* The last guard that begins at node n or before it, or NAMES_NONE. */
uint32_t rs_names_last_guard(const names_guards *guards, uint32_t n);
/* The expression of node n, a part of another one: what a test around says of it, or its own. */
uint32_t rs_names_narrowed(rs_file_at_hand *x, uint32_t n);

/* names_expr.c */
void rs_names_exprs(rs_file_at_hand *x);
/* The place in an unpacked value. */
uint32_t rs_names_element(rs_file_at_hand *x, uint32_t value, uint32_t place);

uint32_t rs_names_union(rs_file_at_hand *x, uint32_t flags, uint32_t a, uint32_t b);

/* names_string.c */
/* What the string at node n says, where it stands for a type; NAMES_NONE where that is not read. */
uint32_t rs_names_string_annotation(rs_file_at_hand *x, uint32_t n);
/* The refs in the string at node n. */
void rs_names_string_refs(rs_file_at_hand *x, uint32_t n);

/* names_walk.c */
void rs_names_walk(rs_file_at_hand *x);
/* The expression of node n, or NAMES_UNKNOWN's. */
static inline uint32_t names_expr_of(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t expr = n == NAMES_NONE ? NAMES_NONE : names_lens(x)->expr.items[n];
    return expr == NAMES_NONE ? 0 : expr;
}

/* names_refs.c: refs, calls and imports, as they are met */
void rs_names_ref(rs_file_at_hand *x, uint32_t n, names_ref ref);
void rs_names_ref_node(rs_file_at_hand *x, uint32_t n);
void rs_names_call(rs_file_at_hand *x, uint32_t n);
void rs_names_alias(rs_file_at_hand *x, uint32_t n);
void rs_names_import_from(rs_file_at_hand *x, uint32_t n);

#endif
