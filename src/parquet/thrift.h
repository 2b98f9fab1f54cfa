/* SPDX-License-Identifier: Apache-2.0 */
/* thrift.h - structs in Thrift's compact protocol, by tables of their fields.
 *
 * A table says where each field of a C struct lies and what it is; fields stand in the order of their
 * ids. A field that is all-zero is not written: numbers are set by RS_THRIFT(), texts have bytes, structs
 * and lists an address.
 */
#ifndef RS_PARQUET_THRIFT_H
#define RS_PARQUET_THRIFT_H

#include "parquet/bytes.h"

typedef enum rs_thrift_kind {
    RS_THRIFT_BOOL,     /* rs_thrift_int, 0 or 1 */
    RS_THRIFT_I32,      /* rs_thrift_int */
    RS_THRIFT_I64,      /* rs_thrift_int */
    RS_THRIFT_BINARY,   /* rs_str */
    RS_THRIFT_STRUCT,   /* a pointer to what `of` describes */
    RS_THRIFT_I32S,     /* rs_thrift_list of int32_t */
    RS_THRIFT_BINARIES, /* rs_thrift_list of rs_str */
    RS_THRIFT_STRUCTS   /* rs_thrift_list of what `of` describes */
} rs_thrift_kind;

typedef struct rs_thrift_int {
    int64_t number;
    bool is_set;
} rs_thrift_int;

#define RS_THRIFT(value) ((rs_thrift_int){.number = (int64_t)(value), .is_set = true})

typedef struct rs_thrift_list {
    const void *items; /* NULL: there is none */
    size_t n_items;
} rs_thrift_list;

typedef struct rs_thrift_struct rs_thrift_struct;

typedef struct rs_thrift_field {
    int id;
    rs_thrift_kind kind;
    size_t offset;
    const rs_thrift_struct *of; /* STRUCT, STRUCTS */
} rs_thrift_field;

struct rs_thrift_struct {
    const rs_thrift_field *fields;
    size_t n_fields;
    size_t n_bytes; /* of the C struct */
};

/* Append value, which type describes. */
void rs_thrift_add(const rs_thrift_struct *type, const void *value, rs_bytes *out);

#endif
