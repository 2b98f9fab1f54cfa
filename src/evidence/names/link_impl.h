/* SPDX-License-Identifier: Apache-2.0 */
/* link_impl.h - what the summaries of all files say together, and what may be asked of it.
 *
 * Sections of all files stand one behind the other, so that a file's slot, class, function or binding
 * has one number of its own in all of the run: the file's first, and its number in the file. What an
 * expression, a binding, a slot, a function's result or a store may be is a *cell*: a small set of
 * values, numbered likewise.
 *
 * Cells are worked out by a fixpoint without recursion (link_eval.c): a cell that somebody asks for is
 * opened, which draws edges from the cells that it depends on; a value that comes into a cell is
 * delivered once along each of its edges. Sets only grow, and none beyond a limit, so the work is the
 * number of edges times a constant, and what comes out depends on no order but that of the files.
 *
 * Threads: one while it is made; read-only afterwards.
 */
#ifndef RS_EVIDENCE_NAMES_LINK_IMPL_H
#define RS_EVIDENCE_NAMES_LINK_IMPL_H

#include "base/hash.h"
#include "base/vec.h"
#include "evidence/names/summary.h"
#include "evidence/outside.h"
#include "modules/module_table.h"

RS_VEC_DEFINE(names_numbers, uint32_t)

/* --- numbers by pairs of numbers --- */

typedef struct names_map_entry {
    uint32_t a;
    uint32_t b;
    uint32_t value; /* NAMES_NONE: free */
} names_map_entry;

/* All-zero is an empty map. */
typedef struct names_map {
    names_map_entry *entries;
    size_t n_entries; /* a power of two, or 0 */
    size_t n_used;
} names_map;

/* The value of (a, b), or NAMES_NONE. */
uint32_t rs_names_map_get(const names_map *map, uint32_t a, uint32_t b);

/* Set it where it has none; false when memory is out. The value that it has then is in *value. */
bool rs_names_map_put(names_map *map, uint32_t a, uint32_t b, uint32_t *value);

/* Set it, where it has one. */
void rs_names_map_set(names_map *map, uint32_t a, uint32_t b, uint32_t value);
void rs_names_map_release(names_map *map);

/* --- values --- */

typedef enum names_value_kind {
    NAMES_V_MODULE,         /* a: module of the table */
    NAMES_V_CLASS,          /* a: class, b: arguments (link_generic.c), or none */
    NAMES_V_INSTANCE,       /* a: class, b: likewise */
    NAMES_V_SELF,           /* a: class: an instance of it or of a subclass, its methods' own */
    NAMES_V_SELF_CLASS,     /* a: class: it or a subclass */
    NAMES_V_FUNCTION,       /* a: function */
    NAMES_V_BOUND,          /* a: function, b: value that it is bound to */
    NAMES_V_SUPER,          /* a: class behind which the search starts, b: value of the object */
    NAMES_V_TUPLE,          /* a: cell of the expression that lists its items */
    NAMES_V_GENERATOR,      /* a: function, b: value that it is bound to, or none */
    NAMES_V_EXTERNAL,       /* a: text, a dotted name outside */
    NAMES_V_EXTERNAL_OBJECT /* a: text: an instance of the class that has this dotted name */
} names_value_kind;

typedef struct names_value {
    uint32_t a;
    uint32_t b;
    uint8_t kind;
} names_value;

RS_VEC_DEFINE(names_values, names_value)

/* --- cells --- */

typedef enum names_edge_kind {
    NAMES_E_COPY,
    NAMES_E_OPERAND,  /* the target is an operation on what comes; by: text of an attribute of it
                         that is read instead, or none */
    NAMES_E_MEMBER,   /* by: value whose attribute it is */
    NAMES_E_RESULT,   /* of a call; by: value that the function is bound to, or none */
    NAMES_E_INSTANCE, /* of the class that comes, as annotations and except clauses say */
    NAMES_E_APPLY,    /* the same, with the arguments of an annotation; by: its derived cell */
    NAMES_E_CLASS_OF, /* the class of what comes */
    NAMES_E_SUPER,    /* by: class behind which the search starts in what comes */
    NAMES_E_SUPER_OF  /* by: cell of the object; what comes is the class */
} names_edge_kind;

typedef struct names_edge {
    uint32_t to;
    uint32_t next;
    uint32_t by;
    uint8_t kind;
} names_edge;

typedef struct names_held {
    uint32_t value;
    uint32_t next;
} names_held;

enum {
    NAMES_IS_OPEN = 1u << 0,
    NAMES_IS_FULL = 1u << 1,   /* a value found no room: nothing is said of it */
    NAMES_IS_DERIVED = 1u << 2 /* of no file: `file` is the number of its derivation */
};

typedef struct names_cell {
    uint32_t first_held;
    uint32_t first_edge;
    uint32_t file;
    uint8_t n_held;
    uint8_t flags;
} names_cell;

typedef struct names_arrival {
    uint32_t cell;
    uint32_t value;
} names_arrival;

/* Cells of what no expression says, but follows from one (link_generic.c). */
typedef enum names_derived_kind {
    NAMES_D_SAYS,     /* of: cell of an annotation; by: arguments for its variables, or none */
    NAMES_D_NEXT,     /* what iterating over what the cell `of` holds gives */
    NAMES_D_ITEM,     /* what a subscript of it gives */
    NAMES_D_GIVES,    /* what calling it gives */
    NAMES_D_ENTERED,  /* what a with statement binds of it */
    NAMES_D_MADE,     /* an instance of it */
    NAMES_D_ITERATOR, /* what __iter__ of the value `of` gives */
    NAMES_N_DERIVED
} names_derived_kind;

typedef struct names_derivation {
    uint32_t of;
    uint32_t by;
    uint8_t kind;
    uint8_t depth; /* of arguments in arguments */
} names_derivation;

RS_VEC_DEFINE(names_derivations, names_derivation)
RS_VEC_DEFINE(names_edges, names_edge)
RS_VEC_DEFINE(names_helds, names_held)
RS_VEC_DEFINE(names_arrivals, names_arrival)

/* --- what a name stands for --- */

typedef enum names_item_kind {
    NAMES_I_BINDING,  /* number: binding */
    NAMES_I_SLOT,     /* number: slot; all that may hold at the end of its scope */
    NAMES_I_MODULE,   /* number: module */
    NAMES_I_STORE,    /* number: store */
    NAMES_I_EXTERNAL, /* number: value of kind EXTERNAL or EXTERNAL_OBJECT */
    NAMES_I_OBJECT    /* number: text: what lies outside, by a name that no value has */
} names_item_kind;

typedef struct names_item {
    uint32_t number;
    uint32_t depth; /* imports on the way */
    uint8_t kind;
    uint8_t how;     /* rs_w_target_how */
    uint8_t is_weak; /* what an except clause binds */
    uint32_t same;   /* slot + 1 whose attribute it declares again, 0: none */
    uint32_t
        owner; /* 1 + the class outside that has it at run time, where a stub says it of one that
                        only type checkers know; 0: the slot's own */
} names_item;

RS_VEC_DEFINE(names_items, names_item)

/* Why there are no items, or that there may be more. */
typedef struct names_why {
    uint8_t reason; /* rs_w_reference_reason, RS_ENUM_NULL: none */
    bool meets_external;
} names_why;

/* --- files --- */

typedef struct names_file {
    names_view view;
    uint32_t place; /* in the module table */
    uint32_t module;
    uint32_t first_text; /* of `texts` */
    uint32_t first_slot;
    uint32_t first_binding;
    uint32_t first_function;
    uint32_t first_class;
    uint32_t first_import;
    uint32_t first_store;
    uint32_t first_dotted; /* of dotted_imports */
    uint32_t n_dotted;
    uint32_t first_cell; /* of its expressions; those of its bindings, slots, ... follow */
    bool is_read;        /* it has a summary */
    bool is_outside;     /* a stub: what is in it has no id */
    bool has_stars;
    bool has_all;       /* __all__ says what a star brings */
    bool all_is_partly; /* more than that may be in it */
} names_file;

/* What import statement i finds: the module, or what is outside. */
typedef struct names_target {
    uint32_t module; /* the last one found, RS_NO_MODULE: none */
    uint32_t n_parts;
    uint8_t kind; /* rs_found_kind */
} names_target;

/* How calling a function works, by what decorates it. */
enum {
    NAMES_F_STATIC = 1u << 0,
    NAMES_F_CLASS = 1u << 1,
    NAMES_F_PROPERTY = 1u << 2,  /* reading the attribute calls it */
    NAMES_F_DATA = 1u << 3,      /* and no instance's own attribute hides it */
    NAMES_F_DECORATED = 1u << 4, /* by what may return something else */
    NAMES_F_OVERLOAD = 1u << 5,
    NAMES_F_ABSTRACT = 1u << 6,
    NAMES_F_FINAL = 1u << 7,
    NAMES_F_MANAGER = 1u << 8 /* a generator that makes a context manager */
};

/* A place of a method resolution order. */
typedef struct names_ancestor {
    uint32_t number; /* class, or text of one that no stub has; NAMES_NONE: nobody knows */
    bool is_external;
    bool is_virtual; /* of a base in a stub: the interpreter's class does not have it */
} names_ancestor;

RS_VEC_DEFINE(names_ancestors, names_ancestor)

typedef struct names_class_facts {
    uint64_t names; /* what it may have itself: see names_bit_of */
    uint32_t file;
    uint32_t first_base; /* in `bases` */
    uint32_t n_bases;
    uint32_t first_ancestor; /* in `ancestors`; itself is the first */
    uint32_t n_ancestors;
    uint32_t n_virtual; /* behind those: classes whose members type checkers see in it */
    uint32_t metaclass; /* class, or none */
    bool meets_unknown; /* an ancestor is outside or unknown */
    bool is_circular;
    bool is_inconsistent;
    bool is_long;
} names_class_facts;

/* Modules of the world outside that were met and are not read yet. */
typedef struct names_wants {
    names_numbers modules;
    uint8_t *is_wanted; /* by module */
    uint32_t n_missed;  /* questions that one of them would have answered */
} names_wants;

RS_VEC_DEFINE(names_blocks, rs_buf)

/* Classes of stubs that code has without naming them; NAMES_NONE: no stub has it. */
typedef struct names_builtins {
    uint32_t file;
    uint32_t object;
    uint32_t type;
    uint32_t function;
    uint32_t tuple;
    uint32_t dict;
} names_builtins;

typedef struct rs_names_linked {
    const rs_module_table *modules;
    const atomic_bool *stop;
    names_file *files;
    uint32_t n_files;
    /* the world outside (link_outside.c) */
    struct rs_outside *outside; /* while it is linked */
    names_wants *wants;         /* the same */
    uint32_t n_own_files;       /* of the repository: they come first */
    uint32_t *file_of_stub;     /* by module: its file, or none */
    names_blocks blocks;        /* summaries of stubs */
    names_builtins builtins;
    names_map known_calls;  /* (0 function or 1 class, number): place in the table of link_call.c */
    names_numbers unread;   /* files whose __all__ takes in that of a module that was not read */
    names_numbers missed;   /* operations to repeat: cell, value, text; value none: open it again */
    uint32_t n_ordered;     /* classes whose order is known */
    uint32_t n_based;       /* classes whose bases were asked for */
    uint32_t protocol_text; /* of typing.Protocol, typing.Generic, typing.NamedTuple */
    uint32_t generic_text;
    uint32_t made_text; /* of a class that namedtuple() makes */
    /* numbers that there is room for */
    struct {
        size_t files;
        size_t texts;
        size_t imports;
        size_t stores;
        size_t functions;
        size_t classes;
        size_t cells;
    } room;
    uint32_t *file_of_place; /* by place: file, or none */
    uint32_t n_places;
    rs_strings texts;
    uint32_t *text_of;            /* by a file's text: that of `texts` */
    names_map slots;              /* (scope, text): slot; scope: see names_scope_of_ */
    uint32_t *star_slots;         /* by file: its module's slot "*", or none */
    names_target *targets;        /* by import */
    names_numbers dotted_imports; /* `import a.b`, without `as`: at most NAMES_MAX_FOUND a file */
    uint8_t *is_imported;         /* by module */
    names_map all_names;          /* (file, text): named by __all__ */
    names_map all_links;          /* (file, n): file whose __all__ it takes in */
    names_map pairs;              /* of source and stub: link_pair.c */
    names_map patches;            /* (scope, text): store, the last one */
    uint32_t *patch_before;       /* by store: the one before of the same name, or none */
    uint16_t *function_flags;
    names_class_facts *classes;
    names_ancestors bases;
    names_ancestors ancestors;
    bool has_orders; /* method resolution orders of the repository's classes are known */
    /* numbers of all files */
    uint32_t n_texts;
    uint32_t n_slots;
    uint32_t n_bindings;
    uint32_t n_functions;
    uint32_t n_classes;
    uint32_t n_imports;
    uint32_t n_stores;
    uint32_t n_cells;
    /* values */
    names_values values;
    names_map value_numbers[NAMES_V_EXTERNAL_OBJECT + 1];
    names_cell *cells;
    names_edges edges;
    names_helds helds;
    names_numbers pending;   /* cells to open */
    names_arrivals arrivals; /* values to deliver, from next_arrival on */
    size_t next_arrival;
    /* generic classes and functions, while it is linked (link_generic.c) */
    rs_strings arguments; /* pairs of a variable and a cell, as bytes */
    names_derivations derivations;
    names_map derived[NAMES_N_DERIVED]; /* (of, by): cell */
    names_map variables;     /* of a name, in an annotation, of a class: what is known of them */
    names_map arguments_in;  /* (value, class): 1 + arguments, 0: none */
    names_map iterated;      /* (cell, value): done */
    names_numbers late;      /* operations to repeat once classes are known: cell, value, text */
    names_numbers fallbacks; /* what a cell is taken for that has nothing in the end: cell, cell */
    rs_buf text;
    bool failed; /* memory is out */
} rs_names_linked;

/* A class that namedtuple() makes. */
#define NAMES_MADE "collections.namedtuple()"

enum {
    NAMES_MAX_VALUES = 24,     /* of a cell */
    NAMES_MAX_ANCESTORS = 400, /* of a class */
    NAMES_MAX_STARS = 400,     /* modules that one name is looked for in */
    NAMES_MAX_FOUND = 64       /* that a name may stand for */
};

/* --- numbers --- */

static inline uint32_t names_text_number(const rs_names_linked *x, uint32_t file, uint32_t text)
{
    return x->text_of[x->files[file].first_text + text];
}

static inline rs_str names_text_of(const rs_names_linked *x, uint32_t number)
{
    return x->texts.items[number];
}

/* Scopes whose names are looked up from elsewhere. */
static inline uint32_t names_scope_of_module(uint32_t file)
{
    return file * 3;
}

static inline uint32_t names_scope_of_class(uint32_t class)
{
    return class * 3 + 1;
}

static inline uint32_t names_scope_of_instance(uint32_t class)
{
    return class * 3 + 2;
}

/* A bit for a text: where a class lacks it, the class has no member of that name. */
static inline uint64_t names_bit_of(uint32_t text)
{
    enum { TOP_BITS = 26 };
    return UINT64_C(1) << (text * UINT32_C(0x9e3779b1) >> TOP_BITS);
}

static inline uint32_t names_cell_of_expr(const rs_names_linked *x, uint32_t file, uint32_t expr)
{
    return x->files[file].first_cell + expr;
}

static inline uint32_t names_cell_of_binding(const rs_names_linked *x, uint32_t file, uint32_t n)
{
    return x->files[file].first_cell + x->files[file].view.n_exprs + n;
}

static inline uint32_t names_cell_of_slot(const rs_names_linked *x, uint32_t file, uint32_t n)
{
    return names_cell_of_binding(x, file, x->files[file].view.n_bindings) + n;
}

static inline uint32_t names_cell_of_function(const rs_names_linked *x, uint32_t file, uint32_t n)
{
    return names_cell_of_slot(x, file, x->files[file].view.n_slots) + n;
}

static inline uint32_t names_n_cells_of(const names_view *view)
{
    return view->n_exprs + view->n_bindings + view->n_slots + view->n_functions;
}

/* The file that a number of all files lies in, by the first numbers of each. */
uint32_t rs_names_file_of_slot(const rs_names_linked *x, uint32_t number);
uint32_t rs_names_file_of_binding(const rs_names_linked *x, uint32_t number);
uint32_t rs_names_file_of_function(const rs_names_linked *x, uint32_t number);
uint32_t rs_names_file_of_store(const rs_names_linked *x, uint32_t number);

static inline const names_binding *names_binding_at(const rs_names_linked *x, uint32_t binding)
{
    const names_file *file = &x->files[rs_names_file_of_binding(x, binding)];
    return &file->view.bindings[binding - file->first_binding];
}

/* --- link_open.c: views, numbers, texts, slots --- */

bool rs_names_open(rs_names_linked *x, const rs_summary *files, size_t n_files);

/* One file more, of a module outside. */
bool rs_names_open_outside(rs_names_linked *x, const rs_summary *summary, uint32_t module);

/* Room for the numbers that there are. */
bool rs_names_make_room(rs_names_linked *x);

/* --- link_import.c: what import statements find, what stars bring --- */

bool rs_names_find_imports(rs_names_linked *x);
bool rs_names_find_imports_of(rs_names_linked *x, uint32_t file);
bool rs_names_read_all(rs_names_linked *x, uint32_t file);

/* What an import statement of the file finds; level 0: an absolute one. */
rs_found rs_names_find_module(const rs_names_linked *x, const names_file *file, uint32_t level,
                              rs_str dotted);

/* The file that says what is in a module, of source and stub the nth; NAMES_NONE: no such. */
uint32_t rs_names_module_file(const rs_names_linked *x, uint32_t module, unsigned nth);

/* Does `from m import *` bring the name, where m is this file's? */
bool rs_names_star_brings(const rs_names_linked *x, uint32_t file, uint32_t text);

/* May a star of the file, or of those that it takes names from, bring what nobody sees? */
bool rs_names_stars_lead_out(const rs_names_linked *x, uint32_t file);

/* --- link_pair.c: a source and its stub --- */

bool rs_names_pair(rs_names_linked *x);

/* The source's class that a class of a stub is; any other itself. */
uint32_t rs_names_source_class(const rs_names_linked *x, uint32_t class);

/* The stub's class that a class of a source is, or none. */
uint32_t rs_names_stub_class(const rs_names_linked *x, uint32_t class);

/* The stub's function that a function of a source is, or none. */
uint32_t rs_names_stub_function(const rs_names_linked *x, uint32_t function);

/* The stub's slot for a slot of file `number`, or none. */
uint32_t rs_names_stub_slot(const rs_names_linked *x, uint32_t number, const names_slot *slot);

/* --- link_lookup.c: what a name is --- */

/* What the list of bindings may be, at a place that reads the name. */
void rs_names_of_list(const rs_names_linked *x, uint32_t file, uint32_t list, uint32_t text,
                      names_items *out);

/* An attribute of a module. skip: a binding that asks for itself, or none. */
void rs_names_of_module(const rs_names_linked *x, uint32_t module, uint32_t text, bool by_import,
                        uint32_t skip, names_items *out);

/* An attribute of a value; EXTERNAL ones have none here. */
void rs_names_of_value(const rs_names_linked *x, uint32_t number, uint32_t text, names_items *out,
                       names_why *why);

/* The member that a class has or inherits; instance: of its instances. */
bool rs_names_member(const rs_names_linked *x, uint32_t class, uint32_t text, bool of_instance,
                     uint32_t behind, names_items *out, names_why *why);

/* What an import binding stands for, one step. External ones give nothing. */
void rs_names_of_import(const rs_names_linked *x, uint32_t binding, names_items *out);

/* Does an import that the items have find what it names? What the except clause beside it binds is
 * never bound, then. */
bool rs_names_import_succeeds(const rs_names_linked *x, const names_items *items);

/* Why a module lacks a name, and why an import finds nothing. */
void rs_names_why_not_in_module(const rs_names_linked *x, uint32_t module, names_why *why);
void rs_names_why_not_imported(const rs_names_linked *x, uint32_t binding, names_why *why);

/* The dotted name that an import binding has outside, into out; false where it is inside. */
bool rs_names_external_of_import(const rs_names_linked *x, uint32_t binding, rs_buf *out);

/* --- link_eval.c: the fixpoint --- */

uint32_t rs_names_value(rs_names_linked *x, names_value_kind kind, uint32_t a, uint32_t b);
uint32_t rs_names_external(rs_names_linked *x, names_value_kind kind, rs_str text);
void rs_names_ask(rs_names_linked *x, uint32_t cell);
void rs_names_add(rs_names_linked *x, uint32_t number, uint32_t value);
void rs_names_connect(rs_names_linked *x, uint32_t from, uint32_t to, names_edge_kind kind,
                      uint32_t by);
bool rs_names_settle(rs_names_linked *x);

/* Where `to` has no value when all is settled, it has what `from` has. */
void rs_names_fall_back(rs_names_linked *x, uint32_t from, uint32_t to);
bool rs_names_take_fallbacks(rs_names_linked *x);

/* --- link_open_cell.c, link_operate.c: steps of it --- */

void rs_names_open_cell(rs_names_linked *x, uint32_t cell);
void rs_names_deliver(rs_names_linked *x, const names_edge *edge, uint32_t value);

/* The operation that the cell is, on a value; text: of an attribute that is read instead, or none. */
void rs_names_operate(rs_names_linked *x, uint32_t cell, uint32_t value, uint32_t text);

/* Let `to` have what the function returns, of overloads in a stub what each or the first one does; by: see
 * NAMES_E_RESULT. */
void rs_names_connect_result(rs_names_linked *x, uint32_t function, uint32_t to, uint32_t by,
                             bool first_only);

/* Let `to` have what calling the value's method gives. */
void rs_names_connect_method(rs_names_linked *x, uint32_t value, const char *method, uint32_t to);
void rs_names_call_value(rs_names_linked *x, uint32_t cell, uint32_t number);

/* A step from what lies outside, finite: ".name", "()" or "[]". */
uint32_t rs_names_step_outside(rs_names_linked *x, uint32_t value, const char *dot, rs_str name);

/* Let a cell have what a with statement binds of a value. */
void rs_names_enter(rs_names_linked *x, uint32_t cell, uint32_t number, bool is_async);

/* Let a cell have what iterating over a value gives. */
void rs_names_take_next(rs_names_linked *x, uint32_t cell, uint32_t value);

bool rs_names_is_none(const rs_names_linked *x, const names_value *value);

/* Is class `inner` the class `outer`, or does it derive from it? */
bool rs_names_derives(const rs_names_linked *x, uint32_t inner, uint32_t outer);
void rs_names_connect_items(rs_names_linked *x, const names_items *items, uint32_t to,
                            names_edge_kind kind, uint32_t by);

/* Let `to` have what the annotation says that there is; arguments: for its variables, or none. */
void rs_names_annotate(rs_names_linked *x, uint32_t file, uint32_t number, uint32_t arguments,
                       uint32_t to);

/* --- link_generic.c: variables of types --- */

/* The cell that follows from another, the same one each time; NAMES_NONE: memory is out. */
uint32_t rs_names_derive(rs_names_linked *x, names_derived_kind kind, uint32_t of, uint32_t by);
void rs_names_open_derived(rs_names_linked *x, uint32_t cell);
void rs_names_operate_derived(rs_names_linked *x, uint32_t cell, uint32_t value);

/* The variable that a name of an annotation is; none: another name, or another expression. */
uint32_t rs_names_variable(rs_names_linked *x, uint32_t file, uint32_t expr);

/* Does something bound it? */
bool rs_names_is_bounded(const rs_names_linked *x, uint32_t variable);
bool rs_names_has_variables(rs_names_linked *x, uint32_t file, uint32_t expr);

/* The arguments that C[...], which names the class, gives it; arguments: for variables in them. */
uint32_t rs_names_arguments(rs_names_linked *x, uint32_t file, uint32_t item, uint32_t arguments,
                            uint32_t class);

/* A tuple or dict of what the annotation, or none, says; its keys are strings. None: no stub has it. */
uint32_t rs_names_collection(rs_names_linked *x, uint32_t class, uint32_t file,
                             uint32_t annotation);

/* Of a list or tuple that has the one expression of a list; none where it has several: which of them a
 * subscript asks for is told by their places. */
uint32_t rs_names_arguments_of_items(rs_names_linked *x, uint32_t class, uint32_t file,
                                     uint32_t list);

/* What variables of the class `above` stand for in a value whose class derives from it. */
uint32_t rs_names_arguments_in(rs_names_linked *x, uint32_t number, uint32_t above);

/* What the variables of a class stand for in the instance that a call makes. */
uint32_t rs_names_arguments_of_new(rs_names_linked *x, uint32_t class, uint32_t cell);

/* Let the cell of a call of a class outside have what its __new__ says that it makes; false: nothing. */
bool rs_names_connect_new(rs_names_linked *x, uint32_t number, uint32_t cell);

/* Let `to` have what the variable stands for. False: nobody knows what that is. */
bool rs_names_connect_argument(rs_names_linked *x, uint32_t arguments, uint32_t variable,
                               uint32_t to);

/* Let `to` have what tuple[A, B] has at a place. False: nobody knows. */
bool rs_names_connect_place(rs_names_linked *x, uint32_t number, uint32_t place, uint32_t to);

/* Let `to` have what iterating over an instance gives. */
void rs_names_iterate(rs_names_linked *x, uint32_t number, uint32_t to);

/* May the function be meant by a call with that many arguments? by: as for its result. */
bool rs_names_may_take(const rs_names_linked *x, uint32_t function, uint32_t cell, uint32_t by);

/* Let `to` have what the function's annotation says with all that its variables are known to stand for.
 * False: it has none, or nothing is known. */
bool rs_names_connect_generic(rs_names_linked *x, uint32_t function, uint32_t to, uint32_t by);

/* Let `to` have what attributes of a generic object are declared to be. */
void rs_names_connect_declared(rs_names_linked *x, const names_items *items, uint32_t to,
                               uint32_t number);
void rs_names_forget_generic(rs_names_linked *x);

/* --- link_class.c --- */

/* Ask for the bases of the classes that nobody has asked for. */
void rs_names_ask_bases(rs_names_linked *x);

/* Find the orders of the classes that have none, when all is settled. */
bool rs_names_order_classes(rs_names_linked *x);

/* --- link_outside.c: stubs, as they are needed --- */

bool rs_names_begin_outside(rs_names_linked *x);

/* The fixpoint, and all that it needs of the world outside. */
bool rs_names_settle_outside(rs_names_linked *x, rs_error *err);

/* The stub that a module outside is, as a file; none: it is not one, or not read. */
uint32_t rs_names_stub_file(const rs_names_linked *x, uint32_t module);

static inline bool names_is_outside(const rs_names_linked *x, uint32_t class)
{
    return x->files[x->classes[class].file].is_outside;
}

/* Let the operation be done once more when what it missed is read. */
void rs_names_miss(rs_names_linked *x, uint32_t n_missed, uint32_t cell, uint32_t value,
                   uint32_t text);

/* What builtins has by that name; none: nothing. */
uint32_t rs_names_builtin_slot(const rs_names_linked *x, rs_str name);
/* The class that a slot of a stub holds; none: it holds something else. */
uint32_t rs_names_class_of_slot(const rs_names_linked *x, uint32_t slot);
/* A name of typing that stands for no class of its own: let the cell of its binding have what it means. */
bool rs_names_is_special(rs_names_linked *x, uint32_t cell, uint32_t file, uint32_t binding);
/* The class of a module outside, as far as that is read; none: it is not there. */
uint32_t rs_names_outside_class(const rs_names_linked *x, const char *module, const char *name);
/* Is the file the stub of that module? */
bool rs_names_is_stub_of(const rs_names_linked *x, uint32_t file, const char *module);

/* A base that the interpreter's class does not have. */
bool rs_names_is_virtual_base(rs_names_linked *x, uint32_t class, const names_ancestor *base);

/* The class outside that has at run time what a stub says of `stated`, in an object of `class`. */
uint32_t rs_names_real_owner(const rs_names_linked *x, uint32_t class, uint32_t stated);

/* May the value, which lies outside, have the attribute although its stub does not say so? Stubs leave out
 * what is private, and modules have what other versions have. */
bool rs_names_may_have_more(const rs_names_linked *x, uint32_t value, rs_str name);

/* The qualified names that things outside go by. */
void rs_names_name_of_module_slot(const rs_names_linked *x, uint32_t file, rs_str name,
                                  rs_buf *out);
void rs_names_name_of_class(const rs_names_linked *x, uint32_t class, rs_buf *out);
void rs_names_name_of_function(const rs_names_linked *x, uint32_t function, uint32_t class,
                               rs_buf *out);
/* By slot; owner: as in items. False: of what has no name elsewhere. */
bool rs_names_name_of_slot(const rs_names_linked *x, uint32_t slot, uint32_t owner, rs_buf *out);
/* Of a value that lies outside; false: it does not. */
bool rs_names_name_of_value(const rs_names_linked *x, uint32_t value, rs_buf *out);

/* --- link_call.c --- */

/* Functions of the stub whose calls mean something of their own. */
bool rs_names_note_known_calls(rs_names_linked *x, uint32_t file);

/* --- link_flags.c: decorators --- */

void rs_names_read_decorators(rs_names_linked *x, uint32_t number);

/* The last identifier of a name or chain, called or not; empty for other shapes. */
rs_str rs_names_last_name(const names_view *view, uint32_t number);

bool rs_names_is_builtin(rs_str name);

#endif
