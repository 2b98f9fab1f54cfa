/* SPDX-License-Identifier: Apache-2.0 */
/* Registers, and what all instructions share: forms, validity, faults. */
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

enum { ROOM_BYTES = RS_FRAME_ROWS * (sizeof(rs_str) + 1) };

rs_status rs_native_machine_reserve(rs_native_machine *machine, size_t n_registers, rs_error *err)
{
    if (n_registers > machine->n_registers) {
        rs_native_register *registers =
            rs_realloc(machine->registers, n_registers, sizeof *registers);
        if (registers == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
        }
        machine->registers = registers;
        while (machine->n_registers < n_registers) {
            registers[machine->n_registers++] = (rs_native_register){.room = NULL};
        }
    }
    for (size_t i = 0; i < n_registers; i++) {
        if (machine->registers[i].room == NULL) {
            machine->registers[i].room = rs_alloc(ROOM_BYTES, 1);
        }
        if (machine->registers[i].room == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
        }
    }
    return RS_OK;
}

void rs_native_machine_release(rs_native_machine *machine)
{
    for (size_t i = 0; i < machine->n_registers; i++) {
        rs_free(machine->registers[i].room);
    }
    rs_free(machine->registers);
    rs_arena_release(&machine->texts);
    *machine = (rs_native_machine){.registers = NULL};
}

rs_status rs_native_machine_run(rs_native_machine *machine, const rs_native_program *program,
                                const rs_native_batch *batch, rs_error *err)
{
    RS_ASSERT(program->n_registers <= machine->n_registers);
    RS_ASSERT(batch->n_rows > 0 && batch->n_rows <= RS_FRAME_ROWS);
    machine->batch = batch;
    for (size_t i = 0; i < program->ops.n_items && !machine->failed; i++) {
        program->ops.items[i].run(machine, &program->ops.items[i], batch->n_rows);
    }
    bool failed = machine->failed;
    machine->failed = false;
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory") : RS_OK;
}

rs_status rs_native_check(const rs_native_machine *machine, const rs_native_vector *value, size_t n,
                          rs_error *err)
{
    uint8_t all = 0;
    if (value->form == RS_FORM_NULL || value->valid == NULL) {
        return RS_OK;
    }
    for (size_t i = 0; i < (value->form == RS_FORM_CONSTANT ? 1 : n); i++) {
        all |= value->valid[i];
    }
    return (all & RS_NATIVE_FAULT) == 0
               ? RS_OK
               : rs_error_set(err, RS_ERR_ENGINE, "%s",
                              machine->fault != NULL ? machine->fault : "a value fails the rule");
}

void rs_native_set(rs_native_machine *machine, uint16_t at, rs_form form, const uint8_t *valid)
{
    rs_native_register *of = &machine->registers[at];
    of->value = (rs_native_vector){.form = form, .values = of->room, .valid = valid};
}

uint8_t *rs_native_own_validity(rs_native_machine *machine, uint16_t at, size_t n)
{
    rs_native_vector *value = &machine->registers[at].value;
    uint8_t *valid = rs_native_validity(machine, at);
    if (value->valid == NULL) {
        memset(valid, RS_NATIVE_VALID, n);
    } else if (value->valid != valid) {
        memcpy(valid, value->valid, n);
    }
    value->valid = valid;
    return valid;
}

/* --- operands --- */

/* A null with whatever: null; else a fault with whatever: a fault. */
static uint8_t both(uint8_t a, uint8_t b)
{
    return (uint8_t)(((a | b) & RS_NATIVE_FAULT) | (a & b & RS_NATIVE_VALID));
}

static const uint8_t *merge(rs_native_machine *machine, const rs_native_op *op,
                            const rs_native_vector *a, const rs_native_vector *b, size_t n)
{
    uint8_t *valid = rs_native_validity(machine, op->out);
    size_t a_step = a->form == RS_FORM_FLAT;
    size_t b_step = b->form == RS_FORM_FLAT;
    if (a->valid == NULL && b->valid == NULL) {
        return NULL;
    }
    if (a->valid == NULL || b->valid == NULL) {
        const uint8_t *one = a->valid != NULL ? a->valid : b->valid;
        if (a->valid != NULL ? a_step != 0 : b_step != 0) {
            memcpy(valid, one, n);
        } else {
            memset(valid, *one, n);
        }
        return valid;
    }
    for (size_t i = 0; i < n; i++) {
        valid[i] = both(a->valid[i * a_step], b->valid[i * b_step]);
    }
    return valid;
}

bool rs_native_begin(rs_native_machine *machine, const rs_native_op *op, size_t n,
                     rs_native_operands *operands)
{
    const rs_native_vector *a = rs_native_at(machine, op->a);
    const rs_native_vector *b = rs_native_at(machine, op->b);
    if (a->form == RS_FORM_NULL || b->form == RS_FORM_NULL) {
        rs_native_set(machine, op->out, RS_FORM_NULL, NULL);
        return false;
    }
    bool is_flat = a->form == RS_FORM_FLAT || b->form == RS_FORM_FLAT;
    size_t n_made = is_flat ? n : 1;
    rs_native_set(machine, op->out, is_flat ? RS_FORM_FLAT : RS_FORM_CONSTANT,
                  merge(machine, op, a, b, n_made));
    *operands = (rs_native_operands){.a = a->values,
                                     .b = b->values,
                                     .out = rs_native_values(machine, op->out),
                                     .a_steps = a->form == RS_FORM_FLAT,
                                     .b_steps = b->form == RS_FORM_FLAT,
                                     .n = n_made};
    return true;
}

bool rs_native_begin_one(rs_native_machine *machine, const rs_native_op *op, size_t n,
                         rs_native_operands *operands)
{
    const rs_native_vector *a = rs_native_at(machine, op->a);
    rs_native_set(machine, op->out, a->form, a->valid);
    *operands = (rs_native_operands){.a = a->values,
                                     .out = rs_native_values(machine, op->out),
                                     .a_steps = a->form == RS_FORM_FLAT,
                                     .n = a->form == RS_FORM_FLAT ? n : 1};
    return a->form != RS_FORM_NULL;
}
