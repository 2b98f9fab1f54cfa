/* SPDX-License-Identifier: Apache-2.0 */
/* link_call.c - calls: what they run, what its parameters get. */
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

enum { MAX_ARGUMENTS = 64, MAX_NESTED = 24 };

/* --- sites and calls --- */

uint32_t rs_values_site(rs_values_linked *x, uint32_t file, uint32_t node, uint32_t kind)
{
    values_site site = {.file = file, .node = node, .kind = (uint8_t)kind};
    if (!values_sites_push(&x->sites, site)) {
        x->failed = true;
        return 0;
    }
    return (uint32_t)x->sites.n_items - 1;
}

uint32_t rs_values_site_as(rs_values_linked *x, uint32_t site, uint32_t kind)
{
    values_site of = x->sites.items[site];
    uint32_t found = (uint32_t)x->sites.n_items;
    if (of.kind == kind) {
        return site;
    }
    if (!rs_names_map_put(&x->site_kinds, site, kind, &found)) {
        x->failed = true;
        return site;
    }
    return found < x->sites.n_items ? found : rs_values_site(x, of.file, of.node, kind);
}

uint32_t rs_values_new_call(rs_values_linked *x, uint32_t site, uint32_t result,
                            const uint32_t *arguments, uint32_t n_arguments)
{
    values_call call = {.first_argument = (uint32_t)x->arguments.n_items,
                        .n_arguments = n_arguments,
                        .result = result,
                        .site = site,
                        .cell = NAMES_NONE,
                        .callee = VALUES_NONE,
                        .quiet = VALUES_NONE};
    for (uint32_t i = 0; i < n_arguments; i++) {
        values_argument argument = {arguments[i], VALUES_BY_PLACE};
        x->failed = !values_arguments_push(&x->arguments, argument) || x->failed;
    }
    x->failed = !values_calls_push(&x->calls, call) || x->failed;
    return x->failed ? 0 : (uint32_t)x->calls.n_items - 1;
}

uint32_t rs_values_call_once(rs_values_linked *x, uint32_t key, uint32_t what, uint32_t site,
                             uint32_t result, const uint32_t *arguments, uint32_t n_arguments)
{
    uint32_t found = (uint32_t)x->calls.n_items;
    if (!rs_names_map_put(&x->made_calls, key, what, &found)) {
        x->failed = true;
        return 0;
    }
    return found < x->calls.n_items ? found
                                    : rs_values_new_call(x, site, result, arguments, n_arguments);
}

/* The same call, whose result nobody takes. */
static uint32_t quiet_call(rs_values_linked *x, uint32_t call)
{
    if (x->calls.items[call].result == VALUES_NONE) {
        return call;
    }
    if (x->calls.items[call].quiet == VALUES_NONE) {
        values_call quiet = x->calls.items[call];
        quiet.result = VALUES_NONE;
        quiet.cell = NAMES_NONE;
        if (!values_calls_push(&x->calls, quiet)) {
            x->failed = true;
            return call;
        }
        x->calls.items[call].quiet = (uint32_t)x->calls.n_items - 1;
    }
    return x->calls.items[call].quiet;
}

static void note(rs_values_linked *x, uint32_t call, uint32_t object)
{
    uint64_t pair = (uint64_t)x->calls.items[call].site << 32 | object;
    x->failed = !values_notes_push(&x->notes, pair) || x->failed;
}

/* --- arguments --- */

typedef struct passing {
    uint32_t function;
    uint32_t call;
    uint32_t file;
    const names_function *of;
    const uint32_t *params; /* bindings in the file */
    uint32_t n_params;
    uint32_t next;      /* the next one by place */
    uint64_t has_value; /* of the first 64 */
    uint32_t n_more;    /* arguments of *args so far */
} passing;

static uint32_t param_var(const rs_values_linked *x, const passing *p, uint32_t i)
{
    return x->files[p->file].first_var + p->params[i];
}

static uint32_t varargs_place(const passing *p)
{
    return (p->of->flags & NAMES_HAS_VARARGS) != 0 ? p->of->n_positional : VALUES_NONE;
}

static uint32_t kwargs_place(const passing *p)
{
    return (p->of->flags & NAMES_HAS_KWARGS) != 0 ? p->n_params - 1 : VALUES_NONE;
}

/* The tuple or dict that *args or **kwargs is. */
static uint32_t collected(rs_values_linked *x, const passing *p, uint32_t i, values_container kind)
{
    uint32_t var = param_var(x, p, i);
    uint32_t object = rs_values_object_of(x, VALUES_O_CONTAINER, var, kind);
    if (object != SOLVE_NONE) {
        rs_solve_add(&x->solver, var, object);
    }
    return object;
}

static void copy(rs_values_linked *x, uint32_t from, uint32_t to)
{
    if (from != VALUES_NONE && !x->failed) {
        rs_solve_copy(&x->solver, from, to);
    }
}

static void give(rs_values_linked *x, passing *p, uint32_t i, uint32_t var)
{
    copy(x, var, param_var(x, p, i));
    if (i < 64) {
        p->has_value |= UINT64_C(1) << i;
    }
}

static void pass_by_place(rs_values_linked *x, passing *p, uint32_t var)
{
    if (p->next < p->of->n_positional) {
        give(x, p, p->next++, var);
        return;
    }
    uint32_t rest = varargs_place(p);
    if (rest == VALUES_NONE) {
        return;
    }
    uint32_t object = collected(x, p, rest, VALUES_TUPLE);
    uint32_t place = p->n_more++;
    uint32_t number = place < VALUES_MAX_PLACES
                          ? rs_values_object_of(x, VALUES_O_NUMBER, place, NAMES_NONE)
                          : SOLVE_NONE;
    if (object != SOLVE_NONE && var != VALUES_NONE) {
        copy(x, var,
             number == SOLVE_NONE ? rs_values_field(x, object, VALUES_F_UNKNOWN)
                                  : rs_values_key_field(x, object, number));
    }
}

static uint32_t param_named(const rs_values_linked *x, const passing *p, uint32_t text)
{
    const names_view *view = &x->names->files[p->file].view;
    uint32_t varargs = varargs_place(p);
    uint32_t kwargs = kwargs_place(p);
    for (uint32_t i = 0; i < p->n_params; i++) {
        const names_slot *slot = &view->slots[view->bindings[p->params[i]].slot];
        if (i != varargs && i != kwargs &&
            names_text_number(x->names, p->file, slot->name) == text) {
            return i;
        }
    }
    return VALUES_NONE;
}

static void pass_by_name(rs_values_linked *x, passing *p, uint32_t text, uint32_t var)
{
    uint32_t i = param_named(x, p, text);
    uint32_t rest = kwargs_place(p);
    if (i != VALUES_NONE) {
        give(x, p, i, var);
    } else if (rest != VALUES_NONE && var != VALUES_NONE) {
        uint32_t object = collected(x, p, rest, VALUES_DICT);
        uint32_t key = rs_values_object_of(x, VALUES_O_STRING, text, NAMES_NONE);
        if (object != SOLVE_NONE && key != SOLVE_NONE) {
            copy(x, var, rs_values_key_field(x, object, key));
            rs_solve_add(&x->solver, rs_values_field(x, object, VALUES_F_KEYS), key);
        }
    }
}

/* *args: by place from here on; what stands behind it may be any. */
static void pass_star(rs_values_linked *x, passing *p, uint32_t var)
{
    if (var == VALUES_NONE) {
        return;
    }
    rs_solve_use(&x->solver, var,
                 (solve_use){.kind = VALUES_U_STAR,
                             .a = p->call,
                             .b = p->function,
                             .c = p->next < p->of->n_positional ? p->next
                                                                : p->of->n_positional + p->n_more});
}

/* What one container gives to the parameters of a call that unpacks it. */
void rs_values_star(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    passing p = {.function = use->b, .call = use->a};
    p.of = values_function_of(x, use->b, &p.file);
    p.params = names_list(&x->names->files[p.file].view, p.of->params, &p.n_params);
    if (!values_is(x, object, VALUES_O_CONTAINER) && !values_is(x, object, VALUES_O_MANY)) {
        return;
    }
    uint32_t all = rs_values_field(x, object, VALUES_F_UNKNOWN);
    for (uint32_t i = use->c; i < p.of->n_positional && !x->failed; i++) {
        uint32_t place = rs_values_object_of(x, VALUES_O_NUMBER, i - use->c, NAMES_NONE);
        if (place != SOLVE_NONE && i - use->c < VALUES_MAX_PLACES) {
            copy(x, rs_values_key_field(x, object, place), param_var(x, &p, i));
        }
        copy(x, all, param_var(x, &p, i));
    }
    uint32_t rest = varargs_place(&p);
    uint32_t to = rest == VALUES_NONE ? SOLVE_NONE : collected(x, &p, rest, VALUES_TUPLE);
    if (to == SOLVE_NONE) {
        return;
    }
    if (use->c == p.of->n_positional) {
        rs_values_spread(x, object, to);
        return;
    }
    uint32_t n_taken = use->c < p.of->n_positional ? p.of->n_positional - use->c : 0;
    for (uint32_t i = n_taken; i < n_taken + 8;
         i++) { /* places shift: the first few are told apart */
        uint32_t from = rs_values_object_of(x, VALUES_O_NUMBER, i, NAMES_NONE);
        uint32_t place = rs_values_object_of(x, VALUES_O_NUMBER, i - n_taken, NAMES_NONE);
        if (from != SOLVE_NONE && place != SOLVE_NONE) {
            copy(x, rs_values_key_field(x, object, from), rs_values_key_field(x, to, place));
        }
    }
    copy(x, all, rs_values_field(x, to, VALUES_F_UNKNOWN));
}

/* **kwargs: each parameter that has no value gets what stands at its name. */
static void pass_stars(rs_values_linked *x, passing *p, uint32_t var)
{
    const names_view *view = &x->names->files[p->file].view;
    uint32_t varargs = varargs_place(p);
    uint32_t kwargs = kwargs_place(p);
    if (var == VALUES_NONE) {
        return;
    }
    for (uint32_t i = p->next; i < p->n_params && !x->failed; i++) {
        if (i == varargs || i == kwargs || (i < 64 && (p->has_value >> i & 1) != 0)) {
            continue;
        }
        const names_slot *slot = &view->slots[view->bindings[p->params[i]].slot];
        uint32_t name = rs_values_object_of(
            x, VALUES_O_STRING, names_text_number(x->names, p->file, slot->name), NAMES_NONE);
        uint32_t key = rs_solve_var(&x->solver);
        if (name == SOLVE_NONE || key == SOLVE_NONE) {
            return;
        }
        rs_solve_add(&x->solver, key, name);
        rs_solve_use(&x->solver, var,
                     (solve_use){.kind = VALUES_U_ITEM,
                                 .to = param_var(x, p, i),
                                 .a = key,
                                 .b = x->calls.items[p->call].site});
    }
    if (kwargs != VALUES_NONE) {
        uint32_t object = collected(x, p, kwargs, VALUES_DICT);
        if (object != SOLVE_NONE) {
            rs_solve_use(&x->solver, var, (solve_use){.kind = VALUES_U_SPREAD, .a = object});
        }
    }
}

static void pass_defaults(rs_values_linked *x, const passing *p)
{
    uint32_t first = x->names->files[p->file].first_binding;
    for (uint32_t i = 0; i < p->n_params; i++) {
        bool has_value = i < 64 && (p->has_value >> i & 1) != 0;
        uint32_t var = x->defaults[first + p->params[i]];
        if (!has_value && var != VALUES_NONE) {
            copy(x, var, param_var(x, p, i));
        }
    }
    uint32_t varargs = varargs_place(p);
    uint32_t kwargs = kwargs_place(p);
    if (varargs != VALUES_NONE) {
        collected(x, p, varargs, VALUES_TUPLE);
    }
    if (kwargs != VALUES_NONE) {
        collected(x, p, kwargs, VALUES_DICT);
    }
}

static void pass_all(rs_values_linked *x, passing *p)
{
    values_call call = x->calls.items[p->call];
    uint32_t stars = VALUES_NONE;
    for (uint32_t i = 0; i < call.n_arguments && !x->failed; i++) {
        values_argument argument = x->arguments.items[call.first_argument + i];
        switch ((values_pass)(argument.pass & ((1u << VALUES_PASS_BITS) - 1))) {
        case VALUES_BY_PLACE:
            pass_by_place(x, p, argument.var);
            break;
        case VALUES_BY_NAME:
            pass_by_name(x, p, argument.pass >> VALUES_PASS_BITS, argument.var);
            break;
        case VALUES_BY_STAR:
            pass_star(x, p, argument.var);
            break;
        case VALUES_BY_STARS:
        default:
            stars = argument.var;
            break;
        }
    }
    pass_stars(x, p, stars);
    pass_defaults(x, p);
}

/* --- what a call runs --- */

static void take_result(rs_values_linked *x, const names_function *of, uint32_t function,
                        uint32_t result)
{
    bool is_generator = (of->flags & NAMES_IS_GENERATOR) != 0;
    bool is_coroutine = (of->flags & NAMES_IS_COROUTINE) != 0;
    if (result == VALUES_NONE) {
        return;
    }
    if (!is_generator && !is_coroutine) {
        rs_solve_copy(&x->solver, values_result_var(x, function, false), result);
        return;
    }
    uint32_t object = rs_values_object_of(x, is_generator ? VALUES_O_GENERATOR : VALUES_O_COROUTINE,
                                          function, NAMES_NONE);
    if (object != SOLVE_NONE) {
        rs_solve_add(&x->solver, result, object);
    }
}

/* With another self a run is the same but for that. */
static bool was_run(rs_values_linked *x, uint32_t function, uint32_t self, uint32_t call)
{
    uint32_t once = 1;
    size_t n_before = x->runs.n_used;
    if (!rs_names_map_put(&x->runs, call, function << 1 | (self != SOLVE_NONE), &once)) {
        x->failed = true;
        return true;
    }
    return x->runs.n_used == n_before;
}

/* What a call passes first. */
static void copy_first(rs_values_linked *x, uint32_t call, uint32_t to)
{
    const values_call *of = &x->calls.items[call];
    if (of->n_arguments > 0 && to != VALUES_NONE &&
        x->arguments.items[of->first_argument].pass == VALUES_BY_PLACE) {
        copy(x, x->arguments.items[of->first_argument].var, to);
    }
}

static void run(rs_values_linked *x, uint32_t callee, uint32_t self, uint32_t call)
{
    passing p = {.function = values_object_at(x, callee)->a, .call = call};
    if (!values_is_own_function(x, p.function)) {
        rs_values_call_outside(x, p.function, self, call);
        note(x, call, callee);
        return;
    }
    p.of = values_function_of(x, p.function, &p.file);
    p.params = names_list(&x->names->files[p.file].view, p.of->params, &p.n_params);
    if (self != SOLVE_NONE && p.of->n_positional > 0) {
        rs_solve_add(&x->solver, param_var(x, &p, 0), self);
        p.next = 1;
        p.has_value = 1;
    }
    uint32_t result = x->calls.items[call].result;
    if (x->gives_self[p.function] != 0 && self != SOLVE_NONE && result != VALUES_NONE) {
        rs_solve_add(&x->solver, result, self);
    }
    if (was_run(x, p.function, self, call)) {
        return;
    }
    x->is_called[p.function] = 1;
    note(x, call, callee);
    take_result(x, p.of, p.function, result);
    pass_all(x, &p);
    if (x->gives_self[p.function] != 0 && self == SOLVE_NONE) {
        copy_first(x, call, result);
    }
}

/* A call with the arguments of a partial before its own. */
static uint32_t joined_call(rs_values_linked *x, uint32_t partial, uint32_t call)
{
    uint32_t found = (uint32_t)x->calls.n_items;
    values_call before = x->calls.items[partial];
    values_call of = x->calls.items[call];
    uint32_t n = before.n_arguments - 1 + of.n_arguments;
    if (n > MAX_ARGUMENTS || !rs_names_map_put(&x->joined, call, partial, &found)) {
        return VALUES_NONE;
    }
    if (found < x->calls.n_items) {
        return found;
    }
    if (!values_arguments_reserve(&x->arguments, n) || !values_calls_push(&x->calls, of)) {
        x->failed = true;
        return VALUES_NONE;
    }
    uint32_t first = (uint32_t)x->arguments.n_items;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = i + 1 < before.n_arguments ? before.first_argument + 1 + i
                                                   : of.first_argument + i + 1 - before.n_arguments;
        x->arguments.items[x->arguments.n_items++] = x->arguments.items[from];
    }
    x->calls.items[found].first_argument = first;
    x->calls.items[found].n_arguments = n;
    x->calls.items[found].quiet = VALUES_NONE;
    return found;
}

/* The same call, but that it is a callback. */
static void run_caller(rs_values_linked *x, uint32_t caller, uint32_t self, uint32_t call)
{
    uint32_t found = (uint32_t)x->calls.n_items;
    values_call of = x->calls.items[call];
    of.site = rs_values_site_as(x, of.site, RS_W_value_site_callback);
    of.quiet = VALUES_NONE;
    if (!rs_names_map_put(&x->joined, call, VALUES_KEY_BIT, &found) ||
        (found == x->calls.n_items && !values_calls_push(&x->calls, of))) {
        x->failed = true;
        return;
    }
    rs_values_invoke(x, values_object_at(x, caller)->a, self, found);
}

static void run_partial(rs_values_linked *x, uint32_t partial, uint32_t call)
{
    uint32_t joined = joined_call(x, partial, call);
    if (joined != VALUES_NONE && !x->failed) {
        x->calls.items[joined].site =
            rs_values_site_as(x, x->calls.items[joined].site, RS_W_value_site_callback);
        uint32_t callee = x->arguments.items[x->calls.items[partial].first_argument].var;
        if (callee != VALUES_NONE) {
            rs_solve_use(&x->solver, callee, (solve_use){.kind = VALUES_U_CALL, .a = joined});
        }
    }
}

/* property.setter(f): the property, whose field it becomes. */
static void run_accessor(rs_values_linked *x, const values_object *accessor, uint32_t call)
{
    values_call of = x->calls.items[call];
    uint32_t var = of.n_arguments > 0 ? x->arguments.items[of.first_argument].var : VALUES_NONE;
    if (var != VALUES_NONE) {
        rs_solve_copy(&x->solver, var, rs_values_field(x, accessor->a, VALUES_F_GET + accessor->b));
    }
    if (of.result != VALUES_NONE) {
        rs_solve_add(&x->solver, of.result, accessor->a);
    }
}

static void run_identity(rs_values_linked *x, const values_object *identity, uint32_t call)
{
    values_call of = x->calls.items[call];
    uint32_t var = of.n_arguments > 0 ? x->arguments.items[of.first_argument].var : VALUES_NONE;
    if (identity->a != 0 && var != VALUES_NONE && of.result != VALUES_NONE) {
        rs_solve_use(&x->solver, var,
                     (solve_use){.kind = VALUES_U_WRAP, .to = of.result, .a = VALUES_O_CALLER});
    } else if (of.n_arguments > 0 && of.result != VALUES_NONE) {
        copy(x, x->arguments.items[of.first_argument].var, of.result);
    }
}

/* --- instances --- */

/* What __new__ gives: where it is one of the class, __init__ runs. Instances of other classes that have the same
 * __new__ are those of other calls. */
void rs_values_made(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class = rs_values_class_of(x, object);
    uint32_t result = x->calls.items[use->b].result;
    bool is_other = class != use->a && class != NAMES_NONE &&
                    rs_values_special_member(x, class, VALUES_S_NEW) ==
                        rs_values_special_member(x, use->a, VALUES_S_NEW);
    if (is_other) {
        return;
    }
    if (result != VALUES_NONE) {
        rs_solve_add(&x->solver, result, object);
    }
    if (class == use->a) {
        rs_values_special_call(x, object, VALUES_S_INIT, quiet_call(x, use->b));
    }
}

static void make(rs_values_linked *x, uint32_t class, uint32_t call)
{
    uint32_t object = rs_values_object_of(x, VALUES_O_INSTANCE, class, NAMES_NONE);
    uint32_t of_class = rs_values_object_of(x, VALUES_O_CLASS, class, NAMES_NONE);
    uint32_t maker = rs_values_special_member(x, class, VALUES_S_NEW);
    solve_use made = {.kind = VALUES_U_MADE, .a = class, .b = call};
    if (object == SOLVE_NONE || of_class == SOLVE_NONE) {
        return;
    }
    if (maker == VALUES_NONE) {
        rs_values_made(x, &made, object);
        return;
    }
    uint32_t given = rs_solve_var(&x->solver);
    if (given == SOLVE_NONE) {
        return;
    }
    uint32_t quiet = quiet_call(x, call);
    values_call making = x->calls.items[quiet];
    making.result = given;
    making.quiet = quiet;
    if (!values_calls_push(&x->calls, making)) {
        x->failed = true;
        return;
    }
    rs_solve_use(&x->solver, given, made);
    rs_solve_use(&x->solver, maker,
                 (solve_use){.kind = VALUES_U_SELF_CALL,
                             .a = of_class,
                             .b = (uint32_t)x->calls.n_items - 1});
}

void rs_values_instantiate(rs_values_linked *x, uint32_t class, uint32_t call)
{
    if (names_is_outside(x->names, class)) {
        uint32_t result = x->calls.items[call].result;
        uint32_t object = rs_values_object_of(x, VALUES_O_INSTANCE, class, NAMES_NONE);
        if (!rs_values_make_outside(x, class, call) && result != VALUES_NONE &&
            object != SOLVE_NONE) {
            rs_solve_add(&x->solver, result, object);
        }
        return;
    }
    make(x, class, call);
}

static void run_class(rs_values_linked *x, uint32_t callee, uint32_t call)
{
    uint32_t class = values_object_at(x, callee)->a;
    uint32_t metaclass = x->names->classes[class].metaclass;
    uint32_t own = metaclass == NAMES_NONE ? VALUES_NONE
                                           : rs_values_special_member(x, metaclass, VALUES_S_CALL);
    note(x, call, callee);
    if (own != VALUES_NONE && metaclass != NAMES_NONE) {
        rs_values_special_call(x, callee, VALUES_S_CALL, call);
    }
    rs_values_instantiate(x, class, call);
}

void rs_values_invoke(rs_values_linked *x, uint32_t callee, uint32_t self, uint32_t call)
{
    static const unsigned deepest = MAX_NESTED;
    const values_object of = *values_object_at(x, callee);
    if (x->n_nested >= deepest || x->failed) {
        return;
    }
    x->n_nested++;
    switch (of.kind) {
    case VALUES_O_FUNCTION:
        run(x, callee, self, call);
        break;
    case VALUES_O_BOUND:
        rs_values_invoke(x, of.a, of.b, call);
        break;
    case VALUES_O_CLASS:
        run_class(x, callee, call);
        break;
    case VALUES_O_INSTANCE:
        rs_values_special_call(x, callee, VALUES_S_CALL, call);
        break;
    case VALUES_O_CALLER:
        run_caller(x, callee, self, call);
        break;
    case VALUES_O_PARTIAL:
        run_partial(x, of.a, call);
        break;
    case VALUES_O_STATIC:
    case VALUES_O_CLASS_METHOD:
        rs_values_invoke(x, of.a, SOLVE_NONE, call);
        break;
    case VALUES_O_ACCESSOR:
        run_accessor(x, &of, call);
        break;
    case VALUES_O_IDENTITY:
        run_identity(x, &of, call);
        break;
    case VALUES_O_EXTERNAL:
        rs_values_call_external(x, callee, call);
        note(x, call, callee);
        break;
    default:
        break;
    }
    x->n_nested--;
}
