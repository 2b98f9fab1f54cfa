/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - what a file says to the others about its names: one block without pointers.
 *
 * names_file.c writes it from the tree and the rows of the lenses before, link reads it. What a file
 * cannot decide alone is an expression of a small language (names_expr); equal expressions of a file
 * are one, so that each question is asked once. The block is a head and its sections, each an array
 * of one of the structs below; they refer to one another by number, NAMES_NONE for none. The values
 * lens will extend the same language by what flows through arguments.
 *
 *   texts      names, each once: where its bytes start in text_bytes (one more marks the end)
 *   lists      numbers, a count before each list; list 0 is the empty one
 *   slots      a name of a scope, or an attribute stored on instances of a class; a slot's bindings
 *              stand side by side, in order of the source
 *   bindings   what a name may stand for
 *   exprs      a node refers to nodes before it only
 *   functions, classes, imports, stores, all_ops: in order of the source
 *   refs, calls  the same, a few bytes each: read one by one (rs_names_next_ref, rs_names_next_call)
 *
 * Order of the source is that of syntax nodes; nothing depends on threads or addresses.
 */
#ifndef RS_EVIDENCE_NAMES_SUMMARY_H
#define RS_EVIDENCE_NAMES_SUMMARY_H

#include "base/hash.h"
#include "base/str.h"
#include "evidence/lens.h"

#define NAMES_NONE UINT32_MAX

/* Of the head. */
enum {
    NAMES_IS_STUB = 1u << 0,
    NAMES_IS_PACKAGE = 1u << 1,
    NAMES_HAS_GETATTR = 1u << 2, /* a module's __getattr__ */
    NAMES_TOUCHES_GLOBALS =
        1u << 3 /* globals()[...] = , sys.modules[__name__] = : names may come */
};

typedef enum names_owner {
    NAMES_OF_MODULE,
    NAMES_OF_CLASS,      /* owner: number of a class */
    NAMES_OF_FUNCTION,   /* owner: number of a function, lambdas and comprehensions included */
    NAMES_OF_INSTANCE,   /* owner: number of a class whose methods store self.name, or whose
                          __slots__ name it */
    NAMES_OF_TYPE_PARAMS /* owner: 0; of a definition's or alias's [T] */
} names_owner;

typedef struct names_slot {
    uint32_t name; /* text */
    uint32_t owner : 27;
    uint32_t owner_kind : 3; /* names_owner */
    uint32_t flags : 2;      /* NAMES_MAY_BE_FREE: it may end without a value */
    uint32_t first_binding;
    uint32_t n_bindings;
    uint32_t exit; /* list of the bindings that may hold when the scope ends, in order of the
                      source; a star import among them may hide what stands before it. Of a
                      function, and of instances: all. Dead ones only where there are no others */
} names_slot;

typedef enum names_binding_kind {
    NAMES_DEF,        /* inner: function */
    NAMES_CLASS,      /* inner: class */
    NAMES_IMPORT,     /* import a.b [as c]; inner: import */
    NAMES_FROM,       /* from m import a [as c]; inner: import */
    NAMES_STAR,       /* from m import *; inner: import; its slot has the name "*" */
    NAMES_ASSIGN,     /* any assignment, for, with, walrus, match: value says what */
    NAMES_AUGMENT,    /* x += ... */
    NAMES_ANNOTATION, /* x: T without a value */
    NAMES_EXCEPT,     /* except T as x */
    NAMES_PARAM,      /* inner: its function */
    NAMES_TYPE_PARAM,
    NAMES_SELF,      /* self.x = ..., in a method */
    NAMES_SLOTS_ITEM /* a literal in __slots__ */
} names_binding_kind;

enum {
    NAMES_IN_HANDLER = 1u << 0, /* in an except clause: ranks behind what its try binds */
    NAMES_IS_DEAD = 1u << 1,    /* in a branch that version or platform rules out */
    NAMES_IS_TYPING = 1u << 2,  /* under if TYPE_CHECKING */
    NAMES_ON_CLASS = 1u << 3,   /* of NAMES_SELF: cls.x = ..., in a class method */
    NAMES_MAY_NOT_RUN = 1u << 3 /* of NAMES_STAR: what is bound before it may last */
};

typedef struct names_binding {
    uint32_t node : RS_ID_ENTITY_BITS; /* the Name, arg, alias, def, class, Attribute, ... */
    uint32_t kind : 4;                 /* names_binding_kind */
    uint32_t flags : 4;                /* NAMES_IN_HANDLER ... */
    uint32_t slot;
    uint32_t value; /* expr, or none; a method's first parameter: NAMES_SELF_OF; of others none,
                       defaults are not here */
    uint32_t annotation; /* expr, or none; of a parameter, what its function asserts of it, too */
    uint32_t inner;
} names_binding;

typedef enum names_op {
    NAMES_UNKNOWN, /* what nobody can say; one of a file */
    NAMES_NAME,    /* a: text; b: list of the bindings that may reach this place. Empty, or
                         flags & NAMES_MAY_BE_FREE: builtins too */
    NAMES_ATTR,    /* a: expr; b: text */
    NAMES_CALL,    /* a: expr; b: list of pairs (keyword's text, NAMES_NONE for a positional one and
                         for * and **; expr). A method of what a parameter, an assigned name or a
                         call gives has none: no such call makes a class */
    NAMES_ITEM,    /* a: expr; b: expr of the index */
    NAMES_ELEMENT, /* a: expr; b: place in an unpacked tuple, from 0 */
    NAMES_ITER,    /* a: expr: what iterating gives */
    NAMES_ENTER,   /* a: expr: what a with statement binds; flags & NAMES_IS_ASYNC */
    NAMES_AWAIT,   /* a: expr */
    NAMES_RAISED,  /* a: expr of an except clause: an instance of it, or of one of a tuple */
    NAMES_UNION,   /* b: list of exprs, of which one holds: a if c else b, a or b */
    NAMES_TUPLE,   /* b: list of exprs; flags & NAMES_IS_LIST: a list, of a comprehension the one
                      item that it makes again and again. Displays of more than NAMES_MAX_ITEMS
                      are NAMES_INSTANCE, but in all_ops */
    NAMES_INSTANCE,  /* a: text, a class of builtins; b: text of a short string, of a small
                         number that is an index, or 0: literals,
                         displays, comprehensions, f-strings, comparisons */
    NAMES_ANNOTATED, /* a: expr of an annotation: what it says that there is */
    NAMES_LAMBDA,    /* a: function */
    NAMES_SUPER,     /* super() without arguments: a: class, b: function (the method) */
    NAMES_MODULE,    /* of import statements: a: text of the dotted name; b: leading dots */
    NAMES_IMPORTED,  /* a: binding of an import: what it stands for */
    NAMES_SELF_OF,   /* a: class: the first parameter of a method; flags & NAMES_IS_CLASS for cls */
    NAMES_N_OPS
} names_op;

enum {
    NAMES_MAY_BE_FREE = 1u << 0,
    NAMES_IS_ASYNC = 1u << 1,
    NAMES_IS_CLASS = 1u << 2,
    NAMES_IS_BINARY = 1u << 3, /* of a union: a | b of an annotation, as well as an expression */
    NAMES_IS_SUM = 1u << 4,    /* of a union: a + b */
    NAMES_IS_LIST = 1u << 5,
    NAMES_IS_EMPTY = 1u << 5 /* of an instance of dict: {} */
};

enum { NAMES_MAX_ITEMS = 64, NAMES_MAX_TEXT = 64 /* bytes of a string that is kept */ };

/* What an operation has no use for is 0. */
typedef struct names_expr {
    uint32_t a : 26;
    uint32_t flags : 6;
    uint32_t b : 27;
    uint32_t op : 5; /* names_op */
} names_expr;

enum { NAMES_MAX_A = (1 << 26) - 1, NAMES_MAX_B = (1 << 27) - 1 };

enum {
    NAMES_IS_GENERATOR = 1u << 0,
    NAMES_IS_COROUTINE = 1u << 1,
    NAMES_IS_LAMBDA = 1u << 2,
    NAMES_IS_COMPREHENSION = 1u << 3,
    NAMES_HAS_VARARGS = 1u << 4,
    NAMES_HAS_KWARGS = 1u << 5
};

typedef struct names_function {
    uint32_t node;
    uint32_t binding;        /* or none */
    uint32_t in_class;       /* class that it is a method of, or none */
    uint32_t outer_function; /* right around, or none */
    uint32_t params;         /* list of bindings, in order of the signature */
    uint32_t n_positional;   /* of them, positional-only ones included */
    uint32_t returns;        /* list of exprs: of a generator, what it yields */
    uint32_t annotation;     /* expr of what it returns, or none */
    uint32_t decorators;     /* list of exprs */
    uint8_t flags;
    uint8_t n_required; /* of the positional ones, without a default */
} names_function;

typedef struct names_class {
    uint32_t node;
    uint32_t binding;
    uint32_t bases;    /* list of exprs, in order; a starred one is NAMES_UNKNOWN */
    uint32_t keywords; /* list of pairs (text, expr) */
    uint32_t decorators;
    uint32_t outer_function;
    uint32_t outer_class;
    uint32_t first_slot; /* of its body; its instance slots follow */
    uint32_t n_slots;
    uint32_t n_instance_slots;
} names_class;

typedef struct names_import {
    uint32_t node; /* alias */
    uint32_t binding;
    uint32_t module; /* text as written, without dots before; empty for `from . import` */
    uint32_t name;   /* text; none for `import m`, "*" for a star */
    uint32_t level;
    uint8_t flags; /* as bindings */
    uint8_t has_asname;
    uint8_t is_local; /* not at module level */
} names_import;

/* target.name = value where target is not self: mod.x = f, C.y = g, setattr(mod, "x", f). */
typedef struct names_store {
    uint32_t node;
    uint32_t target; /* expr */
    uint32_t name;   /* text */
    uint32_t value;  /* expr, or none */
} names_store;

typedef enum names_all_kind {
    NAMES_ALL_SET,
    NAMES_ALL_ADD, /* +=, extend */
    NAMES_ALL_APPEND,
    NAMES_ALL_REMOVE
} names_all_kind;

/* What is done to __all__; value: a tuple of strings, m.__all__, a union (+) of such, ... */
typedef struct names_all_op {
    uint32_t value; /* expr */
    uint8_t kind;
    uint8_t is_anew; /* of NAMES_ALL_SET: nothing of what was done before is left */
} names_all_op;

typedef enum names_ref_kind {
    NAMES_REF_NAME,      /* a Name that is read, deleted or augmented; global and nonlocal names */
    NAMES_REF_STORE,     /* a Name that is bound; expr is the number of its binding */
    NAMES_REF_ATTRIBUTE, /* the attribute of a chain that is read */
    NAMES_REF_ATTRIBUTE_STORE,
    NAMES_REF_MODULE,        /* a part of the dotted name of an import */
    NAMES_REF_IMPORTED_NAME, /* the name in from m import name */
    NAMES_REF_KEYWORD,       /* the keyword of an argument: expr is the callee */
    NAMES_REF_STRING,        /* a name or chain in a string annotation */
    NAMES_REF_DEFINITION,    /* the name that def, class, a parameter, `as` or a pattern binds; expr
                                is the number of its binding */
    NAMES_N_REF_KINDS
} names_ref_kind;

/* A place whose meaning is asked for. In order of nodes, and of bytes where a node has several. */
typedef struct names_ref {
    uint32_t node;       /* that carries the name */
    uint32_t start_byte; /* raw, of the name's own text */
    uint32_t end_byte;
    uint32_t name; /* text, as code has it: private names are mangled */
    uint32_t expr; /* or none */
    uint8_t kind;
    uint8_t flags; /* as bindings */
} names_ref;

typedef struct names_call {
    uint32_t node;
    uint32_t
        call; /* expr of the call itself: NAMES_CALL, whose `a` is the callee; or NAMES_SUPER */
} names_call;

/* --- reading --- */

/* A summary's sections; borrowed from its bytes. */
typedef struct names_view {
    int64_t base; /* id of the file's entity 0 */
    uint32_t flags;
    const char *text_bytes;
    const uint32_t *texts;
    const uint32_t *lists;
    const names_slot *slots;
    const names_binding *bindings;
    const names_expr *exprs;
    const names_function *functions;
    const names_class *classes;
    const names_import *imports;
    const names_store *stores;
    const names_all_op *all_ops;
    const uint8_t *ref_bytes;
    const uint8_t *call_bytes;
    uint32_t n_texts;
    uint32_t n_lists; /* numbers in `lists` */
    uint32_t n_slots;
    uint32_t n_bindings;
    uint32_t n_exprs;
    uint32_t n_functions;
    uint32_t n_classes;
    uint32_t n_imports;
    uint32_t n_stores;
    uint32_t n_all_ops;
    uint32_t n_refs;
    uint32_t n_calls;
} names_view;

/* False for an empty summary: the file has no tree, or no scopes. */
bool rs_names_view(const rs_summary *summary, names_view *out);

/* Where a reader of refs or calls is; starts as {.view = view}. */
typedef struct names_walk {
    const names_view *view;
    uint32_t n_read;
    const uint8_t *at;
    uint32_t node; /* of the one before, and so on */
    uint32_t start_byte;
    uint32_t expr;
} names_walk;

/* False behind the last. */
bool rs_names_next_ref(names_walk *walk, names_ref *out);
bool rs_names_next_call(names_walk *walk, names_call *out);

static inline rs_str names_text(const names_view *view, uint32_t text)
{
    return (rs_str){view->text_bytes + view->texts[text],
                    view->texts[text + 1] - view->texts[text]};
}

/* The items of a list, their number before them. */
static inline const uint32_t *names_list(const names_view *view, uint32_t list, uint32_t *n_items)
{
    *n_items = view->lists[list];
    return view->lists + list + 1;
}

#endif
