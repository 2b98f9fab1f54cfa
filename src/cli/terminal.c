/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c - what we print comes from repositories, bundles and packs, and a terminal obeys some of it.
 *
 * stdout and stderr are streams of ours, through whose one function every byte goes: what a terminal
 * would obey, and what changes the order in which text is read, is shown instead. Our own colours stand
 * in texts as CLI_ESC and one of a few codes, which nothing that is printed can spell: 0xff is no UTF-8.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CODE_BYTES = 8, OUT_BYTES = 4096 };

typedef struct filter {
    int fd;
    cli_dress dress;
    unsigned char kept[MAX_CODE_BYTES]; /* the start of a character, or of a code of ours */
    size_t n_kept;
    char out[OUT_BYTES];
    size_t n_out;
    int errno_value; /* of the write that failed */
} filter;

static filter standard_output = {.fd = STDOUT_FILENO};
static filter standard_error = {.fd = STDERR_FILENO};

static void flush(filter *self)
{
    size_t at = 0;
    while (at < self->n_out && self->errno_value == 0) {
        ssize_t n_written = write(self->fd, self->out + at, self->n_out - at);
        if (n_written >= 0) {
            at += (size_t)n_written;
        } else if (errno != EINTR) {
            self->errno_value = errno;
        }
    }
    self->n_out = 0;
}

static void put(filter *self, const void *bytes, size_t n_bytes)
{
    RS_ASSERT(n_bytes <= sizeof self->out);
    if (self->n_out + n_bytes > sizeof self->out) {
        flush(self);
    }
    memcpy(self->out + self->n_out, bytes, n_bytes);
    self->n_out += n_bytes;
}

/* --- what is shown instead --- */

/* C0 but for line ends and tabs, DEL, C1; what marks, embeds, overrides and isolates directions of text,
 * and what separates lines and paragraphs. */
static bool is_obeyed(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f) || c == 0x61c ||
           (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void put_character(filter *self, const unsigned char *bytes, size_t n_bytes, uint32_t c)
{
    char shown[16];
    if (!is_obeyed(c)) {
        put(self, bytes, n_bytes);
    } else if (c < 0x80 && self->dress != CLI_JSON) {
        put(self, shown, (size_t)snprintf(shown, sizeof shown, "\\x%02x", (unsigned)c));
    } else {
        put(self, shown, (size_t)snprintf(shown, sizeof shown, "\\u%04x", (unsigned)c));
    }
}

static void put_stray(filter *self, unsigned char byte)
{
    char shown[16];
    put(self, shown, (size_t)snprintf(shown, sizeof shown, "\\x%02x", (unsigned)byte));
}

/* --- characters and codes --- */

static const struct {
    const char *written;
    const char *meant;
} codes[] = {{CLI_STRONG, "\033[1m"}, {CLI_FAINT, "\033[2m"}, {CLI_GOOD, "\033[1;32m"},
             {CLI_BAD, "\033[1;31m"}, {CLI_PLAIN, "\033[0m"}, {CLI_CLEAR_LINE, "\r\033[K"}};

/* A code of ours: how many bytes it has; 0 when it is none, SIZE_MAX while it may become one. */
static size_t take_code(filter *self, const unsigned char *bytes, size_t n_bytes)
{
    size_t verdict = 0;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        size_t n_code = strlen(codes[i].written);
        RS_ASSERT(n_code <= MAX_CODE_BYTES);
        size_t n_same = n_bytes < n_code ? n_bytes : n_code;
        if (memcmp(bytes, codes[i].written, n_same) != 0) {
            continue;
        }
        if (n_same == n_code) {
            put(self, codes[i].meant, strlen(codes[i].meant));
            return n_code;
        }
        verdict = SIZE_MAX;
    }
    return verdict;
}

/* How many bytes a character of that first byte has; 0 where none starts with it. */
static size_t length_of(unsigned char first)
{
    return first < 0x80   ? 1
           : first < 0xc2 ? 0
           : first < 0xe0 ? 2
           : first < 0xf0 ? 3
           : first < 0xf5 ? 4
                          : 0;
}

/* The character at bytes; false when they are none. */
static bool decode(const unsigned char *bytes, size_t n_bytes, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    RS_ASSERT(n_bytes >= 1 && n_bytes < sizeof least / sizeof least[0]);
    *c = n_bytes == 1 ? bytes[0] : bytes[0] & (0x7fU >> n_bytes);
    for (size_t i = 1; i < n_bytes; i++) {
        if (rs_starts_character((char)bytes[i])) {
            return false;
        }
        *c = *c << 6 | (bytes[i] & 0x3fU);
    }
    return *c >= least[n_bytes] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
}

/* Take what is whole; returns how many bytes were taken. With is_end, what is not whole is stray. */
static size_t take(filter *self, const unsigned char *bytes, size_t n_bytes, bool is_end)
{
    RS_ASSERT(n_bytes > 0);
    if (bytes[0] == 0xff) {
        size_t n_code = take_code(self, bytes, n_bytes);
        if (n_code == SIZE_MAX && !is_end) {
            return 0;
        }
        if (n_code != 0 && n_code != SIZE_MAX) {
            return n_code;
        }
    }
    size_t n_character = length_of(bytes[0]);
    uint32_t c = 0;
    if (n_character > n_bytes && !is_end) {
        return 0;
    }
    if (n_character == 0 || n_character > n_bytes || !decode(bytes, n_character, &c)) {
        put_stray(self, bytes[0]);
        return 1;
    }
    put_character(self, bytes, n_character, c);
    return n_character;
}

static void take_all(filter *self, const unsigned char *bytes, size_t n_bytes, bool is_end)
{
    for (size_t at = 0; at < n_bytes;) {
        size_t n_taken = take(self, bytes + at, n_bytes - at, is_end);
        if (n_taken == 0) {
            RS_ASSERT(n_bytes - at < sizeof self->kept);
            memcpy(self->kept, bytes + at, n_bytes - at);
            self->n_kept = n_bytes - at;
            return;
        }
        at += n_taken;
    }
}

/* --- streams --- */

static ssize_t write_filtered(void *cookie, const char *bytes, size_t n_bytes)
{
    filter *self = cookie;
    const unsigned char *from = (const unsigned char *)bytes;
    size_t at = 0;
    if (self->dress == CLI_RAW) {
        for (; at < n_bytes; at += OUT_BYTES) {
            put(self, bytes + at, n_bytes - at < OUT_BYTES ? n_bytes - at : OUT_BYTES);
        }
        at = n_bytes;
    }
    /* What was kept goes on with a byte at a time, until it is whole. */
    while (self->n_kept > 0 && at < n_bytes) {
        unsigned char whole[MAX_CODE_BYTES + 1];
        size_t n_whole = self->n_kept;
        RS_ASSERT(n_whole < sizeof whole);
        memcpy(whole, self->kept, n_whole);
        whole[n_whole++] = from[at++];
        self->n_kept = 0;
        take_all(self, whole, n_whole, false);
    }
    take_all(self, from + at, n_bytes - at, false);
    flush(self);
    if (self->errno_value != 0) {
        errno = self->errno_value;
        return 0;
    }
    return (ssize_t)n_bytes;
}

static int close_filtered(void *cookie)
{
    filter *self = cookie;
    size_t n_kept = self->n_kept;
    self->n_kept = 0;
    take_all(self, self->kept, n_kept, true);
    flush(self);
    errno = self->errno_value;
    if (self->errno_value != 0 || close(self->fd) != 0) {
        return -1;
    }
    return 0;
}

static FILE *filtered(filter *self, int buffering)
{
    static const cookie_io_functions_t functions = {.write = write_filtered,
                                                    .close = close_filtered};
    FILE *stream = fopencookie(self, "w", functions);
    if (stream != NULL) {
        setvbuf(stream, NULL, buffering, BUFSIZ);
    }
    return stream;
}

void cli_guard_terminal(void)
{
    FILE *out = filtered(&standard_output, isatty(STDOUT_FILENO) == 1 ? _IOLBF : _IOFBF);
    FILE *err = filtered(&standard_error, _IOLBF);
    stdout = out != NULL ? out : stdout;
    stderr = err != NULL ? err : stderr;
}

void cli_dress_output(cli_dress dress)
{
    fflush(stdout);
    bool is_watched = isatty(STDOUT_FILENO) == 1;
    standard_output.dress = dress == CLI_RAW && is_watched ? CLI_SHOWN : dress;
}

int cli_fd_of(const FILE *stream)
{
    return stream == stderr ? STDERR_FILENO : STDOUT_FILENO;
}
