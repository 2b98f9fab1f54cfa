/* SPDX-License-Identifier: Apache-2.0 */
/* chunk.h - a leaf's values of a row group as pages: encoded, and compressed where that gains. */
#ifndef RS_PARQUET_CHUNK_H
#define RS_PARQUET_CHUNK_H

#include "parquet/footer.h"
#include "parquet/sink.h"

/* A page before it is compressed. */
typedef struct rs_raw_page {
    rs_page_header header;
    rs_statistics statistics;
    size_t start; /* in raw */
    size_t packed_start;
} rs_raw_page;

RS_VEC_DEFINE(rs_raw_page_vec, rs_raw_page)

/* What encoding a chunk takes beside its leaf: kept from one to the next. */
typedef struct rs_encoder {
    rs_number_dictionary *numbers;
    rs_bytes places; /* by stored value: uint32_t, its number in a dictionary */
    rs_bytes dense;  /* values of a page, where runs have to be spelt out */
    rs_bytes raw;
    rs_bytes packed;
    rs_bytes header;
    rs_raw_page_vec pages;
    void *zstd;
} rs_encoder;

/* Errors: RS_ERR_NOMEM. The caller releases it in any case. */
rs_status rs_encoder_init(rs_encoder *self, rs_error *err) RS_MUST_USE;
void rs_encoder_release(rs_encoder *self);

/* Write the pages of a leaf that was finished. Errors: RS_ERR_NOMEM, RS_ERR_IO. */
rs_status rs_chunk_write(rs_encoder *self, const rs_leaf *leaf, rs_byte_sink *out, rs_chunk *chunk,
                         rs_error *err) RS_MUST_USE;

#endif
