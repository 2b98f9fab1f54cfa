/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine.h"

#include <string.h>

static const rs_engine_type *const types[] = {&rs_engine_type_duckdb, &rs_engine_type_native};

const rs_engine_type *rs_engine_type_get(size_t index)
{
    return index < sizeof types / sizeof types[0] ? types[index] : NULL;
}

const rs_engine_type *rs_engine_type_default(void)
{
    return types[0];
}

const rs_engine_type *rs_engine_type_find(rs_str name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (rs_str_equal(name, rs_str_of(types[i]->name))) {
            return types[i];
        }
    }
    return NULL;
}

const rs_engine_type *rs_engine_type_beside(void)
{
    size_t i = 0;
    while ((types[i]->capabilities & RS_ENGINE_BORROWS) == 0) {
        i++;
        RS_ASSERT(i < sizeof types / sizeof types[0]);
    }
    return types[i];
}

bool rs_plan_has_lineage(const rs_plan *plan)
{
    for (size_t i = 0; i < plan->n_inputs; i++) {
        const rs_dataset *dataset = plan->inputs[i].dataset;
        if (strcmp(dataset->lens, "relationship") != 0 && strchr(dataset->key, ',') != NULL) {
            return false;
        }
    }
    return true;
}

static bool has(const rs_engine_type *type, unsigned capabilities)
{
    return (type->capabilities & capabilities) == capabilities;
}

static rs_status refuse(const char *name, const char *why, unsigned capabilities, rs_error *err)
{
    rs_buf names = {0};
    rs_buf_add(&names, capabilities == RS_ENGINE_BUILDS ? RS_ENGINE_AUTO : "");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (has(types[i], capabilities)) {
            rs_buf_add(&names, names.n_bytes == 0 ? "" : ", ");
            rs_buf_add(&names, types[i]->name);
        }
    }
    rs_status status = rs_error_set(err, RS_ERR_INVALID, "engine %s: %s; there is %s", name, why,
                                    rs_buf_text(&names));
    rs_buf_release(&names);
    return status;
}

rs_status rs_engine_type_choose(const char *name, unsigned capabilities, const rs_engine_type **out,
                                rs_error *err)
{
    if (name == NULL) {
        *out = rs_engine_type_default();
        return RS_OK;
    }
    *out = rs_engine_type_find(rs_str_of(name));
    if (*out == NULL) {
        return refuse(name, "there is no such engine", capabilities, err);
    }
    return has(*out, capabilities)
               ? RS_OK
               : refuse(name, "it runs rules, but no build yet", capabilities, err);
}
