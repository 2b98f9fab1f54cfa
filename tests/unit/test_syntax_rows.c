/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/extract.h"
#include "evidence/file.h"

#include "unit/unit.h"

/* --- rows as text ---
 *
 * Cells are separated by blanks, rows by " | "; null is "-". The id of a node is its name or
 * else its class, with a "#" before it.
 */

typedef struct fixture {
    rs_extractor *extractor;
    rs_source source;
    rs_part part;
    rs_buf text;
} fixture;

static int fixture_open(void **state)
{
    static fixture the_fixture;
    the_fixture = (fixture){0};
    *state = &the_fixture;
    return rs_extractor_new(NULL, &the_fixture.extractor, NULL) == RS_OK ? 0 : -1;
}

static int fixture_close(void **state)
{
    fixture *f = *state;
    rs_extractor_free(f->extractor);
    rs_source_release(&f->source);
    rs_part_release(&f->part);
    rs_buf_release(&f->text);
    return 0;
}

static rs_repo_file the_file(void)
{
    return (rs_repo_file){
        .path = RS_STR_LITERAL("pkg/mod.py"),
        .display_path = RS_STR_LITERAL("pkg/mod.py"),
        .module = RS_STR_LITERAL("pkg.mod"),
        .package = RS_STR_LITERAL("pkg"),
        .source_root = RS_STR_LITERAL(""),
        .file_id = 5,
        .module_kind = RS_W_module_kind_module,
    };
}

static void extract_bytes(fixture *f, const char *bytes, size_t n_bytes)
{
    rs_repo_file file = the_file();
    rs_part_release(&f->part);
    assert_int_equal(rs_part_init(&f->part, NULL), RS_OK);
    assert_int_equal(rs_source_decode(&f->source, bytes, n_bytes, NULL), RS_OK);
    assert_int_equal(rs_extract_file(f->extractor, &file, &f->source, &f->part, NULL, NULL), RS_OK);
}

static void extract(fixture *f, const char *source)
{
    extract_bytes(f, source, strlen(source));
}

static void add_string(rs_buf *out, const rs_part *part, uint32_t number)
{
    if (number == RS_STR_NULL) {
        rs_buf_add_char(out, '-');
    } else {
        rs_buf_add_str(out, part->strings.items[number]);
    }
}

static void add_node(rs_buf *out, const rs_part *part, int64_t id)
{
    const rs_batch *nodes = &part->batches[RS_DS_syntax_nodes];
    for (size_t row = 0; row < nodes->n_rows; row++) {
        if (nodes->columns[RS_C_syntax_nodes_node_id].values.i64[row] == id) {
            uint32_t name = nodes->columns[RS_C_syntax_nodes_name].values.str[row];
            uint8_t ast_class = nodes->columns[RS_C_syntax_nodes_ast_class].values.u8[row];
            rs_buf_add_char(out, '#');
            if (name == RS_STR_NULL) {
                rs_buf_add(out, rs_ast_class_name((rs_ast_class)ast_class));
            } else {
                add_string(out, part, name);
            }
            return;
        }
    }
    rs_buf_addf(out, "#%d", (int)(id & 0xffffff));
}

static void add_cell(rs_buf *out, const rs_part *part, const rs_column *column,
                     const rs_batch_column *cells, size_t row)
{
    size_t n_name = strlen(column->name);
    bool is_id = n_name > 3 && strcmp(column->name + n_name - 3, "_id") == 0;
    if (!rs_batch_is_valid(cells, row)) {
        rs_buf_add_char(out, '-');
        return;
    }
    switch (column->type) {
    case RS_TYPE_I64:
        if (is_id) {
            add_node(out, part, cells->values.i64[row]);
        } else {
            rs_buf_addf(out, "%d", (int)cells->values.i64[row]);
        }
        break;
    case RS_TYPE_I32:
        rs_buf_addf(out, "%d", (int)cells->values.i32[row]);
        break;
    case RS_TYPE_BOOL:
        rs_buf_add(out, cells->values.u8[row] ? "yes" : "no");
        break;
    case RS_TYPE_STR:
        add_string(out, part, cells->values.str[row]);
        break;
    case RS_TYPE_ENUM:
        rs_buf_add(out, cells->values.u8[row] == RS_ENUM_NULL
                            ? "-"
                            : column->words->words[cells->values.u8[row]]);
        break;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        fail_msg("no lens of this test writes fractions");
    }
}

static void add_row(rs_buf *out, const rs_part *part, const rs_batch *batch, const char *columns,
                    size_t row)
{
    for (const char *at = columns; *at != '\0';) {
        size_t n_bytes = strcspn(at, " ");
        const rs_column *column = rs_column_find(batch->dataset, (rs_str){at, n_bytes});
        UNIT_CHECK(column != NULL, "%s has no column %s", batch->dataset->name, at);
        rs_buf_add(out, at == columns ? "" : " ");
        add_cell(out, part, column, &batch->columns[column - batch->dataset->columns], row);
        at += n_bytes + (at[n_bytes] == ' ');
    }
}

static const char *rows(fixture *f, rs_dataset_id dataset, const char *columns)
{
    const rs_batch *batch = &f->part.batches[dataset];
    rs_buf_reset(&f->text);
    for (size_t row = 0; row < batch->n_rows; row++) {
        rs_buf_add(&f->text, row == 0 ? "" : " | ");
        add_row(&f->text, &f->part, batch, columns, row);
    }
    return rs_buf_text(&f->text);
}

typedef struct row_case {
    const char *label;
    rs_dataset_id dataset;
    const char *columns;
    const char *source;
    const char *want;
} row_case;

static void check_rows(fixture *f, const row_case *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        const row_case *c = &cases[i];
        extract(f, c->source);
        const char *got = rows(f, c->dataset, c->columns);
        UNIT_CHECK(strcmp(got, c->want) == 0, "%s:\n%s\n%s", c->label, c->want, got);
    }
}

#define CHECK_ROWS(state, cases) check_rows(*(state), (cases), UNIT_COUNT(cases))

/* --- definitions --- */

static const row_case def_cases[] = {
    {"kinds and spans", RS_DS_defs, "def_kind name start_byte end_byte name_start_byte end_line",
     "@d\nasync def f(): pass\ndef g():\n  pass\nclass C: pass\nlambda: 1",
     "async_function f 3 22 13 2 | function g 23 38 27 4 | class C 39 52 45 5 | "
     "lambda <lambda> 53 62 - 6"},
    {"qualified names", RS_DS_defs, "qualname parent_def_id container_id",
     "def f():\n  class A:\n    def g(self):\n      lambda: 1\n    class B:\n      async def h(): "
     "pass\nlambda: lambda: 2\n",
     "f - #pkg.mod | f.<locals>.A #f #f | f.<locals>.A.g #A #A | "
     "f.<locals>.A.g.<locals>.<lambda> #g #g | f.<locals>.A.B #A #A | f.<locals>.A.B.h #B #B | "
     "<lambda> - #pkg.mod | <lambda>.<locals>.<lambda> #<lambda> #<lambda>"},
    {"a global declaration leads out", RS_DS_defs, "qualname",
     "def f():\n  global g, C\n  def g():\n    def h(): pass\n  class C:\n    def g(self): pass\n"
     "  def k(): pass\n",
     "f | g | g.<locals>.h | C | C.g | f.<locals>.k"},
    {"a global declaration of a class body", RS_DS_defs, "qualname",
     "class A:\n  global f\n  def f(): pass\n  def g(): pass\n", "A | f | A.g"},
    {"lambdas in generator expressions", RS_DS_defs, "qualname",
     "def f():\n  (lambda: 1 for a in b)\n  (x for a in (lambda: 2) for c in (lambda: 3))\n"
     "  [lambda: 4 for a in b]\n",
     "f | f.<locals>.<genexpr>.<lambda> | f.<locals>.<lambda> | "
     "f.<locals>.<genexpr>.<lambda> | f.<locals>.<lambda>"},
    {"decorators, defaults and annotations lie outside", RS_DS_defs, "qualname parent_def_id",
     "class A:\n  @(lambda: 1)\n  def f(a: (lambda: 2) = lambda: 3) -> (lambda: 4): lambda: 5\n"
     "class B(lambda: 6): pass\n",
     "A - | A.f #A | A.<lambda> #A | A.<lambda> #A | A.<lambda> #A | A.<lambda> #A | "
     "A.f.<locals>.<lambda> #f | B - | <lambda> -"},
    {"counts and marks", RS_DS_defs, "name n_params n_decorators is_generator",
     "@a\n@b\ndef f(a, /, b, *c, d, **e):\n  def g(): yield\n  yield from h\n"
     "def i():\n  (yield)\n  lambda: (yield)\ndef j(): [lambda: 1]\n",
     "f 5 2 yes | g 0 0 yes | i 0 0 yes | <lambda> 0 0 yes | j 0 0 no | <lambda> 0 0 no"},
    {"a name in another spelling", RS_DS_defs, "name qualname",
     "class \xef\xac\x81:\n  def \xc2\xaa(): pass\n", "fi fi | a fi.a"},
    {"damage", RS_DS_defs, "name damaged",
     "def ok(): return 1\ndef f():\n  if a:\n    b c\n  def g(): pass\ndef after(): return ok()\n",
     "ok no | f yes | g no | after no"},
    {"the name in the graph", RS_DS_syntax_nodes, "ast_class name qualified_name",
     "class A:\n  def f(): pass\n",
     "Module pkg.mod pkg.mod | ClassDef A pkg.mod.A | FunctionDef f pkg.mod.A.f | "
     "arguments - - | Pass - -"},
};

static void definitions(void **state)
{
    CHECK_ROWS(state, def_cases);
}

static const row_case param_cases[] = {
    {"kinds", RS_DS_params, "name param_kind position def_id annotation_id default_id",
     "def f(a, /, b: int, c=x, *d: e, g, h: i = j, **k): lambda l=m: n\n",
     "a positional_only 0 #f - - | b positional 1 #f #int - | c positional 2 #f - #x | "
     "d vararg 3 #f #e - | g keyword_only 4 #f - - | h keyword_only 5 #f #i #j | "
     "k varkw 6 #f - - | l positional 0 #<lambda> - #m"},
    {"spans", RS_DS_params, "name start_byte end_byte name_start_byte name_end_byte",
     "def f(a: int = 1, *b): pass", "a 6 12 6 7 | b 19 20 19 20"},
    {"the order of the source", RS_DS_params, "name position default_id",
     "def f(*, z=a, y, x=b): pass", "z 0 #a | y 1 - | x 2 #b"},
    {"decorators", RS_DS_decorators, "def_id position text start_byte end_byte",
     "@a.b\n@c.d(1)\n@e[0]\n@(g)\nclass F: pass\n@h()()\ndef i(): pass\n",
     "#F 0 a.b 1 4 | #F 1 c.d 6 12 | #F 2 - 14 18 | #F 3 g 21 22 | #i 0 - 39 44"},
    {"bases", RS_DS_class_bases, "def_id position arg_kind keyword text start_byte",
     "class A(B, c.D, *e, metaclass=M, **k): pass\nclass F(G[H]): pass\n",
     "#A 0 positional - B 8 | #A 1 positional - c.D 11 | #A 2 star - e 16 | "
     "#A 3 keyword metaclass M 20 | #A 4 double_star - k 33 | #F 0 positional - - 52"},
};

static void parameters_decorators_bases(void **state)
{
    CHECK_ROWS(state, param_cases);
}

/* --- imports --- */

static const row_case import_cases[] = {
    {"forms", RS_DS_imports, "import_kind module name alias level is_star",
     "import a, b.c as d\nfrom e import f, g as h\nfrom . import i\nfrom ..j.k import l\n"
     "from m import *\nfrom .... import n\n",
     "import - a - 0 no | import - b.c d 0 no | from e f - 0 no | from e g h 0 no | "
     "from - i - 1 no | from j.k l - 2 no | from m * - 0 yes | from - n - 4 no"},
    {"spans of alias, name and statement", RS_DS_imports,
     "start_byte end_byte name_start_byte name_end_byte stmt_start_byte stmt_end_byte",
     "x\nfrom a import (b as c,\n d)\nimport e.f",
     "17 23 17 18 2 28 | 26 27 26 27 2 28 | 36 39 36 39 29 39"},
    {"blanks and joined lines", RS_DS_imports, "module name alias level",
     "from . \\\n .. a . \\\n b import c \\\n as \\\n d\nimport e . f as g\nfrom .\tx import y\n",
     "a.b c d 3 | - e.f g 0 | x y - 1"},
    {"in a definition", RS_DS_imports, "name enclosing_def_id",
     "import a\ndef f():\n  import b\nclass C: import d\n", "a - | b #f | d #C"},
    {"a name in another spelling", RS_DS_imports, "module name alias",
     "from \xef\xac\x81.a import \xc2\xaa as \xef\xac\x82", "fi.a a fl"},
};

static void imports(void **state)
{
    CHECK_ROWS(state, import_cases);
}

/* --- names, attributes, calls --- */

static const row_case use_cases[] = {
    {"names", RS_DS_name_refs, "name context start_byte end_byte",
     "a = b.c\ndel d\nfor e in f: pass\n",
     "a STORE 0 1 | b LOAD 4 5 | d DEL 12 13 | e STORE 18 19 | f LOAD 23 24"},
    {"names that ast keeps as text are none", RS_DS_name_refs, "name",
     "import a\nglobal b\ndef c(d): pass\ntry: pass\nexcept e as f: pass\ng(h=i)\n", "e | g | i"},
    {"names in formatted strings", RS_DS_name_refs, "name start_byte", "f'{a!r:{b}}' f'{c}'",
     "a 3 | b 8 | c 16"},
    {"attributes", RS_DS_attributes,
     "attribute context value_id name_start_byte name_end_byte value_start_byte value_end_byte "
     "start_byte end_byte",
     "a . \\\n b.c = (d).e\ndel f.g\n",
     "c STORE #b 9 10 0 8 0 10 | b LOAD #a 7 8 0 1 0 8 | e LOAD #d 17 18 14 15 13 18 | "
     "g DEL #f 25 26 23 24 23 26"},
    {"calls", RS_DS_calls,
     "callee_shape callee_text n_positional n_keyword has_star has_double_star",
     "a()\nb.c(1, 2)\nd[0](e=1, f=2)\ng()(*h)\n(lambda: i)(**j)\n(k or l)(1, *m, n=2, **o)\n"
     "b . c(*a, *b)\n''.p(q for q in r)\nf()[0].s()\n",
     "NAME a 0 0 no no | ATTRIBUTE b.c 2 0 no no | SUBSCRIPT - 0 2 no no | CALL - 0 0 yes no | "
     "NAME g 0 0 no no | LAMBDA - 0 0 no yes | OTHER - 1 1 yes yes | ATTRIBUTE b.c 0 0 yes no | "
     "ATTRIBUTE - 1 0 no no | ATTRIBUTE - 0 0 no no | NAME f 0 0 no no"},
    {"spans of the callee", RS_DS_calls,
     "start_byte end_byte callee_start_byte callee_end_byte callee_name_start_byte "
     "callee_name_end_byte",
     "(a.b)(1)\nc[0]()\n", "0 8 1 4 3 4 | 9 15 9 13 - -"},
    {"who makes the call", RS_DS_calls, "callee_text enclosing_def_id",
     "a()\n@b()\ndef f(x: c() = d()) -> e(): g()\nclass C(h()): i()\nlambda x=j(): k()\n",
     "a - | b - | c - | d - | e - | g #f | h - | i #C | j - | k #<lambda>"},
    {"a method's defaults are the class's", RS_DS_calls, "callee_text enclosing_def_id",
     "class C:\n  @a()\n  def f(x=b()): c()\n", "a #C | b #C | c #f"},
    {"calls in damage", RS_DS_calls, "callee_text damaged",
     "a()\nclass B c:\n  c()\nwith e f:\n  g()\nclass:\n  d()\n", "a no | c no | g no | d yes"},
    {"arguments", RS_DS_args, "call_id position arg_kind keyword value_id start_byte end_byte",
     "a(b, *c, d=e, **f)\ng((*h,))\n",
     "#Call 0 positional - #b 2 3 | #Call 1 star - #c 5 7 | #Call 2 keyword d #e 9 12 | "
     "#Call 3 double_star - #f 14 17 | #Call 0 positional - #Tuple 21 26"},
    {"the order of the source", RS_DS_args, "position arg_kind keyword value_id", "a(b=c, *d, e=f)",
     "0 keyword b #c | 1 star - #d | 2 keyword e #f"},
};

static void names_attributes_calls(void **state)
{
    CHECK_ROWS(state, use_cases);
}

/* --- literals, docstrings, comments, types --- */

static const row_case text_cases[] = {
    {"kinds of literals", RS_DS_literals, "literal_kind text",
     "('a', b'b', 0x1F, 1.5, 2j, True, None, ..., f'c', t'd')",
     "string 'a' | bytes b'b' | int 0x1F | float 1.5 | complex 2j | bool True | none None | "
     "ellipsis ... | fstring f'c' | string c | tstring t'd' | string d"},
    {"adjacent strings are one", RS_DS_literals, "literal_kind text", "('a'\n  'b')",
     "string 'a'\n  'b'"},
    {"docstrings", RS_DS_docstrings, "owner_id text start_byte end_byte",
     "'m'\nclass A:\n  'a' \"b\"\n  def f(self):\n    r'''\\n'''\ndef g():\n  f'no'\n"
     "def h():\n  b'no'\ndef i():\n  1\n  'no'\nif 1:\n  'no'\n",
     "#pkg.mod m 0 3 | #A ab 15 22 | #f \\n 42 51"},
    {"values of escapes", RS_DS_docstrings, "text",
     "'a\\tb\\x41\\101\\u00e9\\U0001f600\\\\\\'\\q\\\nc'", "a\tbAA\xc3\xa9\xf0\x9f\x98\x80\\'\\qc"},
    {"a raw piece between others", RS_DS_docstrings, "text", "'\\t' r'\\t' '\\t'", "\t\\t\t"},
    {"a raw piece beside another", RS_DS_docstrings, "text", "r'\\t''\\t'", "\\t\t"},
    {"line ends in a value are line feeds", RS_DS_docstrings, "text", "'''a\r\nb\rc'''", "a\nb\nc"},
    {"comments", RS_DS_comments,
     "parent_id text is_own_line start_byte end_byte start_line start_column end_column",
     "# a\ndef f():  # b\n  # c\n  g(  # d\n    1)\n# e",
     "#pkg.mod # a yes 0 3 1 0 3 | #f # b no 14 17 2 10 13 | #f # c yes 20 23 3 2 5 | "
     "#Call # d no 30 33 4 6 9 | #pkg.mod # e yes 41 44 6 0 3"},
    {"types", RS_DS_type_exprs, "role name text owner_id",
     "def f[T: (int, str) = int, *Ts = *a, **P = b](x: A.B, *y: *c) -> list[int]: pass\n"
     "v: 'X' = 1\nself.w: Y\nz[0]: Z\ntype L[U] = set[U]\n",
     "bound T (int, str) #T | default T int #T | default Ts *a #Ts | default P b #P | "
     "param x A.B #x | param y *c #y | return f list[int] #f | variable v 'X' #AnnAssign | "
     "variable w Y #AnnAssign | variable - Z #AnnAssign | alias L set[U] #L"},
};

static void literals_and_text(void **state)
{
    CHECK_ROWS(state, text_cases);
}

static void long_literals_are_left_where_they_stand(void **state)
{
    fixture *f = *state;
    char source[200];
    for (int n_bytes = 128; n_bytes <= 129; n_bytes++) {
        (void)snprintf(source, sizeof source, "x = '%0*d'", n_bytes - 2, 0);
        extract(f, source);
        const char *text = rows(f, RS_DS_literals, "text");
        UNIT_CHECK((strcmp(text, "-") == 0) == (n_bytes == 129), "%d: %s", n_bytes, text);
    }
}

/* --- the tree, the file, what is wrong --- */

static const row_case file_cases[] = {
    {"nodes", RS_DS_syntax_nodes,
     "ast_class kind parent_id field field_index n_subtree context parens start_byte end_byte",
     "a = ((b))\n",
     "Module MODULE -  0 4 - 0 0 10 | Assign ASSIGN #pkg.mod body 0 3 - 0 0 9 | "
     "Name IDENTIFIER #Assign targets 0 1 STORE 0 0 1 | "
     "Name IDENTIFIER #Assign value 0 1 LOAD 2 6 7"},
    {"lines and columns", RS_DS_syntax_nodes,
     "ast_class start_line start_column end_line end_column", "\n(\xc3\xa9,\r\n b)\r",
     "Module 1 0 4 0 | Expr 2 0 3 3 | Tuple 2 0 3 3 | Name 2 1 2 3 | Name 3 1 3 2"},
    {"a byte order mark has bytes and no column", RS_DS_syntax_nodes,
     "ast_class start_byte start_line start_column end_column",
     "\xef\xbb\xbf"
     "ab",
     "Module 0 1 0 2 | Expr 3 1 0 2 | Name 3 1 0 2"},
    {"raw bytes of another encoding", RS_DS_name_refs, "name start_byte end_byte start_column",
     "# coding: latin-1\n'\xe9', \xe9\n", "\xc3\xa9 23 24 5"},
    {"lines", RS_DS_line_index, "line start_byte newline", "a\nb\r\nc\rd",
     "1 0 LF | 2 2 CRLF | 3 5 CR | 4 7 NONE"},
    {"no lines", RS_DS_line_index, "line start_byte newline", "", "1 0 NONE"},
    {"a last line end opens a line", RS_DS_line_index, "line start_byte newline", "a\n",
     "1 0 LF | 2 2 NONE"},
    {"the file", RS_DS_repo_files,
     "path size_bytes n_lines encoding has_bom newline module is_package parse_status n_errors",
     "a\n", "pkg/mod.py 2 2 utf-8 no LF pkg.mod no ok 0"},
    {"a damaged file", RS_DS_repo_files, "parse_status n_errors", "a b\n\xef\xbb\n", "undecoded 2"},
    {"a module", RS_DS_modules, "module_id module package module_kind source_root", "a",
     "#pkg.mod pkg.mod pkg module "},
    {"errors", RS_DS_parse_errors,
     "code severity start_byte end_byte start_line start_column region_id",
     "a\nb c\nif d:\ne\n'f\n",
     "syntax_error ERROR 4 5 2 2 #Error | indentation_error ERROR 12 13 4 0 #Error | "
     "string_unterminated ERROR 14 16 5 0 #Error"},
    {"a fault without a region", RS_DS_parse_errors, "code start_byte region_id", "f(a=1, b)",
     "syntax_error 7 -"},
    {"no errors", RS_DS_parse_errors, "code", "a", ""},
};

static void the_file_and_its_nodes(void **state)
{
    CHECK_ROWS(state, file_cases);
}

static void null_bytes_are_found(void **state)
{
    fixture *f = *state;
    extract_bytes(f, "a\n\0b = 1\n", 9);
    const char *got = rows(f, RS_DS_parse_errors, "code start_line");
    UNIT_CHECK(strncmp(got, "null_byte 2", 11) == 0, "%s", got);
    assert_string_equal(rows(f, RS_DS_repo_files, "size_bytes"), "9");
}

/* Numbers are file and entity: nodes in pre-order, then comments, then errors. */
static void ids_number_the_entities(void **state)
{
    fixture *f = *state;
    extract(f, "a b # c\nd # e\n");
    int64_t base = INT64_C(5) << 24;
    const rs_batch *nodes = &f->part.batches[RS_DS_syntax_nodes];
    assert_int_equal(nodes->n_rows, 4);
    for (size_t row = 0; row < nodes->n_rows; row++) {
        assert_int_equal(nodes->columns[RS_C_syntax_nodes_node_id].values.i64[row],
                         base + (int64_t)row);
    }
    const rs_batch *comments = &f->part.batches[RS_DS_comments];
    assert_int_equal(comments->n_rows, 2);
    assert_int_equal(comments->columns[RS_C_comments_comment_id].values.i64[1], base + 5);
    const rs_batch *errors = &f->part.batches[RS_DS_parse_errors];
    assert_int_equal(errors->n_rows, 1);
    assert_int_equal(errors->columns[RS_C_parse_errors_error_id].values.i64[0], base + 6);
}

static void files_follow_each_other(void **state)
{
    fixture *f = *state;
    extract(f, "a()\n");
    rs_repo_file file = the_file();
    file.file_id = 9;
    assert_int_equal(rs_source_decode(&f->source, "b.c\nd(1)", 8, NULL), RS_OK);
    assert_int_equal(rs_extract_file(f->extractor, &file, &f->source, &f->part, NULL, NULL), RS_OK);
    assert_string_equal(rows(f, RS_DS_calls, "callee_text callee_id n_positional"),
                        "a #a 0 | d #d 1");
    assert_string_equal(rows(f, RS_DS_name_refs, "name_ref_id"), "#a | #b | #d");
}

static void a_source_without_bytes_gives_its_row(void **state)
{
    fixture *f = *state;
    rs_repo_file file = the_file();
    file.size_bytes = 77;
    rs_source source = {.status = RS_W_parse_status_unreadable, .n_findings = 1};
    source.findings[0].code = RS_D_file_unreadable;
    (void)snprintf(source.findings[0].message, sizeof source.findings[0].message, "no permission");
    assert_int_equal(rs_part_init(&f->part, NULL), RS_OK);
    assert_int_equal(rs_extract_file(f->extractor, &file, &source, &f->part, NULL, NULL), RS_OK);
    assert_string_equal(rows(f, RS_DS_repo_files, "sha256 size_bytes parse_status n_errors"),
                        "- 77 unreadable 1");
    assert_string_equal(rows(f, RS_DS_parse_errors, "code message region_id"),
                        "file_unreadable no permission -");
    assert_string_equal(rows(f, RS_DS_modules, "module"), "");
    assert_string_equal(rows(f, RS_DS_line_index, "line"), "");
}

/* --- out of memory --- */

static rs_status extract_once(void *context)
{
    const rs_source *source = context;
    rs_repo_file file = the_file();
    rs_extractor *extractor;
    rs_part part = {0};
    rs_status status = rs_extractor_new(NULL, &extractor, NULL);
    if (status != RS_OK) {
        return status;
    }
    status = rs_part_init(&part, NULL);
    if (status == RS_OK) {
        status = rs_extract_file(extractor, &file, source, &part, NULL, NULL);
    }
    rs_part_release(&part);
    rs_extractor_free(extractor);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    fixture *f = *state;
    static const char source[] =
        "'doc'\nfrom . import a as b  # c\n@d\nclass \xef\xac\x81(e, f=1):\n"
        "  def g(self, h: int = 2) -> i:\n    global j\n    return j . k(*l, m=f'{n}')\n"
        "  x: t = lambda: (yield)\no p\ntype q = r\n'\\x41'\n";
    assert_int_equal(rs_source_decode(&f->source, source, sizeof source - 1, NULL), RS_OK);
    UNIT_SWEEP(extract_once, &f->source);
}

/* Wherever the cut falls: a bounded length, whole characters, and different names stay different. */
static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    for (size_t n_before = 0; n_before < 4; n_before++) {
        rs_buf name = {0};
        rs_buf cut = {0};
        rs_buf other = {0};
        size_t bad_end;
        rs_buf_append(&name, "abc", n_before < 3 ? n_before : 3);
        while (name.n_bytes <= RS_NAME_MAX_BYTES) {
            rs_buf_add(&name, "\xf0\x9f\x98\x80");
        }
        rs_str got = rs_file_short_name(&cut, rs_buf_str(&name));
        UNIT_CHECK(got.n_bytes <= RS_NAME_MAX_BYTES && got.n_bytes > RS_NAME_MAX_BYTES - 4,
                   "%zu bytes are left", got.n_bytes);
        UNIT_CHECK(rs_utf8_find_invalid(got.bytes, got.n_bytes, 0, &bad_end) == got.n_bytes,
                   "%zu before: cut inside of a character", n_before);
        rs_buf_add(&name, "x");
        assert_false(rs_str_equal(got, rs_file_short_name(&other, rs_buf_str(&name))));
        rs_buf_release(&name);
        rs_buf_release(&cut);
        rs_buf_release(&other);
    }
}

#define WITH_EXTRACTOR(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

/* --- what may be null in the rows of the lenses behind --- */

static const row_case later_cases[] = {
    {"where a function's name ends", RS_DS_defs, "name name_start_byte name_end_byte",
     "def f(): pass\nclass Ab: lambda: 1\n", "f 4 5 | Ab 20 22 | <lambda> - -"},
    {"what an alias is called in the graph", RS_DS_syntax_nodes, "ast_class name",
     "from . a import b as c\nimport e . \\\n f\n",
     "Module pkg.mod | ImportFrom a | alias b | Import - | alias e.f"},
    {"operators are called by their class", RS_DS_syntax_nodes, "ast_class parent_id name",
     "-a + b",
     "Module - pkg.mod | Expr #pkg.mod - | BinOp #Expr - | UnaryOp #BinOp - | "
     "USub #UnaryOp USub | Name #UnaryOp a | Add #BinOp Add | Name #BinOp b"},
    {"what a file holds", RS_DS_repo_files, "path sha256 encoding module", "",
     "pkg/mod.py e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 utf-8 pkg.mod"},
    {"where a name first stands", RS_DS_bindings, "name site_id",
     "def f(a):\n  def g(): return a\n  super\n",
     "f #f | a #a | g #g | super #super | __class__ - | a #a"},
    {"where a name lives", RS_DS_binding_resolutions, "resolution slot_id slot_scope_id",
     "def f(a):\n  def g(): return a, f, len\n", "free #15 #12 | global #14 #11 | builtin - -"},
    {"a name in its place", RS_DS_name_bindings,
     "node_id name name_start_byte name_end_byte binding_id slot_id slot_scope_id",
     "def f(a):\n  def g(): return a, len\n(x): int\n",
     "#f f 4 5 #16 #16 #13 | #a a 6 7 #18 #18 #14 | #g g 16 17 #19 #19 #14 | "
     "#a a - - #20 #18 #14 | #len len - - #21 - - | #x x - - - - - | #int int - - #17 - -"},
    {"the first node of a block", RS_DS_cfg_blocks,
     "block_kind first_node_id start_byte start_line", "if a:\n  b\n",
     "entry #a 3 1 | body #b 8 2 | exit - - -"},
    {"the binding of an event", RS_DS_def_use_events, "node_id event_kind binding_id block_id",
     "a = b\n(x): int\n", "#b use #9 #11 | #a def #8 #11 | #int use #10 #11"},
};

static void rows_of_later_lenses(void **state)
{
    CHECK_ROWS(state, later_cases);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(long_names_are_cut_between_characters),
    WITH_EXTRACTOR(definitions),
    WITH_EXTRACTOR(parameters_decorators_bases),
    WITH_EXTRACTOR(imports),
    WITH_EXTRACTOR(names_attributes_calls),
    WITH_EXTRACTOR(literals_and_text),
    WITH_EXTRACTOR(long_literals_are_left_where_they_stand),
    WITH_EXTRACTOR(the_file_and_its_nodes),
    WITH_EXTRACTOR(rows_of_later_lenses),
    WITH_EXTRACTOR(null_bytes_are_found),
    WITH_EXTRACTOR(ids_number_the_entities),
    WITH_EXTRACTOR(files_follow_each_other),
    WITH_EXTRACTOR(a_source_without_bytes_gives_its_row),
    WITH_EXTRACTOR(out_of_memory_is_returned),
};

UNIT_TESTS(syntax_rows, tests)
