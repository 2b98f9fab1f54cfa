/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/findings.h"

#include <stdarg.h>
#include <stdio.h>

enum { MAX_MESSAGE_BYTES = 1024 };

rs_status rs_findings_init(rs_findings *self, rs_error *err)
{
    *self = (rs_findings){.checks = json_array(), .findings = json_array()};
    if (self->checks == NULL || self->findings == NULL) {
        rs_findings_release(self);
        return rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    return RS_OK;
}

void rs_findings_release(rs_findings *self)
{
    json_decref(self->checks);
    json_decref(self->findings);
    *self = (rs_findings){0};
}

static json_t *last_check(const rs_findings *self)
{
    size_t n_checks = json_array_size(self->checks);
    return n_checks == 0 ? NULL : json_array_get(self->checks, n_checks - 1);
}

static void count(rs_findings *self, const char *member, size_t n_more)
{
    json_t *row = last_check(self);
    RS_ASSERT(row != NULL || self->failed); /* a check was begun */
    json_int_t n_before = json_integer_value(json_object_get(row, member));
    rs_json_set(row, member, json_integer(n_before + (json_int_t)n_more), &self->failed);
}

void rs_findings_begin(rs_findings *self, const char *check)
{
    json_t *row = json_object();
    rs_json_set(row, "check", rs_json_text(check), &self->failed);
    rs_json_set(row, "compared", json_integer(0), &self->failed);
    rs_json_set(row, "findings", json_integer(0), &self->failed);
    rs_json_push(self->checks, row, &self->failed);
}

void rs_findings_compared(rs_findings *self, size_t n_compared)
{
    count(self, "compared", n_compared);
}

static json_t *copy_value(const json_t *value)
{
    return value == NULL ? json_null() : json_incref((json_t *)(uintptr_t)value);
}

void rs_findings_add(rs_findings *self, const char *object, const char *field,
                     const json_t *expected, const json_t *found, const char *format, ...)
{
    char message[MAX_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *check = json_string_value(json_object_get(last_check(self), "check"));
    json_t *row = json_object();
    rs_json_set(row, "check", rs_json_text(check), &self->failed);
    rs_json_set(row, "object", rs_json_text(object), &self->failed);
    rs_json_set(row, "field", rs_json_text(field), &self->failed);
    rs_json_set(row, "expected", copy_value(expected), &self->failed);
    rs_json_set(row, "found", copy_value(found), &self->failed);
    rs_json_set(row, "message", rs_json_text(message), &self->failed);
    rs_json_push(self->findings, row, &self->failed);
    count(self, "findings", 1);
}

size_t rs_findings_count(const rs_findings *self)
{
    return json_array_size(self->findings);
}

rs_status rs_findings_check(const rs_findings *self, rs_error *err)
{
    return self->failed ? rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory") : RS_OK;
}
