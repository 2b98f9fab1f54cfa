/* SPDX-License-Identifier: Apache-2.0 */
/* document.h - a YAML text as a tree whose every value knows where it stands.
 *
 * The subset that rule packs and policy files use: mappings with scalar keys, sequences, scalars.
 * Anchors, aliases, tags and further documents are refused. Text is UTF-8.
 *
 * Threads: one at a time.
 */
#ifndef RS_RULES_DOCUMENT_H
#define RS_RULES_DOCUMENT_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/str.h"
#include "plan/problem.h"

enum {
    RS_YAML_MAX_DEPTH = 32,
    RS_YAML_MAX_NODES = 200000,
    RS_YAML_MAX_FILE_BYTES = 16 * 1024 * 1024
};

typedef enum rs_yaml_kind { RS_YAML_SCALAR, RS_YAML_SEQUENCE, RS_YAML_MAPPING } rs_yaml_kind;

typedef struct rs_yaml rs_yaml;
struct rs_yaml {
    rs_yaml_kind kind;
    rs_place place;      /* of the first character */
    rs_place text_place; /* of the text's first character: behind a quote, in a block */
    rs_str text;         /* of a scalar; NUL-terminated */
    rs_str source;       /* the pack from text_place on; borrowed from it */
    size_t n_written;    /* of a mapping or sequence: how many bytes of source it takes */
    bool is_plain;       /* a scalar without quotes */
    rs_yaml *first;      /* first child: an item, or a mapping's first key */
    rs_yaml *next;       /* next sibling */
    rs_yaml *value;      /* of a mapping's key */
    size_t n_children;
};

/* Called with each fault that is found; message is borrowed. False when memory is out. */
typedef bool rs_problem_sink(void *context, rs_place place, const char *message);

/* Append a whole file. Errors: RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_NOMEM. */
rs_status rs_yaml_read_file(const char *path, rs_buf *out, rs_error *err) RS_MUST_USE;

/*
 * Read text; *out is NULL when it is empty or was refused, which sink has been told.
 *
 * Ownership: the tree lies in arena; place.file is file, borrowed.
 * Errors: RS_ERR_NOMEM; RS_ERR_CANCELLED once stop is raised (base/stop.h).
 */
rs_status rs_yaml_read(rs_arena *arena, const char *file, rs_str text, const atomic_bool *stop,
                       rs_problem_sink *sink, void *context, rs_yaml **out,
                       rs_error *err) RS_MUST_USE;

/* Where the byte at offset of a scalar's text stands in the pack, while that is read. */
rs_place rs_yaml_place_at(const rs_yaml *scalar, size_t offset);

/* A mapping or sequence as it stands in the pack, with comments, moved to the left margin; lines end
 * in a line feed. While the pack's text lives. */
void rs_yaml_add_written(const rs_yaml *value, rs_buf *out);

/* The value of a mapping's key; NULL when there is none. */
const rs_yaml *rs_yaml_get(const rs_yaml *mapping, const char *key);

/* A scalar that YAML reads as what nobody wrote: null or ~ without quotes. */
bool rs_yaml_is_null(const rs_yaml *scalar);

/* "a mapping", "a list", "a text": what a message calls it. */
const char *rs_yaml_kind_name(rs_yaml_kind kind);

#endif
