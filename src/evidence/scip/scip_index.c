/* SPDX-License-Identifier: Apache-2.0 */
/* scip_index.c - where in an index each document lies: protobuf's framing, walked by hand.
 *
 * An Index is a run of fields, each a key (number << 3 | wire type) and a value. Of the fields that
 * we know, 1 is the metadata, 2 a document, 3 an external symbol; in both of the latter field 1 is
 * the text that it is found by. All others are passed over. The last one of a field wins, as
 * protobuf has it.
 */
#include "evidence/scip/scip.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/scip/scip_impl.h"

enum {
    WINDOW_BYTES = 1 << 20,
    MAX_METADATA_BYTES = 1 << 20,
    MAX_VARINT_BYTES = 10,
    FIELD_METADATA = 1,
    FIELD_DOCUMENT = 2,
    FIELD_EXTERNAL = 3,
    FIELD_KEY_TEXT = 1
};

typedef enum wire_type {
    WIRE_VARINT = 0,
    WIRE_64_BITS = 1,
    WIRE_BYTES = 2,
    WIRE_32_BITS = 5
} wire_type;

/* A window that moves over the file, hashing what passes. */
typedef struct wire {
    int fd;
    uint8_t *window;
    size_t n_window;   /* bytes in it */
    size_t at;         /* the next one */
    uint64_t n_before; /* bytes of the file before the window */
    uint64_t n_bytes;  /* of the file */
    uint64_t end;      /* of the message that is walked: no field may reach behind it */
    rs_sha256 *hash;
    int errno_value; /* of the read that failed */
    const atomic_bool *stop;
} wire;

static uint64_t wire_offset(const wire *self)
{
    return self->n_before + self->at;
}

/* False at the end of the file, or when reading fails. */
static bool wire_fill(wire *self)
{
    ssize_t n_read;
    if (rs_stopped(self->stop)) {
        return false;
    }
    do {
        n_read = read(self->fd, self->window, WINDOW_BYTES);
    } while (n_read < 0 && errno == EINTR);
    if (n_read <= 0) {
        self->errno_value = n_read < 0 ? errno : 0;
        return false;
    }
    self->n_before += self->n_window;
    self->n_window = (size_t)n_read;
    self->at = 0;
    rs_sha256_add(self->hash, self->window, self->n_window);
    return true;
}

static bool wire_byte(wire *self, uint8_t *out)
{
    if (self->at == self->n_window && !wire_fill(self)) {
        return false;
    }
    *out = self->window[self->at++];
    return true;
}

/* Pass n_bytes, appending them to out unless that is NULL. */
static bool wire_bytes(wire *self, uint64_t n_bytes, rs_buf *out)
{
    while (n_bytes > 0) {
        if (self->at == self->n_window && !wire_fill(self)) {
            return false;
        }
        size_t n_here = self->n_window - self->at;
        n_here = n_bytes < n_here ? (size_t)n_bytes : n_here;
        if (out != NULL) {
            rs_buf_append(out, (const char *)self->window + self->at, n_here);
        }
        self->at += n_here;
        n_bytes -= n_here;
    }
    return true;
}

static bool wire_varint(wire *self, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
        uint8_t byte;
        if (wire_offset(self) >= self->end || !wire_byte(self, &byte)) {
            return false;
        }
        *out |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

/* A field before its value; n_bytes is the length of all but a varint. */
typedef struct wire_field {
    uint64_t number;
    wire_type type;
    uint64_t n_bytes;
} wire_field;

static bool wire_field_next(wire *self, wire_field *field)
{
    uint64_t key;
    if (!wire_varint(self, &key)) {
        return false;
    }
    field->number = key >> 3;
    field->type = (wire_type)(key & 7);
    field->n_bytes = 0;
    switch (key & 7) {
    case WIRE_VARINT:
        break;
    case WIRE_64_BITS:
        field->n_bytes = 8;
        break;
    case WIRE_32_BITS:
        field->n_bytes = 4;
        break;
    case WIRE_BYTES:
        if (!wire_varint(self, &field->n_bytes)) {
            return false;
        }
        break;
    default: /* groups, which SCIP never had, and numbers that mean nothing */
        return false;
    }
    return field->number != 0 && field->n_bytes <= self->end - wire_offset(self);
}

static bool wire_field_skip(wire *self, const wire_field *field)
{
    uint64_t number;
    return field->type == WIRE_VARINT ? wire_varint(self, &number)
                                      : wire_bytes(self, field->n_bytes, NULL);
}

/* --- the index --- */

typedef struct walker {
    rs_scip_index *index;
    wire wire;
    rs_buf key;
    uint64_t max_key_bytes;
} walker;

/* Take the text that a document or external symbol is found by, or pass over another field. */
static bool walk_inner_field(walker *self)
{
    wire_field field;
    if (!wire_field_next(&self->wire, &field)) {
        return false;
    }
    if (field.number != FIELD_KEY_TEXT || field.type != WIRE_BYTES) {
        return wire_field_skip(&self->wire, &field);
    }
    if (field.n_bytes > self->max_key_bytes) {
        return false;
    }
    rs_buf_reset(&self->key);
    return wire_bytes(&self->wire, field.n_bytes, &self->key);
}

/*
 * A message of n_bytes. What breaks inside of it is left to whoever decodes it: its length is
 * still to be trusted.
 */
static bool walk_message(walker *self, uint64_t n_bytes)
{
    uint64_t end = wire_offset(&self->wire) + n_bytes;
    uint64_t outer_end = self->wire.end;
    self->wire.end = end;
    rs_buf_reset(&self->key);
    while (wire_offset(&self->wire) < end && walk_inner_field(self)) {
    }
    self->wire.end = outer_end;
    return wire_bytes(&self->wire, end - wire_offset(&self->wire), NULL);
}

static bool add_entry(walker *self, rs_scip_entries *entries, uint64_t offset, uint64_t n_bytes)
{
    rs_str key = rs_buf_str(&self->key);
    rs_scip_entry entry = {.offset = offset, .n_bytes = n_bytes};
    entry.key.bytes = rs_arena_strndup(&self->index->text, key.bytes, key.n_bytes);
    entry.key.n_bytes = key.n_bytes;
    return !self->key.failed && entry.key.bytes != NULL && rs_scip_entries_push(entries, entry);
}

/* One field of the Index. *has_room is false when memory ran out. */
static bool walk_field(walker *self, bool *has_room)
{
    rs_scip_index *index = self->index;
    wire_field field;
    if (!wire_field_next(&self->wire, &field)) {
        return false;
    }
    uint64_t offset = wire_offset(&self->wire);
    if (field.type != WIRE_BYTES || field.number > FIELD_EXTERNAL) {
        return wire_field_skip(&self->wire, &field);
    }
    if (field.number == FIELD_METADATA) {
        return index->metadata.n_bytes + field.n_bytes <= MAX_METADATA_BYTES &&
               wire_bytes(&self->wire, field.n_bytes, &index->metadata);
    }
    if (!walk_message(self, field.n_bytes)) {
        return false;
    }
    rs_scip_entries *entries =
        field.number == FIELD_DOCUMENT ? &index->documents : &index->externals;
    *has_room = add_entry(self, entries, offset, field.n_bytes);
    return *has_room;
}

static void refuse(rs_scip_index *index, rs_w_scip_reason reason, const char *what, uint64_t offset)
{
    index->is_usable = false;
    index->reason = reason;
    snprintf(index->message, sizeof index->message, "%s at byte %" PRIu64 " of %" PRIu64, what,
             offset, index->n_bytes);
}

static rs_status walk(walker *self, rs_error *err)
{
    rs_scip_index *index = self->index;
    bool has_room = true;
    uint64_t at = 0;
    while (at < self->wire.n_bytes && !rs_stopped(self->wire.stop) && walk_field(self, &has_room)) {
        at = wire_offset(&self->wire);
    }
    RS_TRY(rs_stop_check(self->wire.stop, err));
    if (!has_room || index->metadata.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory");
    }
    if (self->wire.errno_value != 0) {
        refuse(index, RS_W_scip_reason_index_unreadable, "reading fails", at);
    } else if (at < self->wire.n_bytes) {
        refuse(index, RS_W_scip_reason_index_broken, "no field of an index", at);
    } else if (index->metadata.n_bytes == 0) {
        refuse(index, RS_W_scip_reason_index_broken, "no metadata: the end is", at);
    }
    while (self->wire.errno_value == 0 && wire_fill(&self->wire)) {
    } /* what is behind the fault belongs to the hash too */
    RS_TRY(rs_stop_check(self->wire.stop, err));
    if (self->wire.errno_value == 0) {
        rs_sha256_finish(self->wire.hash, index->sha256);
    }
    return RS_OK;
}

static int compare_entries(const void *left, const void *right)
{
    const rs_scip_entry *a = left;
    const rs_scip_entry *b = right;
    int order = rs_str_compare(a->key, b->key);
    if (order == 0) {
        order = a->n_bytes < b->n_bytes ? -1 : a->n_bytes > b->n_bytes;
    }
    return order != 0 ? order : a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void sort_entries(rs_scip_entries *entries)
{
    if (entries->n_items > 0) {
        qsort(entries->items, entries->n_items, sizeof *entries->items, compare_entries);
    }
}

/* What tools count columns in that declare it for no document. */
static const struct {
    const char *tool;
    rs_w_scip_position_encoding encoding;
} habits[] = {
    {"scip-python", RS_W_scip_position_encoding_UTF16}, /* a JavaScript string's units */
    {"scip-typescript", RS_W_scip_position_encoding_UTF16},
};

/* What the metadata says of columns. */
static rs_status settle_encoding(rs_scip_index *index, rs_error *err)
{
    rs_scip_reader reader = {0};
    rs_scip_metadata metadata;
    index->encoding = RS_W_scip_position_encoding_UTF32;
    rs_status status = rs_scip_read_metadata(&reader, index, &metadata, err);
    if (status == RS_OK && reader.verdict != RS_SCIP_DECODED) {
        refuse(index, RS_W_scip_reason_index_broken, "the metadata is none: the end is",
               index->n_bytes);
    }
    for (size_t i = 0; i < sizeof habits / sizeof habits[0] && status == RS_OK; i++) {
        if (rs_str_equal(metadata.tool_name, rs_str_of(habits[i].tool))) {
            index->encoding = habits[i].encoding;
        }
    }
    index->sources_are_utf8 = metadata.text_encoding == RS_W_scip_text_encoding_UTF8;
    rs_scip_reader_release(&reader);
    return status;
}

/* Open for reading; a directory or a pipe is no index. */
static bool open_file(rs_scip_index *index, const char *path)
{
    struct stat file;
    index->reason = RS_W_scip_reason_index_unreadable;
    index->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    index->is_open = index->fd >= 0;
    if (!index->is_open || fstat(index->fd, &file) != 0) {
        rs_error cause;
        (void)rs_error_set_errno(&cause, errno, "open the SCIP index");
        snprintf(index->message, sizeof index->message, "%.*s", RS_SCIP_MESSAGE_BYTES - 1,
                 cause.message);
        return false;
    }
    if (!S_ISREG(file.st_mode)) {
        snprintf(index->message, sizeof index->message, "open the SCIP index: no regular file");
        return false;
    }
    index->n_bytes = (uint64_t)file.st_size;
    return true;
}

rs_status rs_scip_open(rs_scip_index *index, const char *path, const rs_lens_options *options,
                       rs_error *err)
{
    walker self = {.index = index, .max_key_bytes = options->scip_limits.max_key_bytes};
    index->stop = options->stop;
    index->max_document_bytes = options->scip_limits.max_document_bytes;
    if (!open_file(index, path)) {
        return RS_OK;
    }
    index->is_usable = true;
    self.wire = (wire){
        .stop = options->stop, .fd = index->fd, .n_bytes = index->n_bytes, .end = index->n_bytes};
    self.wire.window = rs_alloc(WINDOW_BYTES, 1);
    self.wire.hash = rs_sha256_new();
    rs_status status = self.wire.window != NULL && self.wire.hash != NULL
                           ? walk(&self, err)
                           : rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory");
    if (status == RS_OK && index->is_usable) {
        sort_entries(&index->documents);
        sort_entries(&index->externals);
        status = settle_encoding(index, err);
    }
    rs_buf_release(&self.key);
    rs_sha256_free(self.wire.hash);
    rs_free(self.wire.window);
    return status;
}

void rs_scip_release(rs_scip_index *index)
{
    if (index->is_open) {
        close(index->fd);
    }
    rs_scip_entries_release(&index->documents);
    rs_scip_entries_release(&index->externals);
    rs_buf_release(&index->metadata);
    rs_arena_release(&index->text);
    rs_scip_table_release(&index->table);
    *index = (rs_scip_index){0};
}

rs_status rs_scip_match(rs_scip_index *index, const rs_repo_files *files, rs_error *err)
{
    size_t file = 0;
    for (size_t i = 0; i < index->documents.n_items; i++) {
        rs_scip_entry *entry = &index->documents.items[i];
        while (file < files->n_items && rs_str_compare(files->items[file].path, entry->key) < 0) {
            file++;
        }
        entry->has_file =
            file < files->n_items && rs_str_equal(files->items[file].path, entry->key);
    }
    return index->is_usable ? rs_scip_table_fill(index, files, err) : RS_OK;
}

/* --- reading messages again --- */

size_t rs_scip_group_end(const rs_scip_entries *entries, size_t first)
{
    size_t end = first + 1;
    while (end < entries->n_items &&
           rs_str_equal(entries->items[end].key, entries->items[first].key)) {
        end++;
    }
    return end;
}

size_t rs_scip_group_find(const rs_scip_entries *entries, rs_str key)
{
    size_t low = 0;
    size_t high = entries->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rs_str_compare(entries->items[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool rs_scip_read_message(const rs_scip_index *index, const rs_scip_entry *entry, char *out)
{
    uint64_t n_done = 0;
    while (n_done < entry->n_bytes) {
        ssize_t n_read = pread(index->fd, out + n_done, (size_t)(entry->n_bytes - n_done),
                               (off_t)(entry->offset + n_done));
        if (n_read < 0 && errno == EINTR) {
            continue;
        }
        if (n_read <= 0) {
            return false; /* somebody changed the file meanwhile */
        }
        n_done += (uint64_t)n_read;
    }
    return true;
}
