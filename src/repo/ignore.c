/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/ignore.h"

/*
 * How a pattern is matched. Most are no globs at all; the rest goes part by part:
 * a part of a pattern matches a part of a path, and a part that is `**` matches any
 * number of parts. In both loops only the last star is ever tried again, which is
 * enough, because what lies before it can match nothing better further on.
 */
enum {
    FORM_LITERAL, /* no special byte */
    FORM_SUFFIX,  /* `*` and then no special byte; never with a slash */
    FORM_GLOB,
    FORM_NEVER /* an open bracket or a closing backslash: git matches nothing with it */
};

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

static bool has_special(rs_str text)
{
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (is_special(text.bytes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_between(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

/* The POSIX classes over ASCII, as isalpha() and its like have them in the C locale. */
static bool is_in_class(rs_str name, unsigned char c, bool *known)
{
    bool upper = is_between(c, 'A', 'Z');
    bool lower = is_between(c, 'a', 'z');
    bool digit = is_between(c, '0', '9');
    bool graph = is_between(c, '!', '~');
    bool alpha = upper || lower;
    const struct {
        const char *name;
        bool holds;
    } classes[] = {
        {"alnum", alpha || digit},
        {"alpha", alpha},
        {"blank", c == ' ' || c == '\t'},
        {"cntrl", c < ' ' || c == 0x7f},
        {"digit", digit},
        {"graph", graph},
        {"lower", lower},
        {"print", is_between(c, ' ', '~')},
        {"punct", graph && !alpha && !digit},
        {"space", c == ' ' || is_between(c, '\t', '\r')},
        {"upper", upper},
        {"xdigit", digit || is_between(c, 'A', 'F') || is_between(c, 'a', 'f')},
    };
    *known = true;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (rs_str_equal(name, rs_str_of(classes[i].name))) {
            return classes[i].holds;
        }
    }
    *known = false;
    return false;
}

/* A set [...] is read item by item. */
typedef struct set_reader {
    rs_str text;
    size_t at;         /* of the next item */
    size_t close;      /* of the `]` that was looked for last, text.n_bytes for none; 0: not yet */
    unsigned char low; /* what a `-` would start from, 0 for nothing */
    bool broken;
} set_reader;

/* A byte of the set, a backslash before it taken off; broken where the text ends. */
static unsigned char set_byte(set_reader *set)
{
    if (set->at < set->text.n_bytes && set->text.bytes[set->at] == '\\') {
        set->at++;
    }
    if (set->at >= set->text.n_bytes) {
        set->broken = true;
        return 0;
    }
    return (unsigned char)set->text.bytes[set->at++];
}

/* The next `]` from here on. It is looked for once: a set of many `[:` is not read again for each. */
static size_t next_close(set_reader *set, size_t from)
{
    RS_ASSERT(from <= set->text.n_bytes);
    if (set->close < from) {
        const char *close = memchr(set->text.bytes + from, ']', set->text.n_bytes - from);
        set->close = close == NULL ? set->text.n_bytes : (size_t)(close - set->text.bytes);
    }
    return set->close;
}

/* True when `[:` opens a class here, which ends at the next `]` and needs a `:` before it. */
static bool find_class(const set_reader *set, size_t close, rs_str *name)
{
    size_t start = set->at + 2;
    RS_ASSERT(start <= close && close < set->text.n_bytes);
    if (close == start || set->text.bytes[close - 1] != ':') {
        return false;
    }
    *name = (rs_str){set->text.bytes + start, close - start - 1};
    return true;
}

/* Does the next item of the set hold c? */
static bool set_item(set_reader *set, unsigned char c)
{
    RS_ASSERT(set->at < set->text.n_bytes);
    const char *bytes = set->text.bytes;
    size_t n_left = set->text.n_bytes - set->at;
    rs_str name;
    if (bytes[set->at] == '-' && set->low != 0 && n_left > 1 && bytes[set->at + 1] != ']') {
        unsigned char low = set->low;
        set->at++;
        unsigned char high = set_byte(set);
        set->low = 0;
        return c >= low && c <= high;
    }
    if (n_left > 2 && bytes[set->at] == '[' && bytes[set->at + 1] == ':') {
        size_t close = next_close(set, set->at + 2);
        if (close == set->text.n_bytes) {
            set->broken = true;
            return false;
        }
        if (find_class(set, close, &name)) {
            bool known = false;
            bool holds = is_in_class(name, c, &known);
            set->at += name.n_bytes + 4;
            set->low = 0;
            set->broken = !known;
            return holds;
        }
    }
    set->low = set_byte(set);
    return c == set->low;
}

/*
 * Does the set that starts at text.bytes[at] == '[' hold c? *end is behind its `]`, or 0 when
 * it has none.
 */
static bool match_set(rs_str text, size_t at, unsigned char c, size_t *end)
{
    set_reader set = {.text = text, .at = at + 1};
    bool is_negated =
        set.at < text.n_bytes && (text.bytes[set.at] == '!' || text.bytes[set.at] == '^');
    set.at += is_negated;
    bool found = false;
    *end = 0;
    /* The first byte is an item also when it is a `]`. */
    for (bool is_first = true; set.at < text.n_bytes; is_first = false) {
        if (text.bytes[set.at] == ']' && !is_first) {
            *end = set.at + 1;
            return found != is_negated && c != '/';
        }
        found |= set_item(&set, c);
        if (set.broken) {
            return false;
        }
    }
    return false;
}

/* Where the item of the glob that starts at `at` ends; 0 when it is broken. */
static size_t item_end(rs_str glob, size_t at)
{
    size_t end = at + 1;
    if (glob.bytes[at] == '[') {
        (void)match_set(glob, at, 'x', &end);
    } else if (glob.bytes[at] == '\\') {
        end = at + 1 < glob.n_bytes ? at + 2 : 0;
    }
    return end;
}

/* Does the one item at glob.bytes[*at], which is no star, match c? Then *at is behind it. */
static bool match_item(rs_str glob, size_t *at, unsigned char c)
{
    size_t end = *at + 1;
    bool holds = false;
    if (glob.bytes[*at] == '?') {
        holds = true;
    } else if (glob.bytes[*at] == '[') {
        holds = match_set(glob, *at, c, &end);
    } else {
        size_t byte = glob.bytes[*at] == '\\' ? *at + 1 : *at;
        end = byte + 1;
        holds = (unsigned char)glob.bytes[byte] == c;
    }
    if (holds) {
        *at = end;
    }
    return holds;
}

/* Neither has a slash. */
static bool match_part(rs_str glob, rs_str part)
{
    size_t at = 0;
    size_t in = 0;
    size_t star_at = SIZE_MAX; /* behind the last star */
    size_t star_in = 0;        /* what it matches ends here */
    for (;;) {
        if (at < glob.n_bytes && glob.bytes[at] == '*') {
            star_at = ++at;
            star_in = in;
        } else if (in < part.n_bytes && at < glob.n_bytes &&
                   match_item(glob, &at, (unsigned char)part.bytes[in])) {
            in++;
        } else if (in == part.n_bytes && at == glob.n_bytes) {
            return true;
        } else if (star_at != SIZE_MAX && star_in < part.n_bytes) {
            at = star_at;
            in = ++star_in;
        } else {
            return false;
        }
    }
}

/* A part of a path or of a glob, from a byte to the slash behind it. */
typedef struct part_reader {
    rs_str text;
    size_t at; /* of the part; n_bytes + 1 behind the last one */
    bool is_glob;
} part_reader;

/* A slash in a set belongs to the set, and one behind a backslash is a slash. */
static rs_str glob_part(rs_str glob, size_t from, size_t *next)
{
    for (size_t at = from; at < glob.n_bytes;) {
        if (glob.bytes[at] == '/') {
            *next = at + 1;
            return (rs_str){glob.bytes + from, at - from};
        }
        if (glob.bytes[at] == '\\' && at + 1 < glob.n_bytes && glob.bytes[at + 1] == '/') {
            *next = at + 2;
            return (rs_str){glob.bytes + from, at - from};
        }
        at = item_end(glob, at);
    }
    *next = glob.n_bytes + 1;
    return (rs_str){glob.bytes + from, glob.n_bytes - from};
}

static bool has_part(const part_reader *reader)
{
    return reader->at <= reader->text.n_bytes;
}

static rs_str get_part(const part_reader *reader, size_t *next)
{
    if (reader->is_glob) {
        return glob_part(reader->text, reader->at, next);
    }
    const char *from = reader->text.bytes + reader->at;
    const char *slash = memchr(from, '/', reader->text.n_bytes - reader->at);
    size_t n_bytes = slash == NULL ? reader->text.n_bytes - reader->at : (size_t)(slash - from);
    *next = reader->at + n_bytes + 1;
    return (rs_str){from, n_bytes};
}

static void skip_part(part_reader *reader)
{
    if (has_part(reader)) {
        (void)get_part(reader, &reader->at);
    }
}

static bool is_double_star(rs_str part)
{
    size_t n_stars = 0;
    while (n_stars < part.n_bytes && part.bytes[n_stars] == '*') {
        n_stars++;
    }
    return n_stars >= 2 && n_stars == part.n_bytes;
}

/* Both go one part on when the parts match. */
static bool step(part_reader *glob, part_reader *path, rs_str glob_part_text, size_t glob_next)
{
    size_t path_next = 0;
    if (!has_part(path) || !match_part(glob_part_text, get_part(path, &path_next))) {
        return false;
    }
    glob->at = glob_next;
    path->at = path_next;
    return true;
}

static bool match_path(rs_str glob_text, rs_str path_text)
{
    part_reader glob = {glob_text, 0, true};
    part_reader path = {path_text, 0, false};
    part_reader star_glob = {glob_text, SIZE_MAX, true}; /* behind the last `**` */
    part_reader star_path = path;                        /* the first part that it leaves */
    for (;;) {
        size_t next = 0;
        rs_str part = has_part(&glob) ? get_part(&glob, &next) : (rs_str){0};
        if (has_part(&glob) && is_double_star(part)) {
            if (next > glob_text.n_bytes) {
                return has_part(&path); /* a closing `**` is everything below */
            }
            if (glob_text.bytes[next - 2] == '\\') {
                /* Only before a plain slash may it be no part at all: git again. */
                skip_part(&path);
            }
            glob.at = next;
            star_glob = glob;
            star_path = path;
        } else if (has_part(&glob) && step(&glob, &path, part, next)) {
            continue;
        } else if (!has_part(&glob) && !has_part(&path)) {
            return true;
        } else if (star_glob.at != SIZE_MAX && has_part(&star_path)) {
            skip_part(&star_path);
            glob = star_glob;
            path = star_path;
        } else {
            return false;
        }
    }
}

/*
 * As git does it: what stands before the first special byte is compared first, and what is left of
 * both is matched as if it were all there is. So `a**` followed by a slash is `a` and then `**`.
 */
static bool match_behind_literal(rs_str glob, rs_str path)
{
    size_t n_literal = 0;
    while (n_literal < glob.n_bytes && !is_special(glob.bytes[n_literal])) {
        n_literal++;
    }
    if (n_literal > path.n_bytes || memcmp(glob.bytes, path.bytes, n_literal) != 0) {
        return false;
    }
    return match_path((rs_str){glob.bytes + n_literal, glob.n_bytes - n_literal},
                      (rs_str){path.bytes + n_literal, path.n_bytes - n_literal});
}

static uint8_t form_of(rs_str text, bool is_anchored)
{
    if (!has_special(text)) {
        return FORM_LITERAL;
    }
    if (!is_anchored && text.bytes[0] == '*' &&
        !has_special((rs_str){text.bytes + 1, text.n_bytes - 1})) {
        return FORM_SUFFIX;
    }
    for (size_t at = 0; at < text.n_bytes;) {
        at = item_end(text, at);
        if (at == 0) {
            return FORM_NEVER;
        }
    }
    return FORM_GLOB;
}

/* What stands between the flags of a line: see gitignore(5). */
static rs_status add_pattern(rs_ignore_list *list, rs_str line, rs_error *err)
{
    rs_ignore_pattern pattern = {0};
    if (line.n_bytes > 0 && line.bytes[0] == '!') {
        pattern.is_negated = true;
        line = (rs_str){line.bytes + 1, line.n_bytes - 1};
    }
    if (line.n_bytes > 0 && line.bytes[line.n_bytes - 1] == '/') {
        pattern.is_directory_only = true;
        line.n_bytes--;
    }
    pattern.is_anchored = line.n_bytes > 0 && memchr(line.bytes, '/', line.n_bytes) != NULL;
    if (line.n_bytes > 0 && line.bytes[0] == '/') {
        line = (rs_str){line.bytes + 1, line.n_bytes - 1};
    }
    if (line.n_bytes == 0 || line.n_bytes > RS_IGNORE_MAX_PATTERN_BYTES) {
        return RS_OK;
    }
    pattern.form = form_of(line, pattern.is_anchored);
    char *text = rs_arena_strndup(&list->text, line.bytes, line.n_bytes);
    pattern.text = (rs_str){text, line.n_bytes};
    if (text == NULL || !rs_ignore_patterns_push(&list->patterns, pattern)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    return RS_OK;
}

rs_status rs_ignore_add_line(rs_ignore_list *list, rs_str line, rs_error *err)
{
    return add_pattern(list, line, err);
}

/* Blanks at the end go, unless a backslash is right before; as git's trim_trailing_spaces(). */
static rs_str without_closing_blanks(rs_str line)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < line.n_bytes; i++) {
        if (line.bytes[i] == '\\') {
            i++;
            n_kept = i < line.n_bytes ? i + 1 : line.n_bytes;
        } else if (line.bytes[i] != ' ') {
            n_kept = i + 1;
        }
    }
    return (rs_str){line.bytes, n_kept};
}

rs_status rs_ignore_add_text(rs_ignore_list *list, rs_str text, rs_error *err)
{
    if (text.n_bytes >= 3 && memcmp(text.bytes, "\xef\xbb\xbf", 3) == 0) {
        text = (rs_str){text.bytes + 3, text.n_bytes - 3};
    }
    for (size_t at = 0; at < text.n_bytes;) {
        const char *from = text.bytes + at;
        const char *feed = memchr(from, '\n', text.n_bytes - at);
        size_t n_line = feed == NULL ? text.n_bytes - at : (size_t)(feed - from);
        at += n_line + 1;
        if (n_line > 0 && from[n_line - 1] == '\r') {
            n_line--;
        }
        const char *null_byte = memchr(from, '\0', n_line);
        if (null_byte != NULL) {
            n_line = (size_t)(null_byte - from);
        }
        if (n_line == 0 || from[0] == '#') {
            continue;
        }
        RS_TRY(add_pattern(list, without_closing_blanks((rs_str){from, n_line}), err));
    }
    return RS_OK;
}

static bool pattern_matches(const rs_ignore_pattern *pattern, rs_str path, rs_str name)
{
    rs_str text = pattern->text;
    rs_str subject = pattern->is_anchored ? path : name;
    if (pattern->form == FORM_LITERAL) {
        return rs_str_equal(text, subject);
    }
    if (pattern->form == FORM_SUFFIX) {
        size_t n_suffix = text.n_bytes - 1;
        return n_suffix <= subject.n_bytes &&
               memcmp(subject.bytes + subject.n_bytes - n_suffix, text.bytes + 1, n_suffix) == 0;
    }
    if (pattern->form == FORM_GLOB) {
        return pattern->is_anchored ? match_behind_literal(text, subject)
                                    : match_part(text, subject);
    }
    return false;
}

rs_ignore_verdict rs_ignore_match(const rs_ignore_list *list, rs_str path, bool is_directory)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    rs_str name = {path.bytes + n_dir, path.n_bytes - n_dir};
    for (size_t i = list->patterns.n_items; i-- > 0 && !rs_stopped(list->stop);) {
        const rs_ignore_pattern *pattern = &list->patterns.items[i];
        if ((is_directory || !pattern->is_directory_only) && pattern_matches(pattern, path, name)) {
            return pattern->is_negated ? RS_IGNORE_INCLUDED : RS_IGNORE_EXCLUDED;
        }
    }
    return RS_IGNORE_UNDECIDED;
}

void rs_ignore_list_reset(rs_ignore_list *list)
{
    rs_ignore_patterns_reset(&list->patterns);
    rs_arena_reset(&list->text);
}

void rs_ignore_list_release(rs_ignore_list *list)
{
    rs_ignore_patterns_release(&list->patterns);
    rs_arena_release(&list->text);
}
