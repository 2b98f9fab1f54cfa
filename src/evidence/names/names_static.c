/* SPDX-License-Identifier: Apache-2.0 */
/* names_static.c - tests of version, platform and TYPE_CHECKING, at face value. */
#include "evidence/names/names_impl.h"
#include "modules/module_table.h"

enum {
    MAX_TEST_NODES = 64, /* larger tests are not decided */
    DEFAULT_MINOR = 13,
    MAX_VERSION_PARTS = 5
};

typedef struct version {
    int64_t parts[MAX_VERSION_PARTS];
    uint32_t n_parts;
} version;

static rs_str source_of(const rs_file_at_hand *x, uint32_t n)
{
    return text_between(x, node_at(x, n)->start_byte, node_at(x, n)->end_byte);
}

static bool source_is(const rs_file_at_hand *x, uint32_t n, const char *text)
{
    return rs_str_equal(source_of(x, n), rs_str_of(text));
}

static bool is_literal(const rs_file_at_hand *x, uint32_t n, rs_w_literal_kind kind)
{
    return node_at(x, n)->ast_class == RS_AST_Constant && node_at(x, n)->detail == kind;
}

/* --- what is compared --- */

static bool number_read(const rs_file_at_hand *x, uint32_t n, int64_t *out)
{
    rs_str text = source_of(x, n);
    *out = 0;
    if (!is_literal(x, n, RS_W_literal_kind_int) || text.n_bytes > 9) {
        return false;
    }
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        *out = *out * 10 + (text.bytes[i] - '0');
    }
    return true;
}

/* A tuple of numbers; what stands behind the third, as "final", is as good as equal. */
static bool version_read(const rs_file_at_hand *x, uint32_t n, version *out)
{
    *out = (version){0};
    if (node_at(x, n)->ast_class != RS_AST_Tuple) {
        return false;
    }
    for (uint32_t child = n + 1; child < behind(x, n) && out->n_parts < 3;
         child = behind(x, child)) {
        if (!number_read(x, child, &out->parts[out->n_parts++])) {
            return false;
        }
    }
    return true;
}

static int order_of(bool is_less, bool is_more)
{
    return is_less ? -1 : is_more;
}

static int version_compare(const version *a, const version *b)
{
    for (uint32_t i = 0; i < a->n_parts && i < b->n_parts; i++) {
        if (a->parts[i] != b->parts[i]) {
            return order_of(a->parts[i] < b->parts[i], true);
        }
    }
    return order_of(a->n_parts<b->n_parts, a->n_parts> b->n_parts);
}

static rs_str platform_of(const rs_file_at_hand *x)
{
    const char *platform = x->options->target.platform;
    return rs_str_of(platform != NULL ? platform : "linux");
}

/* A plain literal's text; false for others: with a prefix, with escapes, of three quotes, of parts. */
static bool string_read(const rs_file_at_hand *x, uint32_t n, rs_str *out)
{
    rs_str text = source_of(x, n);
    bool is_plain = is_literal(x, n, RS_W_literal_kind_string) && text.n_bytes >= 2 &&
                    (text.bytes[0] == '"' || text.bytes[0] == '\'') &&
                    memchr(text.bytes, '\\', text.n_bytes) == NULL &&
                    memchr(text.bytes + 1, text.bytes[0], text.n_bytes - 2) == NULL;
    *out = is_plain ? (rs_str){text.bytes + 1, text.n_bytes - 2} : text;
    return is_plain;
}

/* The minor version of Python 3 that the file is for. */
static int64_t minor_of(const rs_file_at_hand *x)
{
    const rs_lens_options *options = x->options;
    if (options->target.python_minor > 0) {
        return (int64_t)options->target.python_minor;
    }
    uint32_t place = options->modules == NULL
                         ? RS_NO_PLACE
                         : rs_module_file_place(options->modules, x->file->file_id);
    return place == RS_NO_PLACE ? DEFAULT_MINOR : rs_module_python(options->modules, place);
}

/* Order of what the interpreter has at node `left` and what stands at `right`; false: not known. */
static bool sides_compare(const rs_file_at_hand *x, uint32_t left, uint32_t right, int *order)
{
    version mine = {.parts = {3, minor_of(x)}, .n_parts = 3};
    version theirs;
    int64_t number;
    rs_str text;
    if (source_is(x, left, "sys.version_info") || source_is(x, left, "version_info")) {
        if (!version_read(x, right, &theirs)) {
            return false;
        }
        mine.parts[2] = theirs.n_parts > 2 ? INT32_MAX : 0;
        *order = version_compare(&mine, &theirs);
        return true;
    }
    if (source_is(x, left, "sys.version_info[:2]")) {
        mine.n_parts = 2;
        bool is_known = version_read(x, right, &theirs);
        *order = version_compare(&mine, &theirs);
        return is_known;
    }
    if (source_is(x, left, "sys.version_info[0]") || source_is(x, left, "sys.version_info.major")) {
        bool is_known = number_read(x, right, &number);
        *order = order_of(3 < number, 3 > number);
        return is_known;
    }
    bool is_platform = source_is(x, left, "sys.platform");
    if (!string_read(x, right, &text) || (!is_platform && !source_is(x, left, "os.name"))) {
        return false;
    }
    rs_str has = platform_of(x);
    if (!is_platform) {
        has = rs_str_of(rs_str_equal(has, RS_STR_LITERAL("win32")) ? "nt" : "posix");
    }
    *order = rs_str_compare(has, text);
    return true;
}

static int compare_truth(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t op = behind(x, n + 1);
    uint32_t right = op < behind(x, n) ? behind(x, op) : behind(x, n);
    int order;
    if (right >= behind(x, n) || behind(x, right) != behind(x, n) ||
        !sides_compare(x, n + 1, right, &order)) {
        return -1;
    }
    switch (node_at(x, op)->ast_class) {
    case RS_AST_Eq:
        return order == 0;
    case RS_AST_NotEq:
        return order != 0;
    case RS_AST_Lt:
        return order < 0;
    case RS_AST_LtE:
        return order <= 0;
    case RS_AST_Gt:
        return order > 0;
    case RS_AST_GtE:
        return order >= 0;
    default:
        return -1;
    }
}

/* --- tests --- */

static int name_truth(const rs_file_at_hand *x, uint32_t n)
{
    rs_str name = names_of_node(x, n);
    if (rs_str_equal(name, RS_STR_LITERAL("TYPE_CHECKING")) ||
        rs_str_equal(name, RS_STR_LITERAL("MYPY")) || source_is(x, n, "PY3") ||
        source_is(x, n, "six.PY3")) {
        return 1;
    }
    return source_is(x, n, "PY2") || source_is(x, n, "six.PY2") ? 0 : -1;
}

static int call_truth(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t argument = behind(x, n + 1);
    rs_str prefix;
    if (!source_is(x, n + 1, "sys.platform.startswith") || argument >= behind(x, n) ||
        !string_read(x, argument, &prefix)) {
        return -1;
    }
    rs_str has = platform_of(x);
    return has.n_bytes >= prefix.n_bytes && memcmp(has.bytes, prefix.bytes, prefix.n_bytes) == 0;
}

static int literal_truth(const rs_file_at_hand *x, uint32_t n)
{
    int64_t number;
    if (is_literal(x, n, RS_W_literal_kind_bool)) {
        return source_of(x, n).bytes[0] == 'T';
    }
    return number_read(x, n, &number) ? number != 0 : -1;
}

/* Of values that are known one decides `or` or `and`; all of them together do. */
static int bool_truth(const rs_file_at_hand *x, uint32_t n, uint32_t first, const int8_t *truths)
{
    int decisive = 0;
    bool are_known = true;
    bool is_decided = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        decisive |= node_at(x, child)->ast_class == RS_AST_Or;
    }
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_values) {
            are_known = are_known && truths[child - first] >= 0;
            is_decided = is_decided || truths[child - first] == decisive;
        }
    }
    return is_decided ? decisive : are_known ? !decisive : -1;
}

static int node_truth(const rs_file_at_hand *x, uint32_t n, uint32_t first, const int8_t *truths)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Constant:
        return literal_truth(x, n);
    case RS_AST_Name:
    case RS_AST_Attribute:
        return name_truth(x, n);
    case RS_AST_Call:
        return call_truth(x, n);
    case RS_AST_Compare:
        return compare_truth(x, n);
    case RS_AST_BoolOp:
        return bool_truth(x, n, first, truths);
    case RS_AST_UnaryOp: {
        uint32_t operand = child_in(x, n, RS_F_operand);
        bool is_not = operand != NAMES_NONE && node_at(x, n + 1)->ast_class == RS_AST_Not;
        return is_not && truths[operand - first] >= 0 ? !truths[operand - first] : -1;
    }
    default:
        return -1;
    }
}

bool rs_names_asks_typing(const rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t i = n; i < behind(x, n); i++) {
        if (names_is(x, i, "TYPE_CHECKING") || names_is(x, i, "MYPY")) {
            return true;
        }
    }
    return false;
}

int rs_names_static_truth(const rs_file_at_hand *x, uint32_t n)
{
    int8_t truths[MAX_TEST_NODES] = {-1};
    if (node_at(x, n)->n_subtree > MAX_TEST_NODES) {
        return -1;
    }
    for (uint32_t i = behind(x, n); i > n; i--) {
        truths[i - 1 - n] = (int8_t)node_truth(x, i - 1, n, truths);
    }
    return truths[0];
}
