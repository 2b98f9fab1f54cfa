/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "base/alloc.h"
#include "base/stop.h"

enum { MESSAGE_BYTES = 200, READ_BYTES = 65536 };

typedef struct key_slot {
    const rs_yaml *mapping;
    const rs_yaml *key; /* NULL: the slot is free */
} key_slot;

typedef struct reader {
    const atomic_bool *stop;
    yaml_parser_t parser;
    rs_arena *arena;
    const char *file;
    rs_str source;         /* from the last event's place on */
    rs_place source_place; /* that place */
    rs_problem_sink *sink;
    void *context;
    rs_yaml *stack[RS_YAML_MAX_DEPTH]; /* open sequences and mappings */
    rs_yaml *last[RS_YAML_MAX_DEPTH];  /* their last child */
    bool has_key[RS_YAML_MAX_DEPTH];   /* the last child is a key that waits for its value */
    size_t depth;
    size_t n_nodes;
    key_slot *slots; /* open addressing; a power of two, or none */
    size_t n_slots;
    size_t n_keys;
    rs_yaml *root;
} reader;

const char *rs_yaml_kind_name(rs_yaml_kind kind)
{
    switch (kind) {
    case RS_YAML_SCALAR:
        return "a text";
    case RS_YAML_SEQUENCE:
        return "a list";
    case RS_YAML_MAPPING:
        return "a mapping";
    }
    return "";
}

bool rs_yaml_is_null(const rs_yaml *scalar)
{
    static const char *const words[] = {"null", "Null", "NULL", "~"};
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !found; i++) {
        found = scalar->is_plain && rs_str_equal(scalar->text, rs_str_of(words[i]));
    }
    return found;
}

const rs_yaml *rs_yaml_get(const rs_yaml *mapping, const char *key)
{
    for (const rs_yaml *child = mapping->first; child != NULL; child = child->next) {
        if (rs_str_equal(child->text, rs_str_of(key))) {
            return child->value;
        }
    }
    return NULL;
}

static rs_place place_of(const reader *in, yaml_mark_t mark)
{
    return (rs_place){in->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static rs_status out_of_memory(const reader *in, rs_error *err)
{
    rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", in->file);
    return RS_ERR_NOMEM;
}

/* Tell the sink; what follows cannot be read, so this is always the last problem of a text. */
static rs_status refuse(reader *in, rs_place place, const char *message, rs_error *err)
{
    if (!in->sink(in->context, place, message)) {
        return out_of_memory(in, err);
    }
    rs_error_set(err, RS_ERR_INVALID, "%s", message);
    return RS_ERR_INVALID;
}

/* Go over one character of the source. */
static void step(rs_str *source, rs_place *place)
{
    place->line += source->bytes[0] == '\n';
    /* libyaml counts characters: a byte that continues one is none. */
    place->column =
        source->bytes[0] == '\n' ? 1 : place->column + rs_starts_character(source->bytes[0]);
    source->bytes++;
    source->n_bytes--;
}

static char char_of(rs_str source, size_t index)
{
    if (index >= source.n_bytes) {
        return '\0';
    }
    return source.bytes[index];
}

/* Go on to a place, from where the last event stood: events come in the order of their places. */
static void go_to(reader *in, rs_place to)
{
    rs_place *place = &in->source_place;
    while (in->source.n_bytes > 0 &&
           (place->line < to.line || (place->line == to.line && place->column < to.column))) {
        step(&in->source, place);
    }
}

/* Set where the scalar's text begins: behind a quote; in a block, behind its head and indentation. */
static void find_text(reader *in, rs_yaml *node, yaml_scalar_style_t style)
{
    go_to(in, node->place);
    rs_str source = in->source;
    rs_place place = in->source_place;
    bool is_quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (is_quoted && source.n_bytes > 0) {
        step(&source, &place);
    } else if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        while (source.n_bytes > 0 && source.bytes[0] != '\n') {
            step(&source, &place);
        }
        while (char_of(source, 0) == ' ' || char_of(source, 0) == '\n') {
            step(&source, &place);
        }
    }
    node->text_place = place;
    node->source = source;
}

rs_place rs_yaml_place_at(const rs_yaml *scalar, size_t offset)
{
    rs_str source = scalar->source;
    rs_place place = scalar->text_place;
    for (size_t i = 0; i < offset && i < scalar->text.n_bytes && source.n_bytes > 0; i++) {
        char written = char_of(source, 0);
        char follows = char_of(source, 1);
        /* '' and \" stand for one character. */
        bool is_pair = !scalar->is_plain && ((written == '\'' && follows == '\'') ||
                                             (written == '\\' && scalar->text.bytes[i] == follows));
        if (is_pair) {
            step(&source, &place);
        }
        step(&source, &place);
        /* A line end, kept or folded, and the indentation behind it. */
        while (written == '\n' && (char_of(source, 0) == ' ' || char_of(source, 0) == '\n')) {
            step(&source, &place);
        }
    }
    return place;
}

/* --- as it was written --- */

/* The line that starts text, with its end. */
static rs_str first_line(rs_str text)
{
    const char *end = memchr(text.bytes, '\n', text.n_bytes);
    return (rs_str){text.bytes, end == NULL ? text.n_bytes : (size_t)(end - text.bytes) + 1};
}

static size_t n_blanks(rs_str line)
{
    size_t n_bytes = 0;
    while (n_bytes < line.n_bytes && line.bytes[n_bytes] == ' ') {
        n_bytes++;
    }
    return n_bytes;
}

/* A line with nothing or a comment. */
static bool is_no_value(rs_str line)
{
    char first = char_of(line, n_blanks(line));
    return first == '\0' || first == '\n' || first == '\r' || first == '#';
}

/* How far the last line that holds a value goes: comments behind it belong to what follows. */
static size_t n_bytes_with_values(rs_str text)
{
    size_t n_bytes = 0;
    for (size_t at = 0; at < text.n_bytes;) {
        rs_str line = first_line((rs_str){text.bytes + at, text.n_bytes - at});
        at += line.n_bytes;
        n_bytes = is_no_value(line) ? n_bytes : at;
    }
    return n_bytes;
}

void rs_yaml_add_written(const rs_yaml *value, rs_buf *out)
{
    size_t indentation = 0; /* the first line starts behind its own */
    rs_str rest = {value->source.bytes, value->n_written};
    rest.n_bytes = n_bytes_with_values(rest);
    while (rest.n_bytes > 0) {
        rs_str line = first_line(rest);
        size_t n_cut = n_blanks(line) < indentation ? n_blanks(line) : indentation;
        rs_buf_append(out, line.bytes + n_cut, line.n_bytes - n_cut);
        rest = (rs_str){rest.bytes + line.n_bytes, rest.n_bytes - line.n_bytes};
        indentation = value->place.column - 1;
    }
    if (out->n_bytes > 0 && out->bytes[out->n_bytes - 1] != '\n') {
        rs_buf_add_char(out, '\n');
    }
}

/* --- building the tree --- */

static size_t slot_of(const reader *in, const rs_yaml *mapping, rs_str key)
{
    uint64_t hash = (uintptr_t)mapping;
    for (size_t i = 0; i < key.n_bytes; i++) {
        hash = (hash ^ (unsigned char)key.bytes[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (size_t)hash & (in->n_slots - 1);
}

static void put_key(reader *in, const rs_yaml *mapping, const rs_yaml *key, bool *is_new)
{
    size_t slot = slot_of(in, mapping, key->text);
    *is_new = true;
    while (in->slots[slot].key != NULL) {
        *is_new = in->slots[slot].mapping != mapping ||
                  !rs_str_equal(in->slots[slot].key->text, key->text);
        if (!*is_new) {
            return;
        }
        slot = (slot + 1) & (in->n_slots - 1);
    }
    in->slots[slot] = (key_slot){mapping, key};
    in->n_keys++;
}

/* All keys of the text stand in one table; false when memory is out. */
static bool add_key(reader *in, const rs_yaml *mapping, const rs_yaml *key, bool *is_new)
{
    if (2 * in->n_keys >= in->n_slots) {
        key_slot *before = in->slots;
        size_t n_before = in->n_slots;
        size_t n_slots = n_before == 0 ? 64 : 4 * n_before;
        key_slot *slots = rs_alloc_zero(n_slots, sizeof *slots);
        if (slots == NULL) {
            return false;
        }
        in->slots = slots;
        in->n_slots = n_slots;
        in->n_keys = 0;
        for (size_t i = 0; i < n_before; i++) {
            if (before[i].key != NULL) {
                put_key(in, before[i].mapping, before[i].key, is_new);
            }
        }
        rs_free(before);
    }
    put_key(in, mapping, key, is_new);
    return true;
}

/* Hang node into the innermost open one. */
static rs_status attach(reader *in, rs_yaml *node, rs_error *err)
{
    if (in->depth == 0) {
        in->root = node;
        return RS_OK;
    }
    size_t top = in->depth - 1;
    rs_yaml *parent = in->stack[top];
    if (parent->kind == RS_YAML_MAPPING && in->has_key[top]) {
        in->last[top]->value = node;
        in->has_key[top] = false;
        return RS_OK;
    }
    if (parent->kind == RS_YAML_MAPPING) {
        char message[MESSAGE_BYTES];
        if (node->kind != RS_YAML_SCALAR) {
            return refuse(in, node->place, "a key must be a text", err);
        }
        bool is_new = false;
        if (!add_key(in, parent, node, &is_new)) {
            return out_of_memory(in, err);
        }
        if (!is_new) {
            (void)snprintf(message, sizeof message, "key %.60s stands here twice",
                           node->text.bytes);
            return refuse(in, node->place, message, err);
        }
        in->has_key[top] = true;
    }
    if (in->last[top] == NULL) {
        parent->first = node;
    } else {
        in->last[top]->next = node;
    }
    in->last[top] = node;
    parent->n_children++;
    return RS_OK;
}

static rs_status add_node(reader *in, const yaml_event_t *event, rs_yaml_kind kind, rs_yaml **out,
                          rs_error *err)
{
    rs_place place = place_of(in, event->start_mark);
    if (++in->n_nodes > RS_YAML_MAX_NODES) {
        return refuse(in, place, "more values than the limit", err);
    }
    rs_yaml *node = rs_arena_alloc(in->arena, 1, sizeof *node);
    if (node == NULL) {
        return out_of_memory(in, err);
    }
    *node = (rs_yaml){.kind = kind, .place = place, .text_place = place};
    *out = node;
    return RS_OK;
}

static rs_status add_scalar(reader *in, const yaml_event_t *event, rs_error *err)
{
    rs_yaml *node = NULL;
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
        return refuse(in, place_of(in, event->start_mark), "no anchors and tags here", err);
    }
    RS_TRY(add_node(in, event, RS_YAML_SCALAR, &node, err));
    RS_ASSERT(node != NULL);
    const char *bytes = (const char *)event->data.scalar.value;
    char *text = rs_arena_strndup(in->arena, bytes, event->data.scalar.length);
    if (text == NULL) {
        return out_of_memory(in, err);
    }
    if (strlen(text) != event->data.scalar.length) {
        return refuse(in, node->place, "a null byte in a text", err);
    }
    node->text = (rs_str){text, event->data.scalar.length};
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    find_text(in, node, event->data.scalar.style);
    return attach(in, node, err);
}

static rs_status open_node(reader *in, const yaml_event_t *event, rs_yaml_kind kind, rs_error *err)
{
    rs_yaml *node = NULL;
    const yaml_char_t *anchor = kind == RS_YAML_MAPPING ? event->data.mapping_start.anchor
                                                        : event->data.sequence_start.anchor;
    if (anchor != NULL) {
        return refuse(in, place_of(in, event->start_mark), "no anchors and tags here", err);
    }
    if (in->depth == RS_YAML_MAX_DEPTH) {
        return refuse(in, place_of(in, event->start_mark), "nested deeper than the limit", err);
    }
    RS_TRY(add_node(in, event, kind, &node, err));
    RS_ASSERT(node != NULL);
    RS_TRY(attach(in, node, err));
    go_to(in, node->place);
    node->source = in->source;
    in->stack[in->depth] = node;
    in->last[in->depth] = NULL;
    in->has_key[in->depth] = false;
    in->depth++;
    return RS_OK;
}

/* A block ends where what follows starts. */
static void close_node(reader *in, const yaml_event_t *event)
{
    rs_yaml *node = in->stack[--in->depth];
    go_to(in, place_of(in, event->end_mark));
    node->n_written = (size_t)(in->source.bytes - node->source.bytes);
}

static rs_status handle(reader *in, const yaml_event_t *event, bool *at_end, rs_error *err)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return add_scalar(in, event, err);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(in, event, RS_YAML_SEQUENCE, err);
    case YAML_MAPPING_START_EVENT:
        return open_node(in, event, RS_YAML_MAPPING, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_node(in, event);
        return RS_OK;
    case YAML_ALIAS_EVENT:
        return refuse(in, place_of(in, event->start_mark), "no anchors and tags here", err);
    case YAML_DOCUMENT_START_EVENT:
        if (in->root != NULL) {
            return refuse(in, place_of(in, event->start_mark), "a second document in one file",
                          err);
        }
        return RS_OK;
    case YAML_STREAM_END_EVENT:
        *at_end = true;
        return RS_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return RS_OK;
    }
    return RS_OK;
}

static rs_status read_events(reader *in, rs_error *err)
{
    bool at_end = false;
    while (!at_end) {
        yaml_event_t event;
        RS_TRY(rs_stop_check(in->stop, err));
        if (yaml_parser_parse(&in->parser, &event) == 0) {
            char message[MESSAGE_BYTES];
            if (in->parser.error == YAML_MEMORY_ERROR) {
                return out_of_memory(in, err);
            }
            (void)snprintf(message, sizeof message, "no YAML: %s",
                           in->parser.problem != NULL ? in->parser.problem : "bad text");
            return refuse(in, place_of(in, in->parser.problem_mark), message, err);
        }
        rs_status status = handle(in, &event, &at_end, err);
        yaml_event_delete(&event);
        if (status != RS_OK) {
            return status;
        }
    }
    return RS_OK;
}

/* Neither a pipe, which may never begin or end, nor a device. */
static rs_status open_file(const char *path, FILE **out, rs_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (fd >= 0 &&
        (fstat(fd, &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)))) {
        (void)close(fd);
        return rs_error_set(err, RS_ERR_IO, "open %s: not a regular file", path);
    }
    *out = fd >= 0 ? fdopen(fd, "rb") : NULL;
    return *out != NULL ? RS_OK : rs_error_set_errno(err, errno, "open %s", path);
}

rs_status rs_yaml_read_file(const char *path, rs_buf *out, rs_error *err)
{
    FILE *file = NULL;
    RS_TRY(open_file(path, &file, err));
    char *block = rs_alloc(READ_BYTES, 1);
    rs_status status = RS_OK;
    if (block == NULL) {
        status = rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", path);
    }
    while (status == RS_OK) {
        size_t n_read = fread(block, 1, READ_BYTES, file);
        if (n_read == 0) {
            break;
        }
        rs_buf_append(out, block, n_read);
        if (out->n_bytes > RS_YAML_MAX_FILE_BYTES) {
            status = rs_error_set(err, RS_ERR_LIMIT, "read %s: larger than %d bytes", path,
                                  (int)RS_YAML_MAX_FILE_BYTES);
        }
    }
    if (status == RS_OK && ferror(file) != 0) {
        status = rs_error_set_errno(err, errno, "read %s", path);
    }
    RS_THEN(status, rs_buf_check(out, err));
    rs_free(block);
    (void)fclose(file);
    return status;
}

rs_status rs_yaml_read(rs_arena *arena, const char *file, rs_str text, const atomic_bool *stop,
                       rs_problem_sink *sink, void *context, rs_yaml **out, rs_error *err)
{
    *out = NULL;
    reader in = {.arena = arena,
                 .file = file,
                 .source = text,
                 .source_place = {file, 1, 1},
                 .stop = stop,
                 .sink = sink,
                 .context = context};
    if (yaml_parser_initialize(&in.parser) == 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", file);
    }
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)text.bytes, text.n_bytes);
    yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
    rs_error ignored = {0};
    rs_status status = read_events(&in, &ignored);
    yaml_parser_delete(&in.parser);
    rs_free(in.slots);
    if (status == RS_ERR_INVALID) {
        return RS_OK;
    }
    if (status != RS_OK) {
        return rs_error_set(err, status, "%s", ignored.message);
    }
    *out = in.root;
    return RS_OK;
}
