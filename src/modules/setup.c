/* SPDX-License-Identifier: Apache-2.0 */
/* setup.py, read as a tree: what it hands to setup() as literals, also through one name. */
#include "modules/project.h"
#include "parse/parser.h"
#include "repo/source.h"

enum {
    MAX_TOKENS = 1 << 18,
    MAX_ASKED = 64,  /* calls and arguments that are looked into */
    MAX_NAMES = 64,  /* names whose value is looked for */
    MAX_ITEMS = 1000 /* of a dict or list */
};

typedef struct reader {
    const rs_tree *tree;
    json_t *out;
    int n_asked;
    int n_names; /* that were looked up */
    bool failed; /* memory is out */
} reader;

static bool is_word(const reader *r, uint32_t node, const char *word)
{
    const rs_node *at = &r->tree->nodes[node];
    return rs_str_equal((rs_str){r->tree->text + at->name_start, at->name_end - at->name_start},
                        rs_str_of(word));
}

static uint32_t end_of(const reader *r, uint32_t node)
{
    return node + r->tree->nodes[node].n_subtree;
}

/* The n-th child in a field, or RS_NO_NODE. */
static uint32_t child(const reader *r, uint32_t node, rs_ast_field field, uint32_t n)
{
    for (uint32_t at = node + 1; at < end_of(r, node); at = end_of(r, at)) {
        if (r->tree->nodes[at].field == field && r->tree->nodes[at].order == n) {
            return at;
        }
    }
    return RS_NO_NODE;
}

static json_t *keep(reader *r, json_t *value)
{
    r->failed = r->failed || value == NULL;
    return value;
}

/* A text of one token without escapes; NULL for others. */
static json_t *text_literal(reader *r, uint32_t node)
{
    const rs_node *at = &r->tree->nodes[node];
    rs_str text = {r->tree->text + at->start_byte, at->end_byte - at->start_byte};
    while (text.n_bytes > 0 && strchr("urUR", text.bytes[0]) != NULL) {
        text = (rs_str){text.bytes + 1, text.n_bytes - 1};
    }
    char quote = (char)(text.n_bytes > 1 ? text.bytes[0] : '\0');
    bool is_long = text.n_bytes >= 6 && text.bytes[1] == quote && text.bytes[2] == quote;
    size_t n_quote = is_long ? 3 : 1;
    if ((quote != '"' && quote != '\'') || text.n_bytes < 2 * n_quote) {
        return NULL;
    }
    text = (rs_str){text.bytes + n_quote, text.n_bytes - 2 * n_quote};
    bool is_plain = memchr(text.bytes, '\\', text.n_bytes) == NULL &&
                    memchr(text.bytes, quote, text.n_bytes) == NULL;
    return is_plain ? keep(r, rs_json_str(text)) : NULL;
}

/* The value that a module's name was last given. */
static uint32_t value_of_name(reader *r, uint32_t name)
{
    const rs_node *at = &r->tree->nodes[name];
    uint32_t value = RS_NO_NODE;
    for (uint32_t i = 1; i < r->tree->n_nodes && r->n_names < MAX_NAMES; i = end_of(r, i)) {
        uint32_t target = r->tree->nodes[i].ast_class == RS_AST_Assign
                              ? child(r, i, RS_F_targets, 0)
                              : RS_NO_NODE;
        if (target != RS_NO_NODE && r->tree->nodes[target].ast_class == RS_AST_Name &&
            rs_str_equal(
                (rs_str){r->tree->text + at->name_start, at->name_end - at->name_start},
                (rs_str){r->tree->text + r->tree->nodes[target].name_start,
                         r->tree->nodes[target].name_end - r->tree->nodes[target].name_start})) {
            value = child(r, i, RS_F_value, 0);
        }
    }
    r->n_names++;
    return value;
}

/* os.path.join of texts. */
static json_t *joined(reader *r, uint32_t call)
{
    uint32_t callee = child(r, call, RS_F_func, 0);
    rs_buf path = {0};
    bool is_join = callee != RS_NO_NODE && is_word(r, callee, "join");
    uint32_t n = 0;
    for (uint32_t at = call + 1; is_join && at < end_of(r, call); at = end_of(r, at)) {
        if (r->tree->nodes[at].field != RS_F_args) {
            is_join = r->tree->nodes[at].field == RS_F_func;
            continue;
        }
        json_t *part = r->tree->nodes[at].ast_class == RS_AST_Constant ? text_literal(r, at) : NULL;
        is_join = part != NULL;
        rs_buf_add(&path, n++ > 0 ? "/" : "");
        rs_buf_add(&path, part != NULL ? json_string_value(part) : "");
        json_decref(part);
    }
    r->failed = r->failed || path.failed;
    json_t *value =
        is_join && n > 0 && !path.failed ? keep(r, rs_json_str(rs_buf_str(&path))) : NULL;
    rs_buf_release(&path);
    return value;
}

static json_t *text_value(reader *r, uint32_t node)
{
    if (node != RS_NO_NODE && r->tree->nodes[node].ast_class == RS_AST_Name) {
        node = value_of_name(r, node);
    }
    if (node == RS_NO_NODE) {
        return NULL;
    }
    uint8_t class = r->tree->nodes[node].ast_class;
    return class == RS_AST_Constant ? text_literal(r, node)
           : class == RS_AST_Call   ? joined(r, node)
                                    : NULL;
}

/* Keys stand before their values; one that is no text is left out, with its value. */
static void add_dict(reader *r, const char *name, uint32_t node)
{
    json_t *dict = keep(r, json_object());
    json_t *key = NULL;
    int n_items = 0;
    for (uint32_t at = node + 1; at < end_of(r, node) && n_items < MAX_ITEMS; at = end_of(r, at)) {
        if (r->tree->nodes[at].field == RS_F_keys) {
            json_decref(key);
            key = text_value(r, at);
        } else if (key != NULL) {
            json_t *value = text_value(r, at);
            if (value != NULL) {
                rs_json_set(dict, json_string_value(key), value, &r->failed);
                n_items++;
            }
            json_decref(key);
            key = NULL;
        }
    }
    json_decref(key);
    rs_json_set(r->out, name, dict, &r->failed);
}

static void add_keyword(reader *r, uint32_t node)
{
    uint32_t value = child(r, node, RS_F_value, 0);
    if (is_word(r, node, "package_dir")) {
        if (value != RS_NO_NODE && r->tree->nodes[value].ast_class == RS_AST_Name) {
            value = value_of_name(r, value);
        }
        if (value != RS_NO_NODE && r->tree->nodes[value].ast_class == RS_AST_Dict) {
            add_dict(r, "package_dir", value);
        }
        r->n_asked++;
    } else if (is_word(r, node, "name") || is_word(r, node, "python_requires")) {
        const char *key = is_word(r, node, "name") ? "name" : "python_requires";
        json_t *text = text_value(r, value);
        if (text != NULL && json_object_get(r->out, key) == NULL) {
            rs_json_set(r->out, key, text, &r->failed);
        } else {
            json_decref(text);
        }
        r->n_asked++;
    }
}

/* find_packages("src"), find_packages(where="src"). */
static void add_call(reader *r, uint32_t node)
{
    uint32_t callee = child(r, node, RS_F_func, 0);
    if (callee == RS_NO_NODE ||
        !(is_word(r, callee, "find_packages") || is_word(r, callee, "find_namespace_packages"))) {
        return;
    }
    uint32_t where = child(r, node, RS_F_args, 0);
    for (uint32_t at = node + 1; at < end_of(r, node) && where == RS_NO_NODE; at = end_of(r, at)) {
        if (r->tree->nodes[at].ast_class == RS_AST_keyword && is_word(r, at, "where")) {
            where = child(r, at, RS_F_value, 0);
        }
    }
    json_t *path = text_value(r, where);
    r->n_asked++;
    if (path != NULL) {
        rs_json_push(json_object_get(r->out, "find_packages"), path, &r->failed);
    }
}

static void read_tree(reader *r)
{
    rs_json_set(r->out, "find_packages", json_array(), &r->failed);
    for (uint32_t i = 0; i < r->tree->n_nodes && r->n_asked < MAX_ASKED && !r->failed; i++) {
        if (r->tree->nodes[i].ast_class == RS_AST_keyword) {
            add_keyword(r, i);
        } else if (r->tree->nodes[i].ast_class == RS_AST_Call) {
            add_call(r, i);
        }
    }
}

static rs_status parse(rs_parser *parser, const rs_source *source, json_t *out, rs_error *err)
{
    rs_tree tree = {0};
    rs_parser_limit(parser, MAX_TOKENS);
    RS_TRY(rs_parse(parser, source->text, source->text_start, source->n_text, &tree, err));
    reader r = {.tree = &tree, .out = out};
    read_tree(&r);
    return r.failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : RS_OK;
}

rs_status rs_setup_parse(rs_str text, json_t **out, rs_error *err)
{
    rs_source source = {0};
    rs_parser *parser = NULL;
    *out = json_object();
    rs_status status = *out == NULL ? rs_error_set(err, RS_ERR_NOMEM, "out of memory")
                                    : rs_parser_new(&parser, err);
    RS_THEN(status, rs_source_decode(&source, text.bytes, text.n_bytes, err));
    RS_THEN(status, parse(parser, &source, *out, err));
    rs_parser_free(parser);
    rs_source_release(&source);
    if (status != RS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return status == RS_ERR_LIMIT ? rs_error_set(err, RS_ERR_INVALID, "more code than is looked at")
                                  : status;
}
