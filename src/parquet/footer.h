/* SPDX-License-Identifier: Apache-2.0 */
/* footer.h - the structs of the format that are written, and their tables (thrift.h). */
#ifndef RS_PARQUET_FOOTER_H
#define RS_PARQUET_FOOTER_H

#include "parquet/statistics.h"
#include "parquet/thrift.h"

typedef enum rs_encoding {
    RS_ENCODING_PLAIN = 0,
    RS_ENCODING_RLE = 3,
    RS_ENCODING_DELTA_BINARY_PACKED = 5,
    RS_ENCODING_DELTA_LENGTH_BYTE_ARRAY = 6,
    RS_ENCODING_RLE_DICTIONARY = 8
} rs_encoding;

typedef enum rs_codec { RS_CODEC_UNCOMPRESSED = 0, RS_CODEC_ZSTD = 6 } rs_codec;

/* What the footer says of a column of a row group. */
typedef struct rs_chunk {
    rs_encoding encoding; /* of its data pages */
    rs_codec codec;
    uint64_t n_entries;
    uint64_t n_raw_bytes; /* headers of pages count in both */
    uint64_t n_stored_bytes;
    uint64_t dictionary_offset; /* 0: none */
    uint64_t data_offset;
    rs_statistics statistics;
} rs_chunk;

typedef struct rs_row_group {
    uint64_t n_rows;
    size_t first_chunk;
} rs_row_group;

RS_VEC_DEFINE(rs_chunk_vec, rs_chunk)
RS_VEC_DEFINE(rs_row_group_vec, rs_row_group)

/* A page: of a dictionary with n_entries, or of data. */
typedef struct rs_page_header {
    bool is_dictionary;
    size_t n_entries;
    rs_encoding encoding;
    size_t n_raw_bytes;
    size_t n_stored_bytes;
    const rs_statistics *statistics; /* NULL: those of the chunk are the page's */
} rs_page_header;

void rs_page_header_add(const rs_page_header *header, rs_bytes *out);

/* All that a footer is made of. */
typedef struct rs_footer_parts {
    const rs_parquet_column *columns;
    size_t n_columns;
    const rs_leaf *leaves;
    size_t n_leaves;
    const rs_row_group *groups;
    size_t n_groups;
    const rs_chunk *chunks; /* n_leaves a group */
    const rs_text_pair *metadata;
    size_t n_metadata;
    uint64_t n_rows;
} rs_footer_parts;

/* Errors: RS_ERR_NOMEM. */
rs_status rs_footer_parts_add(const rs_footer_parts *parts, rs_bytes *out,
                              rs_error *err) RS_MUST_USE;

#endif
