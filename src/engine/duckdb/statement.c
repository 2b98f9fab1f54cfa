/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/statement.h"

#include <stdlib.h>
#include <strings.h>

#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

/* --- EXPLAIN --- */

/* Behind blanks and comments. */
static const char *skip_blanks(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n\f\v");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            at = end != NULL ? end + 2 : at + strlen(at);
        } else {
            return at;
        }
    }
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Move *at behind the word, if it stands there. */
static bool take_word(const char **at, const char *word)
{
    size_t n_bytes = strlen(word);
    if (strncasecmp(*at, word, n_bytes) != 0 || is_word_char((*at)[n_bytes])) {
        return false;
    }
    *at = skip_blanks(*at + n_bytes);
    return true;
}

/* "(FORMAT json, ANALYZE)"; a SELECT in parentheses is none. What is taken wrongly here leaves a rest
 * that does not parse. */
static void skip_options(const char **at)
{
    static const char *const options[] = {"ANALYZE", "ANALYSE", "VERBOSE", "FORMAT"};
    if (**at != '(') {
        return;
    }
    const char *inside = skip_blanks(*at + 1);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const char *end = strchr(inside, ')');
        if (end != NULL && take_word(&inside, options[i])) {
            *at = skip_blanks(end + 1);
            return;
        }
    }
}

/* The statement that is explained; else all of it. */
static const char *explained_part(const char *sql)
{
    const char *at = skip_blanks(sql);
    if (!take_word(&at, "EXPLAIN")) {
        return sql;
    }
    if (*at == '(') {
        skip_options(&at);
        return at;
    }
    if (!take_word(&at, "ANALYZE")) {
        (void)take_word(&at, "ANALYSE");
    }
    (void)take_word(&at, "VERBOSE");
    return at;
}

/* --- what the tree says --- */

/* Functions that may stand in the place of a table: they read, and do nothing else. One that ends in *
 * stands for all that begin so. Others of the engine's change it (enable_logging(), checkpoint()), take
 * addresses (arrow_scan()), or run a text that nobody has seen (query()). */
static const struct {
    const char *name;
    bool sees_tables; /* of the catalog, or by names that are values */
} table_functions[] = {
    {"unnest", false},
    {"range", false},
    {"generate_series", false},
    {"repeat", false},
    {"repeat_row", false},
    {"glob", false},
    {"json_each", false},
    {"json_tree", false},
    {"read_*", false},
    {"parquet_*", false},
    {"sniff_csv", false},
    {"summary", false},
    {"test_all_types", false},
    {"test_vector_types", false},
    {"query_table", true},
    {"duckdb_*", true},
    {"pragma_*", true},
    {"pg_timezone_names", false},
    {"icu_calendar_names", false},
    {"histogram", true},
    {"histogram_values", true},
};

/* Nodes of a query. */
static const char *const query_nodes[] = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE",
                                          "CTE_NODE"};

typedef struct walk {
    rs_statement *out;
    const char *refused; /* a function, or a node, that may do more than read */
    size_t n_subqueries; /* in the place of a value, around what is walked */
    bool has_too_many;   /* one in another */
    bool failed;
} walk;

/* Each one inside another doubles what the planner does, and it does not look up meanwhile: 24 of
 * them take seconds, 40 a day. */
enum { MAX_SUBQUERIES = 16 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static bool fits(const char *name, const char *pattern)
{
    size_t n_bytes = strlen(pattern);
    return pattern[n_bytes - 1] == '*' ? strncasecmp(name, pattern, n_bytes - 1) == 0
                                       : strcasecmp(name, pattern) == 0;
}

static void see_table_function(walk *self, const json_t *object)
{
    const json_t *function = json_object_get(object, "function");
    const char *name = text_of(function, "function_name");
    for (size_t i = 0; i < sizeof table_functions / sizeof table_functions[0]; i++) {
        if (fits(name, table_functions[i].name)) {
            self->out->asks_what_there_is |= table_functions[i].sees_tables;
            return;
        }
    }
    self->refused = name;
}

static void see_table(walk *self, const json_t *object)
{
    /* Names with a schema are looked up where they say. */
    self->out->asks_what_there_is |= json_object_get(object, "schema_name") != NULL ||
                                     json_object_get(object, "catalog_name") != NULL;
    self->failed |= !rs_table_name_vec_push(&self->out->tables, text_of(object, "table_name"));
}

/* SHOW TABLES has a name; DESCRIBE and SUMMARIZE have a query, which is walked. */
static void see_show(walk *self, const json_t *object)
{
    self->out->asks_what_there_is |= json_object_get(object, "query") == NULL;
}

/* Some of Postgres' functions are macros over the catalog. */
static void see_function(walk *self, const json_t *object)
{
    const char *name = text_of(object, "function_name");
    self->out->asks_what_there_is |= fits(name, "pg_*") || strstr(name, "description") != NULL;
}

static void see_names_of_with(walk *self, const json_t *object)
{
    const json_t *made = json_object_get(json_object_get(object, "cte_map"), "map");
    for (size_t i = 0; i < json_array_size(made); i++) {
        const char *name = text_of(json_array_get(made, i), "key");
        self->failed |= !rs_table_name_vec_push(&self->out->locals, name);
    }
}

static void see_query(walk *self, const char *type)
{
    for (size_t i = 0; i < sizeof query_nodes / sizeof query_nodes[0]; i++) {
        if (strcmp(type, query_nodes[i]) == 0) {
            return;
        }
    }
    self->refused = type;
}

static void see_object(walk *self, const json_t *object)
{
    static const struct {
        const char *type;
        void (*see)(walk *self, const json_t *object);
    } kinds[] = {{"BASE_TABLE", see_table},
                 {"TABLE_FUNCTION", see_table_function},
                 {"SHOW_REF", see_show},
                 {"FUNCTION", see_function}};
    const char *type = text_of(object, "type");
    size_t n_bytes = strlen(type);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(type, kinds[i].type) == 0) {
            kinds[i].see(self, object);
        }
    }
    if (n_bytes > 5 && strcmp(type + n_bytes - 5, "_NODE") == 0) {
        see_query(self, type);
    }
    see_names_of_with(self, object);
}

/* As deep as what parses JSON lets texts be. */
static void walk_tree(walk *self, json_t *value) // NOLINT(misc-no-recursion)
{
    const char *key;
    json_t *member;
    size_t index;
    if (json_is_object(value)) {
        bool is_subquery = strcmp(text_of(value, "type"), "SUBQUERY") == 0;
        self->n_subqueries += is_subquery;
        self->has_too_many |= self->n_subqueries > MAX_SUBQUERIES;
        see_object(self, value);
        json_object_foreach(value, key, member)
        {
            walk_tree(self, member);
        }
        self->n_subqueries -= is_subquery;
    } else if (json_is_array(value)) {
        json_array_foreach(value, index, member)
        {
            walk_tree(self, member);
        }
    }
}

/* --- parsing --- */

static rs_status refuse(const char *label, const char *what, rs_error *err)
{
    return rs_error_set(err, RS_ERR_INVALID, "%s: only statements that read are run here%s%.80s%s",
                        label, what != NULL ? ", and nobody knows that of " : "",
                        what != NULL ? what : "", what != NULL ? "()" : "");
}

/* Why the parser made no tree; place is where in the statement its text begins. */
static rs_status tell_why(rs_session *session, const char *label, const json_t *document,
                          size_t place, rs_error *err)
{
    const char *position = json_string_value(json_object_get(document, "position"));
    if (strcmp(text_of(document, "error_type"), "parser") != 0) {
        return refuse(label, NULL, err);
    }
    session->fault.has_place = position != NULL;
    session->fault.byte = position != NULL ? place + (size_t)strtoul(position, NULL, 10) : 0;
    return rs_error_set(err, RS_ERR_INVALID, "%s: %s", label, text_of(document, "error_message"));
}

/* Of a tree, its texts count: a number may have 128 bits, a text any byte. */
static json_t *load_tree(rs_str text)
{
    return json_loadb(text.bytes, text.n_bytes, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
}

/* The tree, as the engine writes it. */
static rs_status ask_for_tree(rs_session *session, const char *label, const char *part,
                              json_t **out, rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_AS_IT_IS};
    const rs_param param = {.type = RS_TYPE_STR, .value.text = rs_str_of(part)};
    struct ArrowArrayStream stream = {0};
    rs_cursor *rows = NULL;
    size_t n_rows = 0;
    RS_TRY(rs_session_query_stream(session, label, rs_sql_engine_duckdb_statement_tree.text, &param,
                                   1, &options, &stream, err));
    rs_status status = rs_cursor_new(&stream, &rows, err);
    RS_THEN(status, rs_cursor_next(rows, &n_rows, err));
    *out = status == RS_OK && n_rows > 0 ? load_tree(rs_cursor_str(rows, 0, 0)) : NULL;
    if (status == RS_OK && *out == NULL) {
        status = rs_error_set(err, RS_ERR_INVALID, "%s: the statement is nested too deeply", label);
    }
    rs_cursor_free(rows);
    return status;
}

static rs_status read_tree(const char *label, rs_statement *out, rs_error *err)
{
    walk self = {.out = out};
    json_t *statements = json_object_get(out->document, "statements");
    if (json_array_size(statements) != 1) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: %s", label,
                            json_array_size(statements) == 0 ? "no statement is given"
                                                             : "one statement is run at a time");
    }
    walk_tree(&self, statements);
    if (self.has_too_many) {
        return rs_error_set(
            err, RS_ERR_INVALID,
            "%s: more than %d subqueries in the place of a value, one in another; WITH or "
            "a join does without",
            label, MAX_SUBQUERIES);
    }
    if (self.refused != NULL) {
        return refuse(label, self.refused, err);
    }
    return self.failed ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label) : RS_OK;
}

rs_status rs_statement_parse(rs_session *session, const char *label, const char *sql,
                             rs_statement *out, rs_error *err)
{
    const char *part = explained_part(sql);
    *out = (rs_statement){0};
    session->fault = (rs_engine_fault){0};
    RS_TRY(ask_for_tree(session, label, part, &out->document, err));
    if (!json_is_false(json_object_get(out->document, "error"))) {
        return tell_why(session, label, out->document, (size_t)(part - sql), err);
    }
    return read_tree(label, out, err);
}

void rs_statement_release(rs_statement *statement)
{
    rs_table_name_vec_release(&statement->tables);
    rs_table_name_vec_release(&statement->locals);
    json_decref(statement->document);
    *statement = (rs_statement){0};
}
