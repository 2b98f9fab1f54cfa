/* SPDX-License-Identifier: Apache-2.0 */
/* scope_builtin.c - names that nothing in a file binds, and that are there all the same. */
#include "evidence/scope/scope_impl.h"

enum { OF_BUILTINS = RS_N_W_scope_type };

typedef struct known_name {
    const char *name;
    uint8_t where; /* OF_BUILTINS, or the rs_w_scope_type whose scopes have it */
} known_name;

/* Each list in order. */
static const known_name builtins[] = {
#define RS_BUILTIN(name, since, until, where) {#name, OF_BUILTINS},
#define RS_IMPLICIT(name, since, until, scope)
#include "evidence/scope/builtins.def"
};
static const known_name implicit[] = {
#define RS_BUILTIN(name, since, until, where)
#define RS_IMPLICIT(name, since, until, scope) {#name, RS_W_scope_type_##scope},
#include "evidence/scope/builtins.def"
};

static bool is_builtin(rs_str name)
{
    size_t low = 0;
    size_t high = sizeof builtins / sizeof builtins[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = rs_str_compare(rs_str_of(builtins[middle].name), name);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/* A module's are seen everywhere, a class's in its own body. */
static bool is_implicit(rs_str name, rs_w_scope_type type)
{
    if (name.n_bytes < 2 || name.bytes[0] != '_' || name.bytes[1] != '_') {
        return false;
    }
    for (size_t i = 0; i < sizeof implicit / sizeof implicit[0]; i++) {
        if (rs_str_equal(rs_str_of(implicit[i].name), name) &&
            (implicit[i].where == RS_W_scope_type_module || implicit[i].where == type)) {
            return true;
        }
    }
    return false;
}

rs_w_resolution rs_scope_unbound(rs_str name, rs_w_scope_type type, bool has_star)
{
    if (is_implicit(name, type)) {
        return RS_W_resolution_implicit;
    }
    if (is_builtin(name)) {
        return has_star ? RS_W_resolution_star_or_builtin : RS_W_resolution_builtin;
    }
    return has_star ? RS_W_resolution_star_import : RS_W_resolution_unbound;
}
