/* SPDX-License-Identifier: Apache-2.0 */
/* link_impl.h - all files together: objects, what variables hold of them, what calls run.
 *
 * Variables of the files stand one behind the other: that of a file is its first, and its number there.
 * Others are made as they are asked for: what a field of an object holds, what a name outside is.
 * Whatever an operation needs is a use of its operand (solve.h); link_deliver.c says what each does.
 *
 * It stands on what names have linked (names/link_impl.h): imports, classes and their orders, stubs.
 *
 * Threads: one while it is made; read-only afterwards.
 */
#ifndef RS_EVIDENCE_VALUES_LINK_IMPL_H
#define RS_EVIDENCE_VALUES_LINK_IMPL_H

#include "evidence/names/link_impl.h"
#include "evidence/values/solve.h"
#include "evidence/values/summary.h"

/* --- objects --- */

typedef enum values_object_kind {
    VALUES_O_FUNCTION,     /* a: function */
    VALUES_O_CLASS,        /* a: class */
    VALUES_O_INSTANCE,     /* a: class; all of its instances */
    VALUES_O_MODULE,       /* a: module */
    VALUES_O_BOUND,        /* a: object that is called, b: object that it is bound to */
    VALUES_O_CONTAINER,    /* a: variable of what makes it, b: values_container */
    VALUES_O_GENERATOR,    /* a: function */
    VALUES_O_COROUTINE,    /* a: function */
    VALUES_O_STRING,       /* a: text */
    VALUES_O_NUMBER,       /* a: its value */
    VALUES_O_SUPER,        /* a: class behind which the search starts, b: object */
    VALUES_O_PARTIAL,      /* a: call whose arguments it has */
    VALUES_O_PROPERTY,     /* a: variable of what makes it */
    VALUES_O_ACCESSOR,     /* a: property, b: values_accessor: x.setter */
    VALUES_O_STATIC,       /* a: object */
    VALUES_O_CLASS_METHOD, /* a: object */
    VALUES_O_CALLER,       /* a: object, which it calls when it is called */
    VALUES_O_IDENTITY,     /* gives back its argument; a: as a CALLER of it */
    VALUES_O_EXTERNAL,     /* a: text: a dotted name outside */
    VALUES_O_MANY,         /* a: values_container + 1 of containers, b: function that makes them */
    VALUES_N_OBJECTS
} values_object_kind;

typedef enum values_accessor { VALUES_GETTER, VALUES_SETTER, VALUES_DELETER } values_accessor;

typedef struct values_object {
    uint32_t a;
    uint32_t b;
    uint32_t first_key; /* of the keyed fields that it has */
    uint32_t n_keys;
    uint32_t first_copy; /* objects that have all that it has */
    uint8_t kind;
} values_object;

RS_VEC_DEFINE(values_objects, values_object)

/* A link of a list of numbers. */
typedef struct values_link {
    uint32_t number;
    uint32_t next;
} values_link;

RS_VEC_DEFINE(values_links, values_link)

/* What fields have as their name: a text, an object that is a key, or one of these. */
#define VALUES_KEY_BIT UINT32_C(0x80000000)
#define VALUES_F_UNKNOWN (UINT32_MAX - 8) /* what may stand at any key */
#define VALUES_F_ALL (UINT32_MAX - 9)     /* what stands at all keys together */
#define VALUES_F_KEYS (UINT32_MAX - 10)   /* the keys */
#define VALUES_F_GET (UINT32_MAX - 16)    /* and two more, of a property */

/* --- calls --- */

typedef struct values_site {
    uint32_t file;
    uint32_t node;
    uint8_t kind;       /* rs_w_value_site */
    uint8_t n_left_out; /* of what its callee may be, at most 255 */
} values_site;

RS_VEC_DEFINE(values_sites, values_site)

typedef struct values_argument {
    uint32_t var; /* or none */
    uint32_t pass;
} values_argument;

RS_VEC_DEFINE(values_arguments, values_argument)

/* A call, of the source or of an operation. */
typedef struct values_call {
    uint32_t first_argument;
    uint32_t n_arguments;
    uint32_t result; /* variable, or none */
    uint32_t site;
    uint32_t cell;   /* of names: what the call gives, as they see it; or none */
    uint32_t callee; /* variable, or none */
    uint32_t quiet;  /* the same call without a result, or none yet */
} values_call;

RS_VEC_DEFINE(values_calls, values_call)

/* --- uses --- */

typedef enum values_use {
    VALUES_U_COPY = SOLVE_COPY,
    VALUES_U_LOAD,       /* to; a: text, b: site */
    VALUES_U_STORE,      /* a: text, b: variable or none, c: site */
    VALUES_U_CALL,       /* a: call */
    VALUES_U_METHOD,     /* a: call, b: text */
    VALUES_U_BIND,       /* to; a: object that has the member, b: site, c: a class as an instance */
    VALUES_U_BIND_CALL,  /* a: object that has the member, b: call */
    VALUES_U_BIND_STORE, /* a: object, b: variable, c: site */
    VALUES_U_SELF_CALL,  /* a: object: what comes is called with it first, b: call */
    VALUES_U_SPECIAL,  /* a: call, b: three values_special, 8 bits each: the first that there is */
    VALUES_U_LEFT,     /* of an operator: a: operation */
    VALUES_U_RIGHT,    /* its reflected method; a: operation */
    VALUES_U_OUTCOME,  /* to; a: operation: what its left method gave */
    VALUES_U_ITERATE,  /* to; a: site */
    VALUES_U_NEXT,     /* to; a: site: next() of it */
    VALUES_U_UNPACK,   /* to; a: site, b: place */
    VALUES_U_ITEM,     /* to; a: variable of the key or none, b: site */
    VALUES_U_SET_ITEM, /* a: variable of the key or none, b: variable, c: site */
    VALUES_U_KEY_OF,   /* to; a: container: what comes is the key */
    VALUES_U_SET_KEY_OF, /* a: container, b: variable */
    VALUES_U_SPREAD,     /* a: object that gets all that what comes has */
    VALUES_U_ENTER,      /* to; a: site */
    VALUES_U_AWAIT,      /* to; a: site */
    VALUES_U_CAUGHT,     /* to */
    VALUES_U_RAISED,     /* a: call */
    VALUES_U_TRUTH,      /* a: call */
    VALUES_U_FORMAT,     /* a: call */
    VALUES_U_SUPER,      /* to; a: class */
    VALUES_U_SUPER_OF,   /* to; a: variable of the object: what comes is the class */
    VALUES_U_WRAP,       /* to; a: values_object_kind */
    VALUES_U_CLASS_OF,   /* to */
    VALUES_U_INSTANCE,   /* to */
    VALUES_U_DECORATED,  /* to; a: class that was decorated */
    VALUES_U_MADE,       /* a: class, b: call: what its __new__ gave */
    VALUES_U_FILTER,     /* to; a: variable of the class, b: that it is one itself */
    VALUES_U_FILTER_OF,  /* to; a: object, b: likewise: what comes is the class */
    VALUES_U_STAR,       /* a: call, b: function, c: first parameter: what comes is *args */
    VALUES_U_ITERATOR,   /* to; a: site: iter() of it */
    VALUES_U_NAMED_OF,   /* to or none; a: variable of the name, b: variable or none, c: site */
    VALUES_U_NAMED, /* to or none; a: object, b: variable or none, c: site: what comes is the name */
    VALUES_N_USES
} values_use;

/* --- special methods --- */

/* link_operate.c has their names. */
typedef enum values_special {
    VALUES_S_CALL,
    VALUES_S_INIT,
    VALUES_S_NEW,
    VALUES_S_ITER,
    VALUES_S_NEXT,
    VALUES_S_AITER,
    VALUES_S_ANEXT,
    VALUES_S_ENTER,
    VALUES_S_EXIT,
    VALUES_S_AENTER,
    VALUES_S_AEXIT,
    VALUES_S_GET,
    VALUES_S_SET,
    VALUES_S_GETATTR,
    VALUES_S_GETATTRIBUTE,
    VALUES_S_SETATTR,
    VALUES_S_GETITEM,
    VALUES_S_SETITEM,
    VALUES_S_DELITEM,
    VALUES_S_CLASS_GETITEM,
    VALUES_S_CONTAINS,
    VALUES_S_BOOL,
    VALUES_S_LEN,
    VALUES_S_STR,
    VALUES_S_REPR,
    VALUES_S_FORMAT,
    VALUES_S_HASH,
    VALUES_S_AWAIT,
    VALUES_S_INIT_SUBCLASS,
    VALUES_S_SET_NAME,
    VALUES_S_POST_INIT,
    VALUES_S_MISSING,
    VALUES_S_INT,
    VALUES_S_FLOAT,
    VALUES_S_INDEX,
    VALUES_S_ABS,
    VALUES_S_REVERSED,
    VALUES_S_LT,
    VALUES_S_GT,
    VALUES_S_ITERATES, /* no name: what iterating takes */
    VALUES_N_SPECIAL
} values_special;

/* An operator on two operands. */
typedef struct values_operation {
    uint32_t left; /* variable or none */
    uint32_t right;
    uint32_t to;
    uint32_t site;
    uint32_t in_place; /* text of the method, or none */
    uint32_t method;
    uint32_t reflected; /* or none */
    uint32_t instead;   /* where the repository gives an object none: __eq__ for __ne__; or none */
    uint32_t left_call; /* calls, none until they are needed */
    uint32_t right_call;
    bool is_reflected; /* the right one's method is asked for */
    bool is_division;  /* of whole numbers, too, it gives no whole one */
    uint8_t asked;     /* 1 << number type of a left one: the right one is asked for its own */
} values_operation;

RS_VEC_DEFINE(values_operations, values_operation)

/* Types of numbers: an operation on two gives the later one. */
enum { VALUES_INT, VALUES_FLOAT, VALUES_COMPLEX, VALUES_N_NUMBERS };

/* --- files --- */

typedef struct values_file {
    values_view view;
    uint32_t first_var;
    uint32_t first_text;
} values_file;

/* Something that is done where a variable holds nothing when all is settled. */
typedef struct values_late {
    uint32_t var;
    solve_use use; /* b: the variable that it is a use of */
} values_late;

RS_VEC_DEFINE(values_lates, values_late)

/* Site and what it runs: site << 32 | object. */
RS_VEC_DEFINE(values_notes, uint64_t)

/* What is left of them: each once, by file, node, kind and what runs. */
typedef struct values_answer {
    uint32_t file;
    uint32_t node;
    uint32_t number; /* function or class; outside: text of `texts` */
    uint8_t kind;    /* rs_w_value_site */
    uint8_t target;  /* values_target */
    uint8_t n_left_out;
} values_answer;

typedef enum values_target { VALUES_T_FUNCTION, VALUES_T_CLASS, VALUES_T_OUTSIDE } values_target;

RS_VEC_DEFINE(values_answers, values_answer)

/* A type of what stands at a place. */
typedef struct values_type {
    uint32_t file;
    uint32_t node;
    uint32_t order;  /* as they were found: by path and position */
    uint32_t path;   /* text of `texts`, or none */
    uint32_t number; /* class, or values_object_kind */
    uint8_t place;   /* rs_w_type_place */
    bool is_class;
    uint8_t position;
    uint8_t n_candidates;
    uint8_t n_left_out;
} values_type;

RS_VEC_DEFINE(values_types, values_type)

typedef struct rs_values_linked {
    const rs_names_linked *names;
    solver solver;
    values_file *files;
    uint32_t n_files;
    uint32_t *text_of; /* by a file's text */
    rs_strings texts;  /* those that names do not have; numbers behind theirs */
    values_objects objects;
    names_map object_numbers[VALUES_N_OBJECTS];
    names_map fields;     /* (object, field): variable */
    names_map outside;    /* (binding, 0): variable */
    names_map members;    /* (class, text): variable, or VALUES_NONE - 1 for none */
    names_map made_calls; /* (variable, what for): call */
    names_map runs;       /* (call, function and whether it has a self): it was run */
    names_map site_kinds; /* (site, kind): site */
    names_map spreads;    /* (object, object): all of the one is in the other */
    names_map joined;     /* (call, partial): call */
    values_links links;
    values_sites sites;
    values_arguments arguments;
    values_calls calls;
    values_operations operations;
    values_lates lates;
    values_notes notes;
    values_answers answers;
    values_types types;
    uint32_t call_text;       /* __call__ */
    uint32_t *defaults;       /* by binding of own files: variable, or none */
    uint32_t *file_of;        /* by function */
    uint8_t *is_called;       /* by function of own files */
    uint8_t *gives_self;      /* of each function: it returns what it is called on */
    uint32_t *first_subclass; /* by class: in links */
    names_map
        models; /* (function, class of the object) or (NAMES_NONE - 1, class): place + 1, or 0 */
    names_map pairs;                          /* (call, model): a number */
    names_map modeled;                        /* (number of the pair, object): done */
    names_map stored;                         /* (text, 0): attributes that are stored on objects */
    uint32_t containers[VALUES_N_CONTAINERS]; /* classes of them */
    uint32_t generator_class;
    uint32_t special[VALUES_N_SPECIAL]; /* texts */
    uint32_t str_class;
    uint32_t int_class;
    uint32_t number_classes[VALUES_N_NUMBERS];
    names_map made_by; /* (container, 0): the class outside that it is an instance of */
    unsigned n_nested; /* calls that calls lead to, at hand */
    names_items items; /* scratch */
    rs_buf text;
    bool failed; /* memory is out */
} rs_values_linked;

enum {
    VALUES_MAX_SEEDS = 50,    /* subclasses whose instances are a method's self */
    VALUES_MAX_KEYS = 256,    /* of a container */
    VALUES_MAX_DEPTH = 32,    /* imports in stubs */
    VALUES_MAX_EXTERNAL = 4,  /* parts of a name outside that has no stub */
    VALUES_MOST_OBJECTS = 200 /* whatever the policy says */
};

static inline const values_object *values_object_at(const rs_values_linked *x, uint32_t object)
{
    return &x->objects.items[object];
}

static inline bool values_is(const rs_values_linked *x, uint32_t object, values_object_kind kind)
{
    return x->objects.items[object].kind == kind;
}

static inline bool values_is_own_function(const rs_values_linked *x, uint32_t function)
{
    return !x->names->files[x->file_of[function]].is_outside;
}

static inline const names_function *values_function_of(const rs_values_linked *x, uint32_t function,
                                                       uint32_t *file)
{
    *file = x->file_of[function];
    return &x->names->files[*file].view.functions[function - x->names->files[*file].first_function];
}

/* Variables of a function of the repository: what it returns, and yields. */
static inline uint32_t values_result_var(const rs_values_linked *x, uint32_t function,
                                         bool is_yield)
{
    uint32_t file = x->file_of[function];
    return x->files[file].first_var + x->files[file].view.n_bindings +
           2 * (function - x->names->files[file].first_function) + is_yield;
}

/* --- link_object.c --- */

/* SOLVE_NONE only when memory is out. */
uint32_t rs_values_object_of(rs_values_linked *x, values_object_kind kind, uint32_t a, uint32_t b);
uint32_t rs_values_text_number(rs_values_linked *x, rs_str text);
rs_str rs_values_text_of(const rs_values_linked *x, uint32_t number);
/* The variable of an object's field, made where there is none. */
uint32_t rs_values_field(rs_values_linked *x, uint32_t object, uint32_t field);
/* That of a container at a key, an object. */
uint32_t rs_values_key_field(rs_values_linked *x, uint32_t object, uint32_t key);
/* All that `from` has, `to` has, too. */
void rs_values_spread(rs_values_linked *x, uint32_t from, uint32_t to);
/* The class whose methods it has, or none. */
uint32_t rs_values_class_of(const rs_values_linked *x, uint32_t object);
/* See solve.h. */
uint32_t rs_values_stands_for(void *owner, uint32_t object);
/* May the object be one key of a container? */
bool rs_values_is_key(const rs_values_linked *x, uint32_t object);

/* --- link_name.c --- */

uint32_t rs_values_binding_var(rs_values_linked *x, uint32_t binding);
/* What the items stand for goes into `to`. */
void rs_values_take_items(rs_values_linked *x, const names_items *items, uint32_t to);
void rs_values_resolve(rs_values_linked *x, uint32_t file, uint32_t number, uint32_t to);
void rs_values_import(rs_values_linked *x, uint32_t binding, uint32_t to);
/* What names say of a cell goes into `to`. */
void rs_values_take_cell(rs_values_linked *x, uint32_t cell, uint32_t to);
/* A field of a module or class begins with what the source says of it. */
void rs_values_fill_field(rs_values_linked *x, uint32_t object, uint32_t text, uint32_t var);

/* --- link_member.c --- */

/* The variable of what the class has or inherits by that name, or none. behind: as rs_names_member. */
uint32_t rs_values_member(rs_values_linked *x, uint32_t class, uint32_t text, uint32_t behind);
uint32_t rs_values_special_member(rs_values_linked *x, uint32_t class, values_special special);
void rs_values_load(rs_values_linked *x, const solve_use *use, uint32_t object);
void rs_values_store(rs_values_linked *x, const solve_use *use, uint32_t object);
void rs_values_bind(rs_values_linked *x, const solve_use *use, uint32_t member);
void rs_values_bind_store(rs_values_linked *x, const solve_use *use, uint32_t member);
void rs_values_method(rs_values_linked *x, const solve_use *use, uint32_t object);
/* Call a special method of the object; false: it has none. */
bool rs_values_special_call(rs_values_linked *x, uint32_t object, values_special special,
                            uint32_t call);
bool rs_values_named_call(rs_values_linked *x, uint32_t object, uint32_t text, uint32_t call);
/* Is what the class has by that name of the repository? */
bool rs_values_has_own(const rs_values_linked *x, uint32_t class, uint32_t text);

/* --- link_call.c --- */

uint32_t rs_values_site(rs_values_linked *x, uint32_t file, uint32_t node, uint32_t kind);
/* The same place as a site of another kind. */
uint32_t rs_values_site_as(rs_values_linked *x, uint32_t site, uint32_t kind);
uint32_t rs_values_new_call(rs_values_linked *x, uint32_t site, uint32_t result,
                            const uint32_t *arguments, uint32_t n_arguments);
/* The call that (key, what) has, made with these arguments where there is none. */
uint32_t rs_values_call_once(rs_values_linked *x, uint32_t key, uint32_t what, uint32_t site,
                             uint32_t result, const uint32_t *arguments, uint32_t n_arguments);
/* self: an object that is the first argument, or none. */
void rs_values_invoke(rs_values_linked *x, uint32_t callee, uint32_t self, uint32_t call);
void rs_values_star(rs_values_linked *x, const solve_use *use, uint32_t object);
/* The object that a class makes, and the calls that make it. */
void rs_values_instantiate(rs_values_linked *x, uint32_t class, uint32_t call);
void rs_values_made(rs_values_linked *x, const solve_use *use, uint32_t object);

/* --- link_operate.c --- */

void rs_values_deliver(void *owner, const solve_use *use, uint32_t object);
void rs_values_iterate(rs_values_linked *x, uint32_t from, uint32_t to, uint32_t site);
void rs_values_operator(rs_values_linked *x, uint32_t file, const values_record *record,
                        uint32_t left, uint32_t right, uint32_t to);
bool rs_values_note_special_names(rs_values_linked *x);

/* --- link_model.c: what is outside does --- */

/* function: outside; self: object or none. */
void rs_values_call_outside(rs_values_linked *x, uint32_t function, uint32_t self, uint32_t call);
/* False: an instance of it is all that comes. */
bool rs_values_make_outside(rs_values_linked *x, uint32_t class, uint32_t call);
void rs_values_call_external(rs_values_linked *x, uint32_t object, uint32_t call);

/* --- link_record.c: what records say --- */

void rs_values_take_records(rs_values_linked *x, uint32_t number);

/* --- answer.c --- */

/* Answers from what was noted. */
void rs_values_collect(rs_values_linked *x);

/* --- answer_type.c --- */

/* Types of what variables hold. */
void rs_values_collect_types(rs_values_linked *x);
rs_status rs_values_answer_types(const rs_values_linked *x, uint32_t file, rs_file_asked *asked,
                                 rs_error *err);

/* --- link_root.c: what runs without anybody to be seen who calls it --- */

bool rs_values_find_subclasses(rs_values_linked *x);
void rs_values_seed(rs_values_linked *x);
void rs_values_take_lates(rs_values_linked *x);

#endif
