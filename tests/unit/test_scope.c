/* SPDX-License-Identifier: Apache-2.0 */
/* What names mean, where tests/oracle/scope_oracle.py does not look or has no oracle. */
#include "evidence/extract.h"
#include "unit/unit.h"

typedef struct scope_case {
    const char *label;
    const char *source;
    const char *want;
} scope_case;

static const char *word(rs_dataset_id dataset, size_t column, const rs_part *part, size_t row)
{
    const rs_batch *batch = &part->batches[dataset];
    return batch->dataset->columns[column].words->words[batch->columns[column].values.u8[row]];
}

static rs_str text(rs_dataset_id dataset, size_t column, const rs_part *part, size_t row)
{
    return part->strings.items[part->batches[dataset].columns[column].values.str[row]];
}

static rs_status extract(const char *source_text, rs_part *part, rs_error *err)
{
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    rs_status status = rs_part_init(part, err);
    if (status == RS_OK) {
        status = rs_source_decode(&source, source_text, strlen(source_text), err);
    }
    if (status == RS_OK) {
        status = rs_extractor_new(NULL, &extractor, err);
    }
    if (status == RS_OK) {
        status = rs_extract_file(extractor, &file, &source, part, NULL, err);
    }
    rs_extractor_free(extractor);
    rs_source_release(&source);
    return status;
}

/* --- bindings: "qualname.name=CLASS" for each, in order --- */

static void bindings_text(const rs_part *part, rs_buf *out)
{
    const rs_batch *scopes = &part->batches[RS_DS_scopes];
    const rs_batch *bindings = &part->batches[RS_DS_bindings];
    const int64_t *scope_ids = scopes->columns[RS_C_scopes_scope_id].values.i64;
    for (size_t row = 0; row < bindings->n_rows; row++) {
        int64_t id = bindings->columns[RS_C_bindings_scope_id].values.i64[row];
        size_t s = (size_t)(id - scope_ids[0]);
        rs_buf_add(out, row == 0 ? "" : " ");
        rs_buf_add_str(out, text(RS_DS_scopes, RS_C_scopes_name, part, s));
        rs_buf_add_char(out, ':');
        rs_buf_add_str(out, text(RS_DS_bindings, RS_C_bindings_name, part, row));
        rs_buf_add_char(out, '=');
        rs_buf_add(out, word(RS_DS_bindings, RS_C_bindings_scope_class, part, row));
    }
}

static const scope_case binding_cases[] = {
    {"a module's names are local", "x = len", "<module>:x=LOCAL <module>:len=GLOBAL_IMPLICIT"},
    {"a cell and its free name", "def f(a):\n def g(): return a\n",
     "<module>:f=LOCAL f:a=CELL f:g=LOCAL g:a=FREE"},
    {"a free name is handed on", "def f(a):\n def g():\n  def h(): a\n",
     "<module>:f=LOCAL f:a=CELL f:g=LOCAL g:h=LOCAL g:a=FREE h:a=FREE"},
    {"a class hides nothing", "class C:\n x = 1\n def m(self): x\n",
     "<module>:C=LOCAL C:x=LOCAL C:m=LOCAL m:self=LOCAL m:x=GLOBAL_IMPLICIT"},
    {"private names are mangled", "class _C:\n def __m(self): __x\n",
     "<module>:_C=LOCAL _C:_C__m=LOCAL __m:self=LOCAL __m:_C__x=GLOBAL_IMPLICIT"},
    {"super makes __class__ free", "class C:\n def m(): super()\n",
     "<module>:C=LOCAL C:m=LOCAL m:super=GLOBAL_IMPLICIT m:__class__=FREE"},
    {"global reaches the module", "def f():\n global x\n x = 1\n",
     "<module>:f=LOCAL <module>:x=GLOBAL_EXPLICIT f:x=GLOBAL_EXPLICIT"},
    {"a comprehension keeps its names", "[y for y in z]",
     "<module>:z=GLOBAL_IMPLICIT <listcomp>:.0=LOCAL <listcomp>:y=LOCAL"},
    {"a walrus binds outside", "def f(z): return [(y := x) for x in z]",
     "<module>:f=LOCAL f:z=LOCAL f:y=CELL <listcomp>:.0=LOCAL <listcomp>:y=FREE "
     "<listcomp>:x=LOCAL"},
    {"a walrus at module level is global", "{(y := x) for x in z}",
     "<module>:y=GLOBAL_EXPLICIT <module>:z=GLOBAL_IMPLICIT <setcomp>:.0=LOCAL "
     "<setcomp>:y=GLOBAL_EXPLICIT <setcomp>:x=LOCAL"},
    {"type parameters", "def f[T: int](a: T) -> T: T\n",
     "<module>:f=LOCAL f:T=CELL f:a=LOCAL f:T=FREE T:int=GLOBAL_IMPLICIT"},
    {"an unevaluated annotation touches nothing",
     "from __future__ import annotations\ndef f(a):\n def g(b: a): pass\n",
     "<module>:annotations=LOCAL <module>:f=LOCAL f:a=LOCAL f:g=LOCAL g:b=LOCAL "
     "<annotation>:a=FREE"},
};

static void bindings_are_classed(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(binding_cases); i++) {
        const scope_case *c = &binding_cases[i];
        rs_part part;
        rs_error err = {0};
        rs_buf got = {0};
        assert_int_equal(extract(c->source, &part, &err), RS_OK);
        bindings_text(&part, &got);
        UNIT_CHECK(strcmp(rs_buf_text(&got), c->want) == 0, "%s: %s", c->label, rs_buf_text(&got));
        rs_buf_release(&got);
        rs_part_release(&part);
    }
}

/* --- names: "name:resolution" for each --- */

static const scope_case name_cases[] = {
    {"bound by nothing", "lenn", "lenn:unbound"},
    {"a builtin", "len, exit, WindowsError", "len:builtin exit:builtin WindowsError:builtin"},
    {"of a later version", "aiter, frozendict", "aiter:builtin frozendict:unbound"},
    {"set by the interpreter", "__file__, __qualname__\nclass C: __qualname__",
     "__file__:implicit __qualname__:unbound C:global __qualname__:implicit"},
    {"a star import", "from m import *\nlen, lenn, __doc__",
     "len:star_or_builtin lenn:star_import __doc__:implicit"},
    {"a star import in a function", "def f():\n from m import *\n lenn",
     "f:global lenn:star_import"},
    {"a builtin that is bound", "len = 1\nlen", "len:global len:global"},
    {"bound by the module", "x = 1\ndef f(): x", "x:global f:global x:global"},
    {"bound below only", "def f():\n global x\n x = 1\nx",
     "f:global x:global_declared x:global_declared x:global_declared"},
    {"of a class", "class C:\n x = 1\n x", "C:global x:class x:class"},
    {"of a function", "def f(a): a", "f:global a:local a:local"},
    {"an import's first part", "import a.b, c.d as e", "a:global e:global"},
    {"patterns", "match s:\n case {'k': v, **r}: pass\n case [*t]: pass\n case C(k=1) as w: 0",
     "s:unbound r:global v:global t:global w:global C:unbound"},
    {"an annotation that binds nothing", "(x): int", "x:unbound int:builtin"},
    {"private names in a generic header", "class C[__T](__T, __x): 0",
     "C:global __T:local __T:local __x:unbound"},
    {"a type alias sees its class", "class C:\n x = 1\n type A = x",
     "C:global x:class A:class x:class"},
    {"a type alias sees what its class declares nonlocal",
     "def f(x):\n class C:\n  nonlocal x\n  x = 1\n  type A = x",
     "f:global x:cell C:local x:free x:free A:class x:free"},
    {"a type alias sees what its class declares global",
     "def f(x):\n class C:\n  global x\n  x = 1\n  type A = x",
     "f:global x:local C:local x:global_declared x:global_declared A:class x:global_declared"},
    {"a bound sees what its class declares nonlocal",
     "def f(x):\n class C:\n  nonlocal x\n  x = 1\n  def g[T: x](): 0",
     "f:global x:cell C:local x:free x:free g:class T:local x:free"},
};

static void names_are_resolved(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(name_cases); i++) {
        const scope_case *c = &name_cases[i];
        rs_part part;
        rs_error err = {0};
        rs_buf got = {0};
        assert_int_equal(extract(c->source, &part, &err), RS_OK);
        for (size_t row = 0; row < part.batches[RS_DS_name_bindings].n_rows; row++) {
            rs_buf_add(&got, row == 0 ? "" : " ");
            rs_buf_add_str(&got, text(RS_DS_name_bindings, RS_C_name_bindings_name, &part, row));
            rs_buf_add_char(&got, ':');
            rs_buf_add(&got, word(RS_DS_name_bindings, RS_C_name_bindings_resolution, &part, row));
        }
        UNIT_CHECK(strcmp(rs_buf_text(&got), c->want) == 0, "%s: %s", c->label, rs_buf_text(&got));
        rs_buf_release(&got);
        rs_part_release(&part);
    }
}

/* --- diagnostics --- */

static const scope_case fault_cases[] = {
    {"nothing", "def f():\n for x in y:\n  if x: break\n return 1\n", ""},
    {"a parameter twice", "def f(a, a): 0", "duplicate_argument"},
    {"a type parameter twice", "def f[T, T](): 0", "duplicate_type_parameter"},
    {"global behind a use", "def f():\n x\n global x\n", "declaration_late"},
    {"a global parameter", "def f(a):\n global a\n", "declaration_of_parameter"},
    {"nonlocal and global", "def f(x):\n def g():\n  nonlocal x\n  global x\n",
     "declaration_conflict"},
    {"an annotated global", "def f():\n global x\n x: int\n", "annotation_of_declared"},
    {"nonlocal of a module", "nonlocal x", "nonlocal_at_module"},
    {"nonlocal of nothing", "def f():\n nonlocal x\n", "nonlocal_unbound"},
    {"a nested star", "def f():\n from m import *\n", "import_star_nested"},
    {"a walrus in a class", "class C: [x := y for y in z]", "named_expr_in_class"},
    {"a walrus in an iterable", "[x for x in (y := z)]", "named_expr_in_iterable"},
    {"a walrus rebinds", "[x := 1 for x in y]", "named_expr_rebinds"},
    {"return outside", "return 1", "return_outside"},
    {"return in a class", "class C:\n return\n", "return_outside"},
    {"yield outside", "yield", "yield_outside"},
    {"yield in a comprehension", "def f(): return [(yield) for x in y]", "yield_outside"},
    {"await outside", "def f(): await x", "await_outside"},
    {"async for outside", "async for x in y: 0", "await_outside"},
    {"break outside", "while x:\n def f(): break\n", "loop_control_outside"},
    {"continue in an else", "while x: 0\nelse: continue\n", "loop_control_outside"},
    {"a late future", "x = 1\nfrom __future__ import annotations\n", "future_late"},
    {"a walrus of what only a clause's target reads", "[0 for c.pos in rows if (c := rows)]", ""},
    {"an inner loop rebinds", "[0 for i in r if (j := i) for j in s]", "named_expr_rebinds"},
    {"a walrus rebinds further out", "[[(j := 0) for i in r] for j in s]", "named_expr_rebinds"},
    {"an asynchronous comprehension", "def f(): return [x async for x in y]", "await_outside"},
    {"await in a comprehension", "def f(): return [await x for x in y]", "await_outside"},
    {"asynchronous by one inside", "def f(): return {[await x for x in y] for y in z}",
     "await_outside"},
    {"an asynchronous generator", "def f(): return (x async for x in y)", ""},
    {"break in except*", "for x in y:\n try: 0\n except* E: break\n", "jump_in_except_star"},
    {"break of a loop in except*", "try: 0\nexcept* E:\n while x: break\n", ""},
    {"return in except*", "def f():\n try: 0\n except* E:\n  while x: return\n",
     "jump_in_except_star"},
    {"a keyword twice", "f(a=1, **b, a=2)", "keyword_repeated"},
    {"a keyword of a class twice", "class C(a=1, a=2): 0", "keyword_repeated"},
    {"a star alone", "x = *y", "starred_misplaced"},
    {"a star as target", "*x = y", "starred_misplaced"},
    {"two stars", "*x, *y = z", "starred_misplaced"},
    {"stars in their places", "f(*a, *b); [*a, *b]; *a, (*b, c) = d; a[*b]", ""},
    {"a name twice in a pattern", "match x:\n case [a, {'b': a}]: 0\n", "pattern_binding"},
    {"a name in alternatives", "match x:\n case [a, 1] | {'b': a}: 0\n", ""},
    {"alternatives that differ", "match x:\n case [a, b] | [a]: 0\n", "pattern_binding"},
    {"two stars in a pattern", "match x:\n case [*a, *b]: 0\n", "pattern_binding"},
    {"a wildcard too early", "match x:\n case _: 0\n case 1: 0\n", "pattern_unreachable"},
    {"a capture in an alternative", "match x:\n case (a | a): 0\n", "pattern_unreachable"},
    {"a guarded capture", "match x:\n case a if a: 0\n case [_, _]: 0\n case _: 0\n", ""},
    {"a key twice", "match x:\n case {1: a, True: b}: 0\n", "pattern_repeated"},
    {"a key twice, written otherwise", "match x:\n case {0x10: a, 1.6e1: b}: 0\n",
     "pattern_repeated"},
    {"the largest key that is compared, twice",
     "match x:\n case {18446744073709551615: a, 0xffff_ffff_ffff_ffff: b}: 0\n",
     "pattern_repeated"},
    {"a larger key is not 0", "match x:\n case {18446744073709551616: a, 0: b}: 0\n", ""},
    {"keys that differ", "match x:\n case {1: a, 10: b, 1.5: c, '1': d, 1j: e}: 0\n", ""},
    {"an attribute twice", "match x:\n case C(a=1, a=2): 0\n", "pattern_repeated"},
    {"a formatted pattern", "match x:\n case f'{y}': 0\n", "pattern_value"},
    {"except too early", "try: 0\nexcept: 0\nexcept E: 0\n", "except_not_last"},
    {"yield from in async", "async def f(): yield from x", "yield_outside"},
    {"a value of an asynchronous generator", "async def f():\n return 1\n yield\n", "async_return"},
    {"an unknown feature", "from __future__ import nope", "future_unknown"},
    {"braces", "from __future__ import braces", "future_unknown"},
    {"a package's own future", "x = 1\nfrom .__future__ import nope", ""},
    {"__debug__", "def f(__debug__): 0", "debug_assigned"},
    {"__debug__ as attribute", "x.__debug__ = y.__debug__", "debug_assigned"},
    {"a walrus in a bound", "def f[T: (x := 1)](): 0", "expression_in_annotation"},
    {"yield in an alias", "def f():\n type A = (yield)\n", "expression_in_annotation"},
    {"a walrus in a lambda of a header", "class C[T](lambda: (x := 1)): 0", ""},
    {"a walrus in a comprehension of a bound", "def f[T: [x := 1 for _ in y]](): 0",
     "expression_in_annotation"},
    {"nonlocal of a type parameter", "def f[T]():\n nonlocal T\n", "nonlocal_type_parameter"},
    {"defaults of type parameters", "def f[T = 1, U](): 0", "type_parameter_default"},
    {"a keyword in what becomes no code", "def f():\n x: g(a=1, a=2)\n", ""},
    {"a keyword in a text", "from __future__ import annotations\ndef f(x: g(a=1, a=2)): 0\n", ""},
    {"a keyword in an attribute's", "x.y: g(a=1, a=2)\n", ""},
    {"a keyword in a variable's", "x: g(a=1, a=2)\n", "keyword_repeated"},
    {"a keyword behind an annotation", "def f():\n x: g = h(a=1, a=2)\n", "keyword_repeated"},
};

/* From which minor version on. */
static const scope_case since_cases[] = {
    {"always", "return 1", "8"},
    {"with its syntax", "match x:\n case _: 0\n case 1: 0\n", "10"},
    {"a deletion", "del __debug__", "10"},
    {"an annotation that is not evaluated",
     "from __future__ import annotations\ndef f(x: (y := 1)): 0\n", "10"},
    {"an annotation", "def f(x: (y := 1)): 0\n", "14"},
    {"an await in what becomes no code", "def f():\n x: (lambda: (await y))\n", "14"},
    {"a comprehension there", "def f():\n x: [await y for y in z]\n", "14"},
    {"an await in an attribute's", "x.y: (lambda: (await y))\n", "8"},
    {"__debug__ in what becomes no code", "def f():\n x: g(__debug__=1)\n", "14"},
    {"a default", "type A[T = (x := 1)] = T\n", "13"},
    {"a private name", "class C:\n def f(self): [[(__x := 2) for _ in y] for __x in z]\n", "13"},
};

static void versions_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(since_cases); i++) {
        const scope_case *c = &since_cases[i];
        rs_part part;
        rs_error err = {0};
        rs_buf got = {0};
        assert_int_equal(extract(c->source, &part, &err), RS_OK);
        const rs_batch *batch = &part.batches[RS_DS_scope_diagnostics];
        for (size_t row = 0; row < batch->n_rows; row++) {
            rs_buf_addf(&got, "%d",
                        (int)batch->columns[RS_C_scope_diagnostics_since_minor].values.i32[row]);
        }
        UNIT_CHECK(strcmp(rs_buf_text(&got), c->want) == 0, "%s: %s", c->label, rs_buf_text(&got));
        rs_buf_release(&got);
        rs_part_release(&part);
    }
}

static void refusals_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(fault_cases); i++) {
        const scope_case *c = &fault_cases[i];
        rs_part part;
        rs_error err = {0};
        rs_buf got = {0};
        assert_int_equal(extract(c->source, &part, &err), RS_OK);
        UNIT_CHECK(part.batches[RS_DS_parse_errors].n_rows == 0, "%s: damaged", c->label);
        for (size_t row = 0; row < part.batches[RS_DS_scope_diagnostics].n_rows; row++) {
            rs_buf_add(&got, row == 0 ? "" : " ");
            rs_buf_add(&got,
                       word(RS_DS_scope_diagnostics, RS_C_scope_diagnostics_code, &part, row));
        }
        UNIT_CHECK(strcmp(rs_buf_text(&got), c->want) == 0, "%s: %s", c->label, rs_buf_text(&got));
        rs_buf_release(&got);
        rs_part_release(&part);
    }
}

/* --- a hostile file --- */

static void many_names_are_quick(void **state)
{
    (void)state;
    rs_buf source = {0};
    for (int i = 0; i < 50000; i++) {
        rs_buf_addf(&source, "x%d = y%d\n", i, i);
    }
    rs_buf_add(&source, "def f():\n");
    for (int i = 0; i < 5000; i++) {
        rs_buf_addf(&source, " global x%d\n", i);
    }
    rs_part part;
    rs_error err = {0};
    assert_int_equal(extract(rs_buf_text(&source), &part, &err), RS_OK);
    assert_int_equal(part.batches[RS_DS_bindings].n_rows, 105001);
    rs_buf_release(&source);
    rs_part_release(&part);
}

static rs_status sweep(void *context)
{
    rs_part part = {0};
    rs_error err = {0};
    rs_status status = extract(context, &part, &err);
    rs_part_release(&part);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    char source[] = "class C:\n def m(self): return super().m([x for x in self])\n"
                    "def f(a, a): global a\n";
    UNIT_SWEEP(sweep, source);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(bindings_are_classed), cmocka_unit_test(names_are_resolved),
    cmocka_unit_test(refusals_are_found),   cmocka_unit_test(versions_are_told),
    cmocka_unit_test(many_names_are_quick), cmocka_unit_test(allocations_may_fail),
};

UNIT_TESTS(scope, tests)
