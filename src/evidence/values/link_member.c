/* SPDX-License-Identifier: Apache-2.0 */
/* link_member.c - attributes: what classes have, what reading, storing and calling it does. */
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

#define NO_MEMBER (UINT32_MAX - 1)

/* --- classes --- */

typedef struct member_search {
    uint32_t sources[2];
    uint32_t n_sources;
    uint32_t joined; /* variable that has them, once there are several */
} member_search;

static void source_add(rs_values_linked *x, member_search *search, uint32_t var)
{
    if (search->n_sources == 0) {
        search->sources[search->n_sources++] = var;
        return;
    }
    if (search->n_sources++ == 1) {
        search->joined = rs_solve_var(&x->solver);
        x->failed = x->failed || search->joined == SOLVE_NONE;
        if (!x->failed) {
            rs_solve_copy(&x->solver, search->sources[0], search->joined);
        }
    }
    if (!x->failed) {
        rs_solve_copy(&x->solver, var, search->joined);
    }
}

/* True: the class has it itself, and hides what stands behind. */
static bool own_member(rs_values_linked *x, uint32_t class, uint32_t text, member_search *search)
{
    bool is_known = text < x->names->texts.n_items;
    uint32_t slot = is_known ? rs_names_map_get(&x->names->slots, names_scope_of_class(class), text)
                             : NAMES_NONE;
    bool is_own = !names_is_outside(x->names, class);
    if (slot == NAMES_NONE && (!is_own || rs_names_map_get(&x->stored, text, 0) == NAMES_NONE)) {
        return false;
    }
    uint32_t object = rs_values_object_of(x, VALUES_O_CLASS, class, NAMES_NONE);
    if (object != SOLVE_NONE) {
        source_add(x, search, rs_values_field(x, object, text));
    }
    return slot != NAMES_NONE;
}

static void search_member(rs_values_linked *x, uint32_t class, uint32_t text, uint32_t behind,
                          member_search *search)
{
    const names_class_facts *facts = &x->names->classes[class];
    bool is_past = behind == NAMES_NONE;
    if (facts->n_ancestors == 0) {
        if (is_past) {
            own_member(x, class, text, search);
        }
        return;
    }
    uint32_t n = facts->n_ancestors + facts->n_virtual;
    for (uint32_t i = 0; i < n && !x->failed; i++) {
        const names_ancestor *ancestor = &x->names->ancestors.items[facts->first_ancestor + i];
        if (ancestor->is_external || ancestor->number == NAMES_NONE) {
            continue;
        }
        if (!is_past) {
            is_past = ancestor->number == behind;
        } else if (own_member(x, ancestor->number, text, search)) {
            return;
        }
    }
}

uint32_t rs_values_member(rs_values_linked *x, uint32_t class, uint32_t text, uint32_t behind)
{
    uint32_t found = behind == NAMES_NONE ? rs_names_map_get(&x->members, class, text) : NAMES_NONE;
    if (found != NAMES_NONE) {
        return found == NO_MEMBER ? VALUES_NONE : found;
    }
    member_search search = {.n_sources = 0};
    search_member(x, class, text, behind, &search);
    uint32_t var = search.n_sources == 0   ? VALUES_NONE
                   : search.n_sources == 1 ? search.sources[0]
                                           : search.joined;
    uint32_t put = var == VALUES_NONE ? NO_MEMBER : var;
    if (behind == NAMES_NONE && !rs_names_map_put(&x->members, class, text, &put)) {
        x->failed = true;
    }
    return x->failed ? VALUES_NONE : var;
}

/* Of the repository: what the interpreter's own classes do calls nobody. */
uint32_t rs_values_special_member(rs_values_linked *x, uint32_t class, values_special special)
{
    uint32_t text = x->special[special];
    if (class == NAMES_NONE || text == NAMES_NONE || names_is_outside(x->names, class)) {
        return VALUES_NONE;
    }
    return rs_values_member(x, class, text, NAMES_NONE);
}

/* --- reading --- */

static void bind_use(rs_values_linked *x, uint32_t member, uint32_t object, uint32_t to,
                     uint32_t site)
{
    rs_solve_use(&x->solver, member,
                 (solve_use){.kind = VALUES_U_BIND, .to = to, .a = object, .b = site});
}

static void load_of_class(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class = values_object_at(x, object)->a;
    uint32_t member = rs_values_member(x, class, use->a, NAMES_NONE);
    uint32_t metaclass = x->names->classes[class].metaclass;
    if (member != VALUES_NONE) {
        bind_use(x, member, object, use->to, use->b);
    } else if (metaclass != NAMES_NONE) { /* whose instance the class is */
        member = rs_values_member(x, metaclass, use->a, NAMES_NONE);
        if (member != VALUES_NONE) {
            rs_solve_use(
                &x->solver, member,
                (solve_use){
                    .kind = VALUES_U_BIND, .to = use->to, .a = object, .b = use->b, .c = true});
        }
    }
}

/* Where an attribute is read: of x.f() that is x.f, which stands first in the call. */
static uint32_t attribute_site(rs_values_linked *x, uint32_t site)
{
    values_site of = x->sites.items[site];
    uint32_t found = (uint32_t)x->sites.n_items;
    if (of.kind != RS_W_value_site_call) {
        return rs_values_site_as(x, site, RS_W_value_site_attribute);
    }
    if (!rs_names_map_put(&x->site_kinds, site, RS_W_value_site_attribute, &found)) {
        x->failed = true;
        return site;
    }
    return found < x->sites.n_items
               ? found
               : rs_values_site(x, of.file, of.node + 1, RS_W_value_site_attribute);
}

/* __getattribute__, and __getattr__ where nothing else is found. */
static void load_by_hook(rs_values_linked *x, const solve_use *use, uint32_t object, bool is_found)
{
    uint32_t class = values_object_at(x, object)->a;
    uint32_t name = rs_values_object_of(x, VALUES_O_STRING, use->a, NAMES_NONE);
    for (values_special hook = VALUES_S_GETATTR; hook <= VALUES_S_GETATTRIBUTE; hook++) {
        bool is_asked = hook == VALUES_S_GETATTRIBUTE || !is_found;
        if (!is_asked || rs_values_special_member(x, class, hook) == VALUES_NONE) {
            continue;
        }
        uint32_t var = rs_solve_var(&x->solver);
        if (var == SOLVE_NONE || name == SOLVE_NONE) {
            return;
        }
        rs_solve_add(&x->solver, var, name);
        uint32_t call = rs_values_call_once(x, use->to, VALUES_KEY_BIT | use->a,
                                            attribute_site(x, use->b), use->to, &var, 1);
        rs_values_special_call(x, object, hook, call);
    }
}

static void load_of_instance(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class = values_object_at(x, object)->a;
    bool is_stored = rs_names_map_get(&x->stored, use->a, 0) != NAMES_NONE;
    uint32_t member = rs_values_member(x, class, use->a, NAMES_NONE);
    if (is_stored && !names_is_outside(x->names, class)) {
        rs_solve_copy(&x->solver, rs_values_field(x, object, use->a), use->to);
    }
    if (member != VALUES_NONE) {
        bind_use(x, member, object, use->to, use->b);
    }
    load_by_hook(x, use, object, member != VALUES_NONE || is_stored);
}

static void load_of_super(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_object super = *values_object_at(x, object);
    values_object inner = *values_object_at(x, super.b);
    uint32_t member = rs_values_member(x, inner.a, use->a, super.a);
    if (member != VALUES_NONE) {
        bind_use(x, member, super.b, use->to, use->b);
    }
}

static void load_of_property(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    static const char *const names[] = {
        [VALUES_GETTER] = "getter", [VALUES_SETTER] = "setter", [VALUES_DELETER] = "deleter"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (rs_str_equal(rs_values_text_of(x, use->a), rs_str_of(names[i]))) {
            uint32_t accessor = rs_values_object_of(x, VALUES_O_ACCESSOR, object, i);
            if (accessor != SOLVE_NONE) {
                rs_solve_add(&x->solver, use->to, accessor);
            }
        }
    }
}

static void load_of_external(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    rs_str text = rs_values_text_of(x, values_object_at(x, object)->a);
    uint32_t n_parts = 1;
    for (size_t i = 0; i < text.n_bytes; i++) {
        n_parts += text.bytes[i] == '.';
    }
    if (n_parts >= VALUES_MAX_EXTERNAL) {
        return;
    }
    rs_buf_reset(&x->text);
    rs_buf_add_str(&x->text, text);
    rs_buf_add_char(&x->text, '.');
    rs_buf_add_str(&x->text, rs_values_text_of(x, use->a));
    uint32_t number = rs_values_text_number(x, rs_buf_str(&x->text));
    uint32_t other = rs_values_object_of(x, VALUES_O_EXTERNAL, number, NAMES_NONE);
    if (other != SOLVE_NONE) {
        rs_solve_add(&x->solver, use->to, other);
    }
}

/* Functions, and what is bound, have what is stored on them; __call__ is the thing itself. */
static void load_of_callable(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (use->a == x->call_text) {
        rs_solve_add(&x->solver, use->to, object);
    } else if (values_is(x, object, VALUES_O_FUNCTION) &&
               rs_names_map_get(&x->stored, use->a, 0) != NAMES_NONE) {
        rs_solve_copy(&x->solver, rs_values_field(x, object, use->a), use->to);
    }
}

void rs_values_load(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class;
    switch (values_object_at(x, object)->kind) {
    case VALUES_O_MODULE:
        rs_solve_copy(&x->solver, rs_values_field(x, object, use->a), use->to);
        break;
    case VALUES_O_CLASS:
        load_of_class(x, use, object);
        break;
    case VALUES_O_INSTANCE:
        load_of_instance(x, use, object);
        break;
    case VALUES_O_SUPER:
        load_of_super(x, use, object);
        break;
    case VALUES_O_PROPERTY:
        load_of_property(x, use, object);
        break;
    case VALUES_O_EXTERNAL:
        load_of_external(x, use, object);
        break;
    case VALUES_O_FUNCTION:
    case VALUES_O_BOUND:
        load_of_callable(x, use, object);
        break;
    default:
        class = rs_values_class_of(x, object);
        uint32_t member =
            class == NAMES_NONE ? VALUES_NONE : rs_values_member(x, class, use->a, NAMES_NONE);
        if (member != VALUES_NONE) {
            bind_use(x, member, object, use->to, use->b);
        }
        break;
    }
}

/* --- members of an object --- */

static bool is_of_instance(const rs_values_linked *x, const solve_use *use)
{
    return use->c != 0 || !values_is(x, use->a, VALUES_O_CLASS);
}

/* Functions outside say by decorators in their stub what they are. */
static uint32_t flags_of(const rs_values_linked *x, uint32_t function)
{
    return values_is_own_function(x, function) ? 0 : x->names->function_flags[function];
}

/* What reading a member from an object gives, where that calls nobody; SOLVE_NONE: the member itself. */
static uint32_t bound(rs_values_linked *x, uint32_t object, uint32_t member, bool of_instance)
{
    values_object of = *values_object_at(x, member);
    uint32_t class = object;
    if (of.kind == VALUES_O_STATIC) {
        return of.a;
    }
    if (of.kind == VALUES_O_CLASS_METHOD ||
        (of.kind == VALUES_O_FUNCTION && (flags_of(x, of.a) & NAMES_F_CLASS) != 0)) {
        uint32_t number = rs_values_class_of(x, object);
        class = !of_instance           ? object
                : number == NAMES_NONE ? SOLVE_NONE
                                       : rs_values_object_of(x, VALUES_O_CLASS, number, NAMES_NONE);
        uint32_t inner = of.kind == VALUES_O_CLASS_METHOD ? of.a : member;
        return class == SOLVE_NONE ? inner : rs_values_object_of(x, VALUES_O_BOUND, inner, class);
    }
    if (of.kind == VALUES_O_CALLER && of_instance) {
        return rs_values_object_of(x, VALUES_O_BOUND, member, object);
    }
    if (of.kind == VALUES_O_FUNCTION && of_instance && (flags_of(x, of.a) & NAMES_F_STATIC) == 0) {
        return rs_values_object_of(x, VALUES_O_BOUND, member, object);
    }
    return SOLVE_NONE;
}

/* Reading a property or descriptor calls it; false: the member is neither. */
static bool read_by_call(rs_values_linked *x, const solve_use *use, uint32_t member, uint32_t to,
                         uint32_t site)
{
    uint32_t object = use->a;
    values_object of = *values_object_at(x, member);
    bool is_property = of.kind == VALUES_O_PROPERTY && is_of_instance(x, use);
    bool has_get = of.kind == VALUES_O_INSTANCE &&
                   rs_values_special_member(x, of.a, VALUES_S_GET) != VALUES_NONE;
    if (!is_property && !has_get) {
        return false;
    }
    uint32_t at = attribute_site(x, site);
    if (is_property) {
        uint32_t call = rs_values_call_once(x, to, VALUES_F_GET, at, to, NULL, 0);
        rs_solve_use(&x->solver, rs_values_field(x, member, VALUES_F_GET),
                     (solve_use){.kind = VALUES_U_SELF_CALL, .a = object, .b = call});
        return true;
    }
    uint32_t var = rs_solve_var(&x->solver);
    if (var != SOLVE_NONE) {
        rs_solve_add(&x->solver, var, object);
        uint32_t call = rs_values_new_call(x, at, to, &var, 1);
        rs_values_special_call(x, member, VALUES_S_GET, call);
    }
    return true;
}

void rs_values_bind(rs_values_linked *x, const solve_use *use, uint32_t member)
{
    bool of_instance = is_of_instance(x, use);
    if (use->kind == VALUES_U_BIND) {
        if (!read_by_call(x, use, member, use->to, use->b)) {
            uint32_t object = bound(x, use->a, member, of_instance);
            rs_solve_add(&x->solver, use->to, object == SOLVE_NONE ? member : object);
        }
        return;
    }
    values_object of = *values_object_at(x, member);
    uint32_t call = use->b;
    bool is_plain =
        of.kind == VALUES_O_FUNCTION && (flags_of(x, of.a) & (NAMES_F_STATIC | NAMES_F_CLASS)) == 0;
    if (is_plain && of_instance) { /* a bound method that nobody sees */
        rs_values_invoke(x, member, use->a, call);
        return;
    }
    uint32_t to = x->calls.items[call].callee;
    if (to == VALUES_NONE) {
        uint32_t object = bound(x, use->a, member, of_instance);
        rs_values_invoke(x, object == SOLVE_NONE ? member : object, SOLVE_NONE, call);
    } else if (!read_by_call(x, use, member, to, x->calls.items[call].site)) {
        uint32_t object = bound(x, use->a, member, of_instance);
        rs_values_invoke(x, object == SOLVE_NONE ? member : object, SOLVE_NONE, call);
    }
}

/* --- calls of methods --- */

/* Of an instance's class, directly; what is stored on it, and all else, is read first. */
void rs_values_method(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t call = use->a;
    uint32_t callee = x->calls.items[call].callee;
    uint32_t site = x->calls.items[call].site;
    solve_use load = {.kind = VALUES_U_LOAD, .to = callee, .a = use->b, .b = site};
    uint32_t class = rs_values_class_of(x, object);
    uint32_t member =
        class == NAMES_NONE ? VALUES_NONE : rs_values_member(x, class, use->b, NAMES_NONE);
    bool is_super = values_is(x, object, VALUES_O_SUPER);
    if (is_super) {
        values_object super = *values_object_at(x, object);
        values_object inner = *values_object_at(x, super.b);
        member = rs_values_member(x, inner.a, use->b, super.a);
        object = super.b;
    }
    if (member == VALUES_NONE) {
        if (!is_super) {
            rs_values_load(x, &load, object);
        }
        return;
    }
    if (values_is(x, object, VALUES_O_INSTANCE) && !is_super &&
        !names_is_outside(x->names, class) &&
        rs_names_map_get(&x->stored, use->b, 0) != NAMES_NONE) {
        rs_solve_copy(&x->solver, rs_values_field(x, object, use->b), callee);
    }
    rs_solve_use(&x->solver, member,
                 (solve_use){.kind = VALUES_U_BIND_CALL, .a = object, .b = call});
}

bool rs_values_has_own(const rs_values_linked *x, uint32_t class, uint32_t text)
{
    const names_class_facts *facts = &x->names->classes[class];
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *of = &x->names->ancestors.items[facts->first_ancestor + i];
        bool is_known = !of->is_external && of->number != NAMES_NONE;
        if (is_known && rs_names_map_get(&x->names->slots, names_scope_of_class(of->number),
                                         text) != NAMES_NONE) {
            return !names_is_outside(x->names, of->number);
        }
    }
    return false;
}

bool rs_values_named_call(rs_values_linked *x, uint32_t object, uint32_t text, uint32_t call)
{
    uint32_t class = rs_values_class_of(x, object);
    if (values_is(x, object, VALUES_O_CLASS)) {
        class = x->names->classes[values_object_at(x, object)->a].metaclass;
    }
    if (text == NAMES_NONE || class == NAMES_NONE || names_is_outside(x->names, class)) {
        return false;
    }
    uint32_t member = rs_values_member(x, class, text, NAMES_NONE);
    if (member == VALUES_NONE) {
        return false;
    }
    /* An object's class is searched, even where that is an object of a metaclass: bound to the object. */
    rs_solve_use(&x->solver, member,
                 (solve_use){.kind = values_is(x, object, VALUES_O_CLASS) ? VALUES_U_SELF_CALL
                                                                          : VALUES_U_BIND_CALL,
                             .a = object,
                             .b = call});
    return true;
}

bool rs_values_special_call(rs_values_linked *x, uint32_t object, values_special special,
                            uint32_t call)
{
    return rs_values_named_call(x, object, x->special[special], call);
}

/* --- storing --- */

static void store_by_hook(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class = values_object_at(x, object)->a;
    if (rs_values_special_member(x, class, VALUES_S_SETATTR) == VALUES_NONE) {
        return;
    }
    uint32_t name = rs_values_object_of(x, VALUES_O_STRING, use->a, NAMES_NONE);
    uint32_t vars[2] = {rs_solve_var(&x->solver), use->b};
    if (name == SOLVE_NONE || vars[0] == SOLVE_NONE) {
        return;
    }
    rs_solve_add(&x->solver, vars[0], name);
    rs_values_special_call(x, object, VALUES_S_SETATTR,
                           rs_values_new_call(x, use->c, VALUES_NONE, vars, 2));
}

void rs_values_store(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_object of = *values_object_at(x, object);
    bool is_instance = of.kind == VALUES_O_INSTANCE && !names_is_outside(x->names, of.a);
    bool is_own_class = of.kind == VALUES_O_CLASS && !names_is_outside(x->names, of.a);
    if (is_instance) {
        uint32_t member = rs_values_member(x, of.a, use->a, NAMES_NONE);
        store_by_hook(x, use, object);
        if (member != VALUES_NONE) {
            rs_solve_use(
                &x->solver, member,
                (solve_use){.kind = VALUES_U_BIND_STORE, .a = object, .b = use->b, .c = use->c});
        }
    }
    if (use->b != VALUES_NONE && (is_instance || is_own_class || of.kind == VALUES_O_MODULE ||
                                  of.kind == VALUES_O_FUNCTION)) {
        rs_solve_copy(&x->solver, use->b, rs_values_field(x, object, use->a));
    }
}

void rs_values_bind_store(rs_values_linked *x, const solve_use *use, uint32_t member)
{
    values_object of = *values_object_at(x, member);
    if (of.kind == VALUES_O_PROPERTY) {
        uint32_t call = rs_values_new_call(x, use->c, VALUES_NONE, &use->b, 1);
        rs_solve_use(&x->solver, rs_values_field(x, member, VALUES_F_GET + VALUES_SETTER),
                     (solve_use){.kind = VALUES_U_SELF_CALL, .a = use->a, .b = call});
    } else if (of.kind == VALUES_O_INSTANCE &&
               rs_values_special_member(x, of.a, VALUES_S_SET) != VALUES_NONE) {
        uint32_t vars[2] = {rs_solve_var(&x->solver), use->b};
        if (vars[0] != SOLVE_NONE) {
            rs_solve_add(&x->solver, vars[0], use->a);
            rs_values_special_call(x, member, VALUES_S_SET,
                                   rs_values_new_call(x, use->c, VALUES_NONE, vars, 2));
        }
    }
}
