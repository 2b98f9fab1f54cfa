/* SPDX-License-Identifier: Apache-2.0 */
/* link_model.c - what lies outside: the steps that models.def has for it. */
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

typedef struct values_model {
    const char *name;
    const char *steps;
} values_model;

static const values_model models[] = {
#define VALUES_MODEL(name, steps) {name, steps},
#include "evidence/values/models.def"
};

enum { N_MODELS = sizeof models / sizeof *models, N_PLACES = 4 };

/* A call of a model, while its steps are done. */
typedef struct modeling {
    rs_values_linked *x;
    uint32_t call;
    uint32_t self;   /* object or none */
    uint32_t result; /* variable; made where the call has none */
    uint32_t made;   /* the container n */
    uint32_t placed; /* p */
    const char *at;  /* in the steps */
    bool failed;
} modeling;

static uint32_t fresh(modeling *m)
{
    uint32_t var = rs_solve_var(&m->x->solver);
    m->failed = m->failed || var == SOLVE_NONE;
    return var;
}

static uint32_t site_of(const modeling *m, uint32_t kind)
{
    return rs_values_site_as(m->x, m->x->calls.items[m->call].site, kind);
}

static uint32_t callback_site(const modeling *m)
{
    return site_of(m, RS_W_value_site_callback);
}

/* --- operands --- */

static uint32_t argument(const modeling *m, uint32_t place)
{
    const values_call *call = &m->x->calls.items[m->call];
    for (uint32_t i = 0; i < call->n_arguments; i++) {
        values_argument argument = m->x->arguments.items[call->first_argument + i];
        if (argument.pass != VALUES_BY_PLACE) {
            continue;
        }
        if (place-- == 0) {
            return argument.var;
        }
    }
    return VALUES_NONE;
}

static uint32_t argument_named(const modeling *m, rs_str name)
{
    const values_call *call = &m->x->calls.items[m->call];
    uint32_t text = rs_values_text_number(m->x, name);
    for (uint32_t i = 0; i < call->n_arguments; i++) {
        values_argument argument = m->x->arguments.items[call->first_argument + i];
        if (argument.pass == (VALUES_BY_NAME | text << VALUES_PASS_BITS)) {
            return argument.var;
        }
    }
    return VALUES_NONE;
}

/* A variable that holds the object alone. */
static uint32_t var_of_object(modeling *m, uint32_t object)
{
    if (object == SOLVE_NONE) {
        return VALUES_NONE;
    }
    uint32_t var = fresh(m);
    if (!m->failed) {
        rs_solve_add(&m->x->solver, var, object);
    }
    return m->failed ? VALUES_NONE : var;
}

static bool is_container(const modeling *m, uint32_t object)
{
    return object != SOLVE_NONE &&
           (values_is(m->x, object, VALUES_O_CONTAINER) || values_is(m->x, object, VALUES_O_MANY));
}

static uint32_t item_of_self(modeling *m)
{
    uint32_t to = fresh(m);
    if (!m->failed && is_container(m, m->self)) {
        solve_use use = {.kind = VALUES_U_ITEM,
                         .to = to,
                         .a = argument(m, 0),
                         .b = m->x->calls.items[m->call].site};
        rs_values_deliver(m->x, &use, m->self);
    }
    return to;
}

/* A place that values come from, behind its prefixes. */
static uint32_t plain_operand(modeling *m)
{
    char c = *m->at++;
    if (c >= '0' && c < '0' + N_PLACES) {
        return argument(m, (uint32_t)(c - '0'));
    }
    if (c == '{') {
        const char *end = strchr(m->at, '}');
        rs_str name = {m->at, (size_t)(end - m->at)};
        m->at = end + 1;
        return argument_named(m, name);
    }
    if (c == 's' && *m->at == '[') {
        m->at += 3;
        return item_of_self(m);
    }
    return c == 'r'   ? m->result
           : c == 's' ? var_of_object(m, m->self)
                      : var_of_object(m, c == 'n' ? m->made : m->placed);
}

static uint32_t derived(modeling *m, char prefix, uint32_t from)
{
    uint32_t to = from == VALUES_NONE ? VALUES_NONE : fresh(m);
    uint32_t site = callback_site(m);
    if (to == VALUES_NONE || m->failed) {
        return VALUES_NONE;
    }
    switch (prefix) {
    case '*':
        rs_values_iterate(m->x, from, to, site);
        break;
    case '^':
        if (is_container(m, m->self)) {
            rs_solve_copy(&m->x->solver, rs_values_field(m->x, m->self, VALUES_F_ALL), to);
        }
        break;
    default:
        rs_solve_use(&m->x->solver, from,
                     (solve_use){.kind = prefix == '&' ? VALUES_U_AWAIT : VALUES_U_ENTER,
                                 .to = to,
                                 .a = site});
        break;
    }
    return to;
}

static uint32_t operand(modeling *m)
{
    char prefixes[4];
    uint32_t n = 0;
    while (n < sizeof prefixes && strchr("*^&@", *m->at) != NULL) {
        prefixes[n++] = *m->at++;
    }
    uint32_t var = plain_operand(m);
    while (n > 0) {
        var = derived(m, prefixes[--n], var);
    }
    return var;
}

/* --- what gets values --- */

static void put(modeling *m, uint32_t object, uint32_t from)
{
    if (is_container(m, object)) {
        rs_solve_copy(&m->x->solver, from, rs_values_field(m->x, object, VALUES_F_UNKNOWN));
    }
}

static void put_at(modeling *m, uint32_t object, uint32_t place, uint32_t from)
{
    uint32_t key = rs_values_object_of(m->x, VALUES_O_NUMBER, place, NAMES_NONE);
    if (key != SOLVE_NONE && object != SOLVE_NONE) {
        rs_solve_copy(&m->x->solver, from, rs_values_key_field(m->x, object, key));
    }
}

/* The target behind '>', which is passed even where there is nothing to get. */
static void take(modeling *m, uint32_t from)
{
    char c = *m->at++;
    bool has_place = c == 'p' && *m->at >= '0' && *m->at <= '9';
    bool is_item = c == 's' && *m->at == '[';
    uint32_t place = has_place ? (uint32_t)(*m->at++ - '0') : 0;
    m->at += is_item ? 3 : 0;
    if (from == VALUES_NONE || m->failed) {
        return;
    }
    if (c == 'r') {
        rs_solve_copy(&m->x->solver, from, m->result);
    } else if (has_place) {
        put_at(m, m->placed, place, from);
    } else if (is_item && is_container(m, m->self)) {
        solve_use use = {.kind = VALUES_U_SET_ITEM,
                         .a = argument(m, 0),
                         .b = from,
                         .c = m->x->calls.items[m->call].site};
        rs_values_deliver(m->x, &use, m->self);
    } else {
        put(m, c == 's' ? m->self : c == 'n' ? m->made : m->placed, from);
    }
}

/* --- steps --- */

static uint32_t container_of(char letter)
{
    switch (letter) {
    case 'L':
        return VALUES_LIST;
    case 'T':
        return VALUES_TUPLE;
    case 'D':
        return VALUES_DICT;
    case 'S':
        return VALUES_SET;
    default:
        return VALUES_GENERATOR;
    }
}

static void spread_step(modeling *m, uint32_t from)
{
    uint32_t object = *m->at++ == 's' ? m->self : m->made;
    if (from != VALUES_NONE && is_container(m, object)) {
        rs_solve_use(&m->x->solver, from, (solve_use){.kind = VALUES_U_SPREAD, .a = object});
    }
}

static void call_step(modeling *m)
{
    uint32_t callee = operand(m);
    uint32_t arguments[N_PLACES];
    uint32_t n_arguments = 0;
    m->at++;
    while (*m->at != ')') {
        arguments[n_arguments++] = operand(m);
        m->at += *m->at == ',';
    }
    m->at++;
    while (n_arguments > 0 && arguments[n_arguments - 1] == VALUES_NONE) {
        n_arguments--;
    }
    uint32_t to = *m->at == '>' ? fresh(m) : VALUES_NONE;
    if (callee != VALUES_NONE && !m->failed) {
        uint32_t call = rs_values_new_call(m->x, callback_site(m), to, arguments, n_arguments);
        rs_solve_use(&m->x->solver, callee, (solve_use){.kind = VALUES_U_CALL, .a = call});
    }
    if (to != VALUES_NONE) {
        m->at++;
        take(m, to);
    }
}

static void special_step(modeling *m)
{
    static const struct {
        char letter;
        uint8_t specials[3]; /* the first that there is; the last repeated */
    } letters[] = {
        {'L', {VALUES_S_LEN, VALUES_S_LEN, VALUES_S_LEN}},
        {'S', {VALUES_S_STR, VALUES_S_REPR, VALUES_S_REPR}},
        {'R', {VALUES_S_REPR, VALUES_S_REPR, VALUES_S_REPR}},
        {'H', {VALUES_S_HASH, VALUES_S_HASH, VALUES_S_HASH}},
        {'B', {VALUES_S_BOOL, VALUES_S_LEN, VALUES_S_LEN}},
        {'I', {VALUES_S_INT, VALUES_S_INDEX, VALUES_S_INDEX}},
        {'D', {VALUES_S_FLOAT, VALUES_S_INDEX, VALUES_S_INDEX}},
        {'A', {VALUES_S_ABS, VALUES_S_ABS, VALUES_S_ABS}},
        {'V', {VALUES_S_REVERSED, VALUES_S_REVERSED, VALUES_S_REVERSED}},
        {'C', {VALUES_S_LT, VALUES_S_GT, VALUES_S_GT}},
        {'F', {VALUES_S_FORMAT, VALUES_S_STR, VALUES_S_REPR}},
    };
    char letter = *m->at++;
    uint32_t var = operand(m);
    bool has_result = *m->at == '>';
    m->at += has_result ? 2 : 0;
    for (size_t i = 0; i < sizeof letters / sizeof *letters && var != VALUES_NONE; i++) {
        if (letters[i].letter == letter) {
            uint32_t call = rs_values_new_call(m->x, callback_site(m),
                                               has_result ? m->result : VALUES_NONE, NULL, 0);
            uint32_t choice = (uint32_t)letters[i].specials[0] |
                              (uint32_t)letters[i].specials[1] << 8 |
                              (uint32_t)letters[i].specials[2] << 16;
            rs_solve_use(&m->x->solver, var,
                         (solve_use){.kind = VALUES_U_SPECIAL, .a = call, .b = choice});
        }
    }
}

/* --- operations of their own --- */

static void add_result(modeling *m, uint32_t object)
{
    if (object != SOLVE_NONE) {
        rs_solve_add(&m->x->solver, m->result, object);
    }
}

static void wrap_step(modeling *m, values_object_kind kind)
{
    uint32_t var = argument(m, 0);
    if (var != VALUES_NONE) {
        rs_solve_use(&m->x->solver, var,
                     (solve_use){.kind = VALUES_U_WRAP, .to = m->result, .a = kind});
    }
}

static void property_step(modeling *m)
{
    static const char *const names[] = {"fget", "fset", "fdel"};
    uint32_t property = rs_values_object_of(m->x, VALUES_O_PROPERTY, m->result, NAMES_NONE);
    for (uint32_t i = 0; i < 3 && property != SOLVE_NONE; i++) {
        uint32_t var = argument(m, i);
        if (var == VALUES_NONE) {
            var = argument_named(m, rs_str_of(names[i]));
        }
        if (var != VALUES_NONE) {
            rs_solve_copy(&m->x->solver, var, rs_values_field(m->x, property, VALUES_F_GET + i));
        }
    }
    add_result(m, property);
}

static void named_step(modeling *m, bool is_store)
{
    uint32_t object = argument(m, 0);
    uint32_t name = argument(m, 1);
    uint32_t value = is_store ? argument(m, 2) : VALUES_NONE;
    if (object == VALUES_NONE || name == VALUES_NONE) {
        return;
    }
    rs_solve_use(&m->x->solver, object,
                 (solve_use){.kind = VALUES_U_NAMED_OF,
                             .to = is_store ? VALUES_NONE : m->result,
                             .a = name,
                             .b = value,
                             .c = m->x->calls.items[m->call].site});
}

static void super_step(modeling *m)
{
    uint32_t class = argument(m, 0);
    uint32_t object = argument(m, 1);
    if (class != VALUES_NONE && object != VALUES_NONE) {
        rs_solve_use(&m->x->solver, class,
                     (solve_use){.kind = VALUES_U_SUPER_OF, .to = m->result, .a = object});
    }
}

static void type_step(modeling *m)
{
    uint32_t var = argument(m, 0);
    if (m->x->calls.items[m->call].n_arguments == 1 && var != VALUES_NONE) {
        rs_solve_use(&m->x->solver, var, (solve_use){.kind = VALUES_U_CLASS_OF, .to = m->result});
    } else if (m->x->calls.items[m->call].cell != NAMES_NONE) {
        rs_values_take_cell(m->x, m->x->calls.items[m->call].cell, m->result);
    }
}

/* object.__new__(cls), and type.__call__(cls): an instance of what is given. */
static void new_step(modeling *m)
{
    uint32_t var = m->self == SOLVE_NONE ? argument(m, 0) : var_of_object(m, m->self);
    if (var != VALUES_NONE) {
        rs_solve_use(&m->x->solver, var, (solve_use){.kind = VALUES_U_INSTANCE, .to = m->result});
    }
}

static void iterator_step(modeling *m, bool is_next)
{
    uint32_t var = argument(m, 0);
    if (var != VALUES_NONE) {
        rs_solve_use(&m->x->solver, var,
                     (solve_use){.kind = is_next ? VALUES_U_NEXT : VALUES_U_ITERATOR,
                                 .to = m->result,
                                 .a = callback_site(m)});
    }
}

/* dict(a=f): items at names. */
static void keywords_step(modeling *m)
{
    values_call call = m->x->calls.items[m->call];
    for (uint32_t i = 0; i < call.n_arguments; i++) {
        values_argument of = m->x->arguments.items[call.first_argument + i];
        bool is_named = (of.pass & ((1u << VALUES_PASS_BITS) - 1)) == VALUES_BY_NAME;
        uint32_t key = !is_named ? SOLVE_NONE
                                 : rs_values_object_of(m->x, VALUES_O_STRING,
                                                       of.pass >> VALUES_PASS_BITS, NAMES_NONE);
        if (key != SOLVE_NONE && of.var != VALUES_NONE && m->made != SOLVE_NONE) {
            rs_solve_copy(&m->x->solver, of.var, rs_values_key_field(m->x, m->made, key));
            rs_solve_add(&m->x->solver, rs_values_field(m->x, m->made, VALUES_F_KEYS), key);
        }
    }
}

/* sum(): each is added to what there is. */
static void sum_step(modeling *m)
{
    static const values_record add = {.op = VALUES_BINARY, .aux = RS_AST_Add};
    uint32_t from = argument(m, 0);
    if (from == VALUES_NONE) {
        return;
    }
    values_site site = m->x->sites.items[callback_site(m)];
    values_record record = add;
    record.node = site.node;
    rs_values_operator(m->x, site.file, &record, m->result, derived(m, '*', from), m->result);
    m->x->operations.items[m->x->operations.n_items - 1].site = callback_site(m);
}

static void own_step(modeling *m)
{
    rs_values_linked *x = m->x;
    bool has_argument = argument(m, 0) != VALUES_NONE;
    switch (*m->at++) {
    case 'P': /* functools.partial */
        if (has_argument) {
            add_result(m, rs_values_object_of(x, VALUES_O_PARTIAL, m->call, NAMES_NONE));
        }
        break;
    case 'J': /* a decorator that was given options */
        if (!has_argument) {
            add_result(m, rs_values_object_of(x, VALUES_O_IDENTITY, 0, 0));
        }
        break;
    case 'I': /* a decorator that gives back what it decorates */
        add_result(m, rs_values_object_of(x, VALUES_O_IDENTITY, 0, 0));
        break;
    case 'W': /* a decorator that makes something that calls what it decorates */
        wrap_step(m, VALUES_O_CALLER);
        break;
    case 'V': /* the same, where it was given options */
        if (!has_argument) {
            add_result(m, rs_values_object_of(x, VALUES_O_IDENTITY, 1, 0));
        }
        break;
    case 'Y':
        property_step(m);
        break;
    case 'S':
        wrap_step(m, VALUES_O_STATIC);
        break;
    case 'C':
        wrap_step(m, VALUES_O_CLASS_METHOD);
        break;
    case 'G':
        named_step(m, false);
        break;
    case 'A':
        named_step(m, true);
        break;
    case 'U':
        super_step(m);
        break;
    case 'T':
        type_step(m);
        break;
    case 'N':
        new_step(m);
        break;
    case 'O':
        iterator_step(m, false);
        break;
    case 'X':
        iterator_step(m, true);
        break;
    case 'K':
        keywords_step(m);
        break;
    case 'Q':
        sum_step(m);
        break;
    default: /* M: the instance, which the caller makes */
        break;
    }
}

static void step(modeling *m)
{
    char c = *m->at;
    bool makes = (c == 'n' || c == 'p') && m->at[1] >= 'A' && m->at[1] <= 'Z';
    if (makes) {
        uint32_t *made = c == 'n' ? &m->made : &m->placed;
        uint32_t var = c == 'n' ? m->result : fresh(m);
        *made = m->failed
                    ? SOLVE_NONE
                    : rs_values_object_of(m->x, VALUES_O_CONTAINER, var, container_of(m->at[1]));
        m->at += 2;
    } else if (c == 'x') {
        m->at++;
        own_step(m);
    } else if (c == 'c') {
        m->at++;
        call_step(m);
    } else if (c == '!') {
        m->at++;
        special_step(m);
    } else {
        uint32_t from = operand(m);
        if (*m->at++ == '+') {
            spread_step(m, from);
        } else {
            take(m, from);
        }
    }
}

static void follow(rs_values_linked *x, const values_model *model, uint32_t self, uint32_t call)
{
    modeling m = {.x = x,
                  .call = call,
                  .self = self,
                  .result = x->calls.items[call].result,
                  .made = SOLVE_NONE,
                  .placed = SOLVE_NONE,
                  .at = model->steps};
    if (m.result == VALUES_NONE) {
        m.result = fresh(&m);
    }
    while (*m.at != '\0' && !m.failed && !x->failed) {
        step(&m);
        m.at += *m.at == ' ';
    }
    x->failed = x->failed || m.failed;
}

/* --- who has a model --- */

static const values_model *model_named(rs_str name)
{
    for (size_t i = 0; i < N_MODELS; i++) {
        if (rs_str_equal(name, rs_str_of(models[i].name))) {
            return &models[i];
        }
    }
    return NULL;
}

/* Whatever __new__ lies outside, it gives an instance of the class that it gets; that of type a class. */
static const values_model *model_of_function(rs_str name)
{
    static const char made[] = ".__new__";
    const values_model *model = model_named(name);
    bool is_new = name.n_bytes > sizeof made &&
                  memcmp(name.bytes + name.n_bytes - (sizeof made - 1), made, sizeof made - 1) == 0;
    return model != NULL || !is_new || rs_str_equal(name, RS_STR_LITERAL("builtins.type.__new__"))
               ? model
               : model_named(RS_STR_LITERAL("builtins.object.__new__"));
}

/* Looked up once for each: number 0 is none. */
static const values_model *model_of(rs_values_linked *x, uint32_t number, uint32_t class)
{
    uint32_t found = rs_names_map_get(&x->models, number, class);
    if (found == NAMES_NONE) {
        if (number == NAMES_NONE - 1) {
            rs_names_name_of_class(x->names, class, &x->text);
        } else {
            rs_names_name_of_function(x->names, number, class, &x->text);
        }
        const values_model *model = model_of_function(rs_buf_str(&x->text));
        found = model == NULL ? 0 : (uint32_t)(model - models) + 1;
        if (!rs_names_map_put(&x->models, number, class, &found)) {
            x->failed = true;
        }
    }
    return found == 0 ? NULL : &models[found - 1];
}

static bool is_decoration(const rs_values_linked *x, uint32_t call)
{
    return x->sites.items[x->calls.items[call].site].kind == RS_W_value_site_decorator;
}

/* What decorators that nobody knows give is, most of the time, what they got. */
static void give_back(rs_values_linked *x, uint32_t call)
{
    values_call of = x->calls.items[call];
    if (of.n_arguments > 0 && of.result != VALUES_NONE &&
        x->arguments.items[of.first_argument].var != VALUES_NONE) {
        rs_solve_copy(&x->solver, x->arguments.items[of.first_argument].var, of.result);
    }
}

/* What names say that the call gives; they have not asked what a function gives that no name leads to. */
static void take_named(rs_values_linked *x, uint32_t function, uint32_t call)
{
    values_call of = x->calls.items[call];
    if (of.result == VALUES_NONE) {
        return;
    }
    if (of.cell != NAMES_NONE) {
        rs_values_take_cell(x, of.cell, of.result);
    }
    if (function != NAMES_NONE) {
        uint32_t file = x->file_of[function];
        rs_values_take_cell(
            x,
            names_cell_of_function(x->names, file, function - x->names->files[file].first_function),
            of.result);
    }
}

void rs_values_call_outside(rs_values_linked *x, uint32_t function, uint32_t self, uint32_t call)
{
    uint32_t class = self == SOLVE_NONE ? NAMES_NONE : rs_values_class_of(x, self);
    const values_model *model = model_of(x, function, class);
    uint32_t once = 1;
    uint32_t key = self == SOLVE_NONE ? NAMES_NONE - 1 : self;
    /* Each with each object once: overloads of one name are one. */
    if (model != NULL) {
        uint32_t number = (uint32_t)(model - models);
        uint32_t pair = (uint32_t)x->pairs.n_used;
        x->failed = !rs_names_map_put(&x->pairs, call, number, &pair) || x->failed;
        if (rs_names_map_get(&x->modeled, pair, key) == NAMES_NONE) {
            x->failed = !rs_names_map_put(&x->modeled, pair, key, &once) || x->failed;
            follow(x, model, self, call);
            if (strpbrk(model->steps, "rx") == NULL) { /* nothing that it is given comes back */
                take_named(x, function, call);
            }
        }
        return;
    }
    if (is_decoration(x, call)) {
        give_back(x, call);
    } else {
        take_named(x, function, call);
    }
}

bool rs_values_make_outside(rs_values_linked *x, uint32_t class, uint32_t call)
{
    const values_model *model = model_of(x, NAMES_NONE - 1, class);
    if (model == NULL) {
        return false;
    }
    uint32_t result = x->calls.items[call].result;
    follow(x, model, SOLVE_NONE, call);
    for (uint32_t kind = 0; kind < VALUES_N_CONTAINERS && result != VALUES_NONE; kind++) {
        uint32_t made = rs_names_map_get(&x->object_numbers[VALUES_O_CONTAINER], result, kind);
        if (made != NAMES_NONE && !rs_names_map_put(&x->made_by, made, 0, &class)) {
            x->failed = true;
        }
    }
    return strstr(model->steps, "xM") == NULL;
}

void rs_values_call_external(rs_values_linked *x, uint32_t object, uint32_t call)
{
    const values_model *model = model_named(rs_values_text_of(x, values_object_at(x, object)->a));
    if (model != NULL) {
        follow(x, model, SOLVE_NONE, call);
    } else if (is_decoration(x, call)) {
        give_back(x, call);
    }
}
