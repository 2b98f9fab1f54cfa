/* SPDX-License-Identifier: Apache-2.0 */
/* The trees of the first two tables are what CPython 3.14's ast has for the same text. */
#include "parse/parser.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/str.h"
#include "unit/unit.h"

typedef struct tree_case {
    const char *label;
    const char *source;
    const char *want;
} tree_case;

/* --- a tree as text ---
 *
 * Name        a, a= where it is stored, a- where it is deleted
 * Constant    <as written>, alias likewise
 * the others  Class:name= (field:child field:child ...), fields in alphabetical order
 */

static void add_span(rs_buf *out, const rs_tree *tree, uint32_t start, uint32_t end)
{
    rs_buf_append(out, tree->text + start, end - start);
}

static void add_head(rs_buf *out, const rs_tree *tree, const rs_node *node)
{
    static const char *const contexts[] = {"", "=", "-", ""};
    bool is_text = node->ast_class == RS_AST_Constant || node->ast_class == RS_AST_alias;
    if (node->ast_class == RS_AST_Name) {
        add_span(out, tree, node->start_byte, node->end_byte);
    } else if (node->ast_class != RS_AST_Constant) {
        rs_buf_add(out, rs_ast_class_name((rs_ast_class)node->ast_class));
    }
    if (is_text) {
        rs_buf_add_char(out, '<');
        add_span(out, tree, node->start_byte, node->end_byte);
        rs_buf_add_char(out, '>');
    } else if (node->ast_class != RS_AST_Name && node->name_end > node->name_start) {
        rs_buf_add_char(out, ':');
        add_span(out, tree, node->name_start, node->name_end);
    }
    rs_buf_add(out, contexts[node->context]);
}

/* True when a comes behind b: by name of the field, then by place in it. */
static bool is_behind(const rs_node *a, const rs_node *b)
{
    const char *left = rs_ast_field_name((rs_ast_field)a->field);
    const char *right = rs_ast_field_name((rs_ast_field)b->field);
    int order = strcmp(left, right);
    return order > 0 || (order == 0 && a->order > b->order);
}

/* The next child of a parent behind `after`, or the first where that is NULL. */
static uint32_t next_child(const rs_tree *tree, uint32_t parent, const rs_node *after)
{
    uint32_t best = RS_NO_NODE;
    uint32_t end = parent + tree->nodes[parent].n_subtree;
    for (uint32_t i = parent + 1; i < end; i += tree->nodes[i].n_subtree) {
        const rs_node *node = &tree->nodes[i];
        bool is_next = (after == NULL || is_behind(node, after)) &&
                       (best == RS_NO_NODE || is_behind(&tree->nodes[best], node));
        best = is_next ? i : best;
    }
    return best;
}

static void add_tree(rs_buf *out, const rs_tree *tree)
{
    uint32_t at = 0;
    uint32_t child = next_child(tree, 0, NULL);
    if (child != RS_NO_NODE) {
        rs_buf_add_char(out, '(');
    }
    while (at != 0 || child != RS_NO_NODE) {
        if (child == RS_NO_NODE) {
            rs_buf_add_char(out, ')');
            child = next_child(tree, tree->nodes[at].parent, &tree->nodes[at]);
            at = tree->nodes[at].parent;
            rs_buf_add(out, child == RS_NO_NODE ? "" : " ");
            continue;
        }
        const rs_node *node = &tree->nodes[child];
        rs_buf_addf(out, "%s:", rs_ast_field_name((rs_ast_field)node->field));
        add_head(out, tree, node);
        if (node->n_subtree > 1) {
            rs_buf_add_char(out, '(');
            at = child;
            child = next_child(tree, at, NULL);
            continue;
        }
        child = next_child(tree, at, node);
        rs_buf_add(out, child == RS_NO_NODE ? "" : " ");
    }
    rs_buf_add(out, tree->n_nodes > 1 ? ")" : "");
}

/* What holds for every tree. */
static void check_tree(const rs_tree *tree, const char *label)
{
    UNIT_CHECK(tree->n_nodes > 0 && tree->nodes[0].n_subtree == tree->n_nodes, "%s: root", label);
    UNIT_CHECK(tree->nodes[0].parent == RS_NO_NODE, "%s: the root has a parent", label);
    for (uint32_t i = 1; i < tree->n_nodes; i++) {
        const rs_node *node = &tree->nodes[i];
        UNIT_CHECK(node->parent < i, "%s: node %u precedes its parent", label, i);
        const rs_node *parent = &tree->nodes[node->parent];
        UNIT_CHECK(i + node->n_subtree <= node->parent + parent->n_subtree, "%s: node %u", label,
                   i);
        bool is_inside =
            node->start_byte >= parent->start_byte || node->field == RS_F_decorator_list;
        UNIT_CHECK(is_inside && node->end_byte <= parent->end_byte, "%s: node %u lies outside",
                   label, i);
        UNIT_CHECK(node->start_byte <= node->end_byte, "%s: node %u ends early", label, i);
        UNIT_CHECK(node->name_start <= node->name_end && node->name_end <= node->end_byte,
                   "%s: name of node %u", label, i);
    }
    for (uint32_t i = 0; i < tree->n_faults; i++) {
        const rs_fault *fault = &tree->faults[i];
        UNIT_CHECK(fault->start_byte <= fault->end_byte && fault->end_byte <= tree->n_bytes + 1,
                   "%s: fault %u", label, i);
        UNIT_CHECK(fault->error_node == RS_NO_NODE ||
                       tree->nodes[fault->error_node].ast_class == RS_AST_Error,
                   "%s: fault %u has no region", label, i);
    }
}

typedef struct fixture {
    rs_parser *parser;
    rs_tree tree;
    rs_buf text;
} fixture;

static int fixture_open(void **state)
{
    static fixture the_fixture;
    the_fixture = (fixture){0};
    *state = &the_fixture;
    return rs_parser_new(&the_fixture.parser, NULL) == RS_OK ? 0 : -1;
}

static int fixture_close(void **state)
{
    fixture *f = *state;
    rs_parser_free(f->parser);
    rs_buf_release(&f->text);
    return 0;
}

static const rs_tree *parse(fixture *f, const char *label, const char *source)
{
    uint32_t n_bytes = (uint32_t)strlen(source);
    assert_int_equal(rs_parse(f->parser, source, 0, n_bytes, &f->tree, NULL), RS_OK);
    check_tree(&f->tree, label);
    rs_buf_reset(&f->text);
    return &f->tree;
}

/* --- what CPython parses --- */

/* clang-format off */
static const tree_case grammar_cases[] = {
    {"nothing", "", ""},
    {"two statements on a line", "a; b;\n",
     "(body:Expr(value:a) body:Expr(value:b))"},
    {"assignment chain", "a = b = 1\n",
     "(body:Assign(targets:a= targets:b= value:<1>))"},
    {"unpacking", "a, *b = c\n",
     "(body:Assign(targets:Tuple=(elts:a= elts:Starred=(value:b=)) value:c))"},
    {"attribute and item targets", "a.b[c], [d] = e\n",
     "(body:Assign(targets:Tuple=(elts:Subscript=(slice:c value:Attribute:b(value:a)) elts:List=(elts:d=)) value:e))"},
    {"annotation without value", "a: int\n",
     "(body:AnnAssign(annotation:int target:a=))"},
    {"annotation of an attribute", "(a.b): int = yield\n",
     "(body:AnnAssign(annotation:int target:Attribute:b=(value:a) value:Yield))"},
    {"annotated star value", "a: t = 1, *b\n",
     "(body:AnnAssign(annotation:t target:a= value:Tuple(elts:<1> elts:Starred(value:b))))"},
    {"augmented", "a.b @= c, d\n",
     "(body:AugAssign(op:MatMult target:Attribute:b=(value:a) value:Tuple(elts:c elts:d)))"},
    {"every augmented operator", "a += b; a -= b; a *= b; a /= b; a //= b; a %= b; a **= b; a >>= b; a <<= b; a &= b; a ^= b; a |= b\n",
     "(body:AugAssign(op:Add target:a= value:b) body:AugAssign(op:Sub target:a= value:b) body:AugAssign(op:Mult target:a= value:b) body:AugAssign(op:Div target:a= value:b) body:AugAssign(op:FloorDiv target:a= value:b) body:AugAssign(op:Mod target:a= value:b) body:AugAssign(op:Pow target:a= value:b) body:AugAssign(op:RShift target:a= value:b) body:AugAssign(op:LShift target:a= value:b) body:AugAssign(op:BitAnd target:a= value:b) body:AugAssign(op:BitXor target:a= value:b) body:AugAssign(op:BitOr target:a= value:b))"},
    {"delete", "del a, (b.c, [d[0]]),\n",
     "(body:Delete(targets:a- targets:Tuple-(elts:Attribute:c-(value:b) elts:List-(elts:Subscript-(slice:<0> value:d)))))"},
    {"pass break continue", "pass; break; continue\n",
     "(body:Pass body:Break body:Continue)"},
    {"return", "return\nreturn 1, *a\n",
     "(body:Return body:Return(value:Tuple(elts:<1> elts:Starred(value:a))))"},
    {"raise", "raise\nraise a from b\n",
     "(body:Raise body:Raise(cause:b exc:a))"},
    {"global and nonlocal", "global a, b\nnonlocal c\n",
     "(body:Global(names:Identifier:a names:Identifier:b) body:Nonlocal(names:Identifier:c))"},
    {"assert", "assert a, b\n",
     "(body:Assert(msg:b test:a))"},
    {"import", "import a, b.c as d\n",
     "(body:Import(names:alias<a> names:alias<b.c as d>))"},
    {"from import", "from .. import a\nfrom ...b.c import (d as e, f,)\nfrom g import *\n",
     "(body:ImportFrom(names:alias<a>) body:ImportFrom:b.c(names:alias<d as e> names:alias<f>) body:ImportFrom:g(names:alias<*>))"},
    {"type alias", "type X[T: int = str, *Ts = *a, **P = [int]] = T\n",
     "(body:TypeAlias:X(name:X= type_params:TypeVar:T(bound:int default_value:str) type_params:TypeVarTuple:Ts(default_value:Starred(value:a)) type_params:ParamSpec:P(default_value:List(elts:int)) value:T))"},
    {"type as a name", "type = type[a]\n",
     "(body:Assign(targets:type= value:Subscript(slice:a value:type)))"},
    {"match as a name", "match = case\nmatch(a)\nmatch[a]\n",
     "(body:Assign(targets:match= value:case) body:Expr(value:Call(args:a func:match)) body:Expr(value:Subscript(slice:a value:match)))"},
    {"if elif else", "if a:\n  b\nelif c: d\nelse:\n  e\n",
     "(body:If(body:Expr(value:b) orelse:If(body:Expr(value:d) orelse:Expr(value:e) test:c) test:a))"},
    {"while else", "while a:\n  b\nelse: c\n",
     "(body:While(body:Expr(value:b) orelse:Expr(value:c) test:a))"},
    {"for else", "for a, *b in c, *d:\n  e\nelse: f\n",
     "(body:For(body:Expr(value:e) iter:Tuple(elts:c elts:Starred(value:d)) orelse:Expr(value:f) target:Tuple=(elts:a= elts:Starred=(value:b=))))"},
    {"async statements", "async def f():\n  async for a in b: pass\n  async with a as b: pass\n  await c\n",
     "(body:AsyncFunctionDef:f(args:arguments body:AsyncFor(body:Pass iter:b target:a=) body:AsyncWith(body:Pass items:withitem(context_expr:a optional_vars:b=)) body:Expr(value:Await(value:c))))"},
    {"try in full", "try: a\nexcept B: c\nexcept D as e: f\nexcept: g\nelse: h\nfinally: i\n",
     "(body:Try(body:Expr(value:a) finalbody:Expr(value:i) handlers:ExceptHandler(body:Expr(value:c) type:B) handlers:ExceptHandler:e(body:Expr(value:f) type:D) handlers:ExceptHandler(body:Expr(value:g)) orelse:Expr(value:h)))"},
    {"except several", "try: a\nexcept B, C: d\n",
     "(body:Try(body:Expr(value:a) handlers:ExceptHandler(body:Expr(value:d) type:Tuple(elts:B elts:C))))"},
    {"except star", "try: a\nexcept* (B, C) as d: e\nexcept* F, G: h\n",
     "(body:TryStar(body:Expr(value:a) handlers:ExceptHandler:d(body:Expr(value:e) type:Tuple(elts:B elts:C)) handlers:ExceptHandler(body:Expr(value:h) type:Tuple(elts:F elts:G))))"},
    {"with several", "with a as b, c, d() as (e, f): g\n",
     "(body:With(body:Expr(value:g) items:withitem(context_expr:a optional_vars:b=) items:withitem(context_expr:c) items:withitem(context_expr:Call(func:d) optional_vars:Tuple=(elts:e= elts:f=))))"},
    {"with parenthesised", "with (a as b, c,): d\n",
     "(body:With(body:Expr(value:d) items:withitem(context_expr:a optional_vars:b=) items:withitem(context_expr:c)))"},
    {"with a tuple", "with (a, b) as c: d\n",
     "(body:With(body:Expr(value:d) items:withitem(context_expr:Tuple(elts:a elts:b) optional_vars:c=)))"},
    {"with a parenthesised expression", "with (a): b\n",
     "(body:With(body:Expr(value:b) items:withitem(context_expr:a)))"},
    {"with a parenthesised call", "with (a)(b) as c, (d): e\n",
     "(body:With(body:Expr(value:e) items:withitem(context_expr:Call(args:b func:a) optional_vars:c=) items:withitem(context_expr:d)))"},
    {"with a yield", "with (yield): a\n",
     "(body:With(body:Expr(value:a) items:withitem(context_expr:Yield)))"},
    {"function in full", "def f(a, b: int = 1, /, c=2, *d: *Ts, e, g=3, **h) -> i: j\n",
     "(body:FunctionDef:f(args:arguments(args:arg:c defaults:<1> defaults:<2> kw_defaults:<3> kwarg:arg:h kwonlyargs:arg:e kwonlyargs:arg:g posonlyargs:arg:a posonlyargs:arg:b(annotation:int) vararg:arg:d(annotation:Starred(value:Ts))) body:Expr(value:j) returns:i))"},
    {"bare star", "def f(*, a, b=1): pass\n",
     "(body:FunctionDef:f(args:arguments(kw_defaults:<1> kwonlyargs:arg:a kwonlyargs:arg:b) body:Pass))"},
    {"type parameters", "def f[T: (int, str), *Ts, **P](a: T): pass\n",
     "(body:FunctionDef:f(args:arguments(args:arg:a(annotation:T)) body:Pass type_params:TypeVar:T(bound:Tuple(elts:int elts:str)) type_params:TypeVarTuple:Ts type_params:ParamSpec:P))"},
    {"class in full", "class A[T](B, *c, metaclass=D, **e):\n  x = 1\n",
     "(body:ClassDef:A(bases:B bases:Starred(value:c) body:Assign(targets:x= value:<1>) keywords:keyword:metaclass(value:D) keywords:keyword(value:e) type_params:TypeVar:T))"},
    {"class without bases", "class A(): pass\n",
     "(body:ClassDef:A(body:Pass))"},
    {"decorators", "@a\n@b.c(1)\n@(d := e)\nasync def f(): pass\n",
     "(body:AsyncFunctionDef:f(args:arguments body:Pass decorator_list:a decorator_list:Call(args:<1> func:Attribute:c(value:b)) decorator_list:NamedExpr(target:d= value:e)))"},
    {"match of values", "match a:\n  case 1 | -2.5 | 3+4j: pass\n  case \"a\" \"b\" | None | A.b: pass\n",
     "(body:Match(cases:match_case(body:Pass pattern:MatchOr(patterns:MatchValue(value:<1>) patterns:MatchValue(value:UnaryOp(op:USub operand:<2.5>)) patterns:MatchValue(value:BinOp(left:<3> op:Add right:<4j>)))) cases:match_case(body:Pass pattern:MatchOr(patterns:MatchValue(value:<\"a\" \"b\">) patterns:MatchSingleton patterns:MatchValue(value:Attribute:b(value:A)))) subject:a))"},
    {"match of sequences", "match a, *b:\n  case [c, *_, d]: pass\n  case e, *f: pass\n  case (g): pass\n  case (): pass\n",
     "(body:Match(cases:match_case(body:Pass pattern:MatchSequence(patterns:MatchAs:c patterns:MatchStar patterns:MatchAs:d)) cases:match_case(body:Pass pattern:MatchSequence(patterns:MatchAs:e patterns:MatchStar:f)) cases:match_case(body:Pass pattern:MatchAs:g) cases:match_case(body:Pass pattern:MatchSequence) subject:Tuple(elts:a elts:Starred(value:b))))"},
    {"match of mappings", "match a:\n  case {}: pass\n  case {\"k\": b, C.d: 1, **rest}: pass\n",
     "(body:Match(cases:match_case(body:Pass pattern:MatchMapping) cases:match_case(body:Pass pattern:MatchMapping:rest(keys:<\"k\"> keys:Attribute:d(value:C) patterns:MatchAs:b patterns:MatchValue(value:<1>))) subject:a))"},
    {"match of classes", "match a:\n  case B(): pass\n  case b.C(1, d, e=2 as f): pass\n",
     "(body:Match(cases:match_case(body:Pass pattern:MatchClass(cls:B)) cases:match_case(body:Pass pattern:MatchClass(cls:Attribute:C(value:b) kwd_attrs:Identifier:e kwd_patterns:MatchAs:f(pattern:MatchValue(value:<2>)) patterns:MatchValue(value:<1>) patterns:MatchAs:d)) subject:a))"},
    {"match with a guard", "match (a):\n  case _ if b: c\n  case (d | e) as f if (g := h): i\n",
     "(body:Match(cases:match_case(body:Expr(value:c) guard:b pattern:MatchAs) cases:match_case(body:Expr(value:i) guard:NamedExpr(target:g= value:h) pattern:MatchAs:f(pattern:MatchOr(patterns:MatchAs:d patterns:MatchAs:e))) subject:a))"},
    {"match of a tuple", "match a,:\n  case b,: pass\n",
     "(body:Match(cases:match_case(body:Pass pattern:MatchSequence(patterns:MatchAs:b)) subject:Tuple(elts:a)))"},
    {"boolean operators", "a or b or c and not d\n",
     "(body:Expr(value:BoolOp(op:Or values:a values:b values:BoolOp(op:And values:c values:UnaryOp(op:Not operand:d)))))"},
    {"comparisons", "a < b <= c != d is not e not in f is g in h == i > j >= k\n",
     "(body:Expr(value:Compare(comparators:b comparators:c comparators:d comparators:e comparators:f comparators:g comparators:h comparators:i comparators:j comparators:k left:a ops:Lt ops:LtE ops:NotEq ops:IsNot ops:NotIn ops:Is ops:In ops:Eq ops:Gt ops:GtE)))"},
    {"arithmetic", "a + b * c ** -d // e % f @ g - h / i\n",
     "(body:Expr(value:BinOp(left:BinOp(left:a op:Add right:BinOp(left:BinOp(left:BinOp(left:BinOp(left:b op:Mult right:BinOp(left:c op:Pow right:UnaryOp(op:USub operand:d))) op:FloorDiv right:e) op:Mod right:f) op:MatMult right:g)) op:Sub right:BinOp(left:h op:Div right:i))))"},
    {"power binds its left", "-a ** -b ** c\n",
     "(body:Expr(value:UnaryOp(op:USub operand:BinOp(left:a op:Pow right:UnaryOp(op:USub operand:BinOp(left:b op:Pow right:c))))))"},
    {"shifts and bits", "a | b ^ c & d << e >> ~f\n",
     "(body:Expr(value:BinOp(left:a op:BitOr right:BinOp(left:b op:BitXor right:BinOp(left:c op:BitAnd right:BinOp(left:BinOp(left:d op:LShift right:e) op:RShift right:UnaryOp(op:Invert operand:f)))))))"},
    {"unary", "not -+~a\n",
     "(body:Expr(value:UnaryOp(op:Not operand:UnaryOp(op:USub operand:UnaryOp(op:UAdd operand:UnaryOp(op:Invert operand:a))))))"},
    {"conditional", "a if b else c if d else e\n",
     "(body:Expr(value:IfExp(body:a orelse:IfExp(body:c orelse:e test:d) test:b)))"},
    {"lambda", "lambda: a\nlambda a, /, b=1, *c, d, **e: f if g else h\n",
     "(body:Expr(value:Lambda(args:arguments body:a)) body:Expr(value:Lambda(args:arguments(args:arg:b defaults:<1> kwarg:arg:e kwonlyargs:arg:d posonlyargs:arg:a vararg:arg:c) body:IfExp(body:f orelse:h test:g))))"},
    {"walrus", "(a := b)\nf(a := b)\nc[a := b, d]\n{e := f, g}\n",
     "(body:Expr(value:NamedExpr(target:a= value:b)) body:Expr(value:Call(args:NamedExpr(target:a= value:b) func:f)) body:Expr(value:Subscript(slice:Tuple(elts:NamedExpr(target:a= value:b) elts:d) value:c)) body:Expr(value:Set(elts:NamedExpr(target:e= value:f) elts:g)))"},
    {"await", "await a ** b\n",
     "(body:Expr(value:BinOp(left:Await(value:a) op:Pow right:b)))"},
    {"yield", "yield\nyield a, *b\nyield from c\nd = yield e\n",
     "(body:Expr(value:Yield) body:Expr(value:Yield(value:Tuple(elts:a elts:Starred(value:b)))) body:Expr(value:YieldFrom(value:c)) body:Assign(targets:d= value:Yield(value:e)))"},
    {"calls", "f(a, *b, c=d, **e)(*g)\n",
     "(body:Expr(value:Call(args:Starred(value:g) func:Call(args:a args:Starred(value:b) func:f keywords:keyword:c(value:d) keywords:keyword(value:e)))))"},
    {"a generator as the argument", "f(a for a in b)\n",
     "(body:Expr(value:Call(args:GeneratorExp(elt:a generators:comprehension(iter:b target:a=)) func:f)))"},
    {"a keyword named match", "f(match=1, type=2, _=3)\n",
     "(body:Expr(value:Call(func:f keywords:keyword:match(value:<1>) keywords:keyword:type(value:<2>) keywords:keyword:_(value:<3>))))"},
    {"attributes and items", "a.b[c].d[e, f]\n",
     "(body:Expr(value:Subscript(slice:Tuple(elts:e elts:f) value:Attribute:d(value:Subscript(slice:c value:Attribute:b(value:a))))))"},
    {"slices", "a[:]; a[b:c]; a[::d]; a[b:c:d, ...]; a[*e, f:]\n",
     "(body:Expr(value:Subscript(slice:Slice value:a)) body:Expr(value:Subscript(slice:Slice(lower:b upper:c) value:a)) body:Expr(value:Subscript(slice:Slice(step:d) value:a)) body:Expr(value:Subscript(slice:Tuple(elts:Slice(lower:b step:d upper:c) elts:<...>) value:a)) body:Expr(value:Subscript(slice:Tuple(elts:Starred(value:e) elts:Slice(lower:f)) value:a)))"},
    {"tuples", "()\n(a,)\na,\n(a, *b)\n",
     "(body:Expr(value:Tuple) body:Expr(value:Tuple(elts:a)) body:Expr(value:Tuple(elts:a)) body:Expr(value:Tuple(elts:a elts:Starred(value:b))))"},
    {"lists and sets", "[], [a, *b], {a, *b}\n",
     "(body:Expr(value:Tuple(elts:List elts:List(elts:a elts:Starred(value:b)) elts:Set(elts:a elts:Starred(value:b)))))"},
    {"dictionaries", "{}, {a: b, **c, d: e}\n",
     "(body:Expr(value:Tuple(elts:Dict elts:Dict(keys:a keys:d values:b values:c values:e))))"},
    {"list comprehension", "[a for b in c if d if e for f in g]\n",
     "(body:Expr(value:ListComp(elt:a generators:comprehension(ifs:d ifs:e iter:c target:b=) generators:comprehension(iter:g target:f=))))"},
    {"set and dict comprehension", "{a for a in b}, {a: b for a, b in c}\n",
     "(body:Expr(value:Tuple(elts:SetComp(elt:a generators:comprehension(iter:b target:a=)) elts:DictComp(generators:comprehension(iter:c target:Tuple=(elts:a= elts:b=)) key:a value:b))))"},
    {"generator with async", "(a async for a in b)\n",
     "(body:Expr(value:GeneratorExp(elt:a generators:comprehension(iter:b target:a=))))"},
    {"constants", "1, 0x1F, 1.5, 2j, \"a\", b\"b\", True, False, None, ...\n",
     "(body:Expr(value:Tuple(elts:<1> elts:<0x1F> elts:<1.5> elts:<2j> elts:<\"a\"> elts:<b\"b\"> elts:<True> elts:<False> elts:<None> elts:<...>)))"},
    {"adjacent strings", "\"a\" 'b' \"\"\"c\"\"\"\n",
     "(body:Expr(value:<\"a\" 'b' \"\"\"c\"\"\">))"},
    {"f-string", "f\"a{b}c{d!r:>{e}}\"\n",
     "(body:Expr(value:JoinedStr(values:<a> values:FormattedValue(value:b) values:<c> values:FormattedValue(format_spec:JoinedStr(values:<>> values:FormattedValue(value:e)) value:d))))"},
    {"f-string that says its expression", "f\"{a = }{b=!s}\"\n",
     "(body:Expr(value:JoinedStr(values:<a = > values:FormattedValue(value:a) values:<b=> values:FormattedValue(value:b))))"},
    {"f-strings nested with the same quotes", "f\"{f\"{a[\"b\"]}\"}\"\n",
     "(body:Expr(value:JoinedStr(values:FormattedValue(value:JoinedStr(values:FormattedValue(value:Subscript(slice:<\"b\"> value:a)))))))"},
    {"f-string with doubled braces", "f\"{{{a}}}\"\n",
     "(body:Expr(value:JoinedStr(values:<{{> values:FormattedValue(value:a) values:<}}>)))"},
    {"f-string among strings", "\"a\" f\"{b}\" \"c\"\n",
     "(body:Expr(value:JoinedStr(values:<\"a\"> values:FormattedValue(value:b) values:<\"c\">)))"},
    {"f-string over lines", "f\"\"\"{\n  a  # c\n}\"\"\"\n",
     "(body:Expr(value:JoinedStr(values:FormattedValue(value:a))))"},
    {"f-string with a lambda", "f\"{(lambda a: b)}{c:d}\"\n",
     "(body:Expr(value:JoinedStr(values:FormattedValue(value:Lambda(args:arguments(args:arg:a) body:b)) values:FormattedValue(format_spec:JoinedStr(values:<d>) value:c))))"},
    {"raw f-string", "rf\"\\{a}\\d{b:\\x}\"\n",
     "(body:Expr(value:JoinedStr(values:<\\> values:FormattedValue(value:a) values:<\\d> values:FormattedValue(format_spec:JoinedStr(values:<\\x>) value:b))))"},
    {"fields in the format of a t-string", "t\"{b:{c:{d}}}\"\n",
     "(body:Expr(value:TemplateStr(values:Interpolation(format_spec:JoinedStr(values:FormattedValue(format_spec:JoinedStr(values:FormattedValue(value:d)) value:c)) value:b))))"},
    {"names of characters, an alias, a new one, one with a number",
     "'\\N{digit one}\\N{LINE FEED}\\N{KAWI DIGIT ONE}\\N{CJK UNIFIED IDEOGRAPH-4E00}'\n",
     "(body:Expr(value:<'\\N{digit one}\\N{LINE FEED}\\N{KAWI DIGIT ONE}\\N{CJK UNIFIED IDEOGRAPH-4E00}'>))"},
    {"t-string", "t\"a{b!r:c}\" t\"d\"\n",
     "(body:Expr(value:TemplateStr(values:<a> values:Interpolation(format_spec:JoinedStr(values:<c>) value:b) values:<d>)))"},
    {"deep left chain", "a.b().c[d]().e\n",
     "(body:Expr(value:Attribute:e(value:Call(func:Subscript(slice:d value:Attribute:c(value:Call(func:Attribute:b(value:a))))))))"},
    {"parentheses", "((a)) + (b)\n",
     "(body:Expr(value:BinOp(left:a op:Add right:b)))"},
    {"stars in an index and a return", "def f():\n  return *a, b\n",
     "(body:FunctionDef:f(args:arguments body:Return(value:Tuple(elts:Starred(value:a) elts:b))))"},
    {"nested blocks", "class A:\n  class B:\n    def f(self):\n      if a:\n        pass\n    x: int\n  y = 1\n",
     "(body:ClassDef:A(body:ClassDef:B(body:FunctionDef:f(args:arguments(args:arg:self) body:If(body:Pass test:a)) body:AnnAssign(annotation:int target:x=)) body:Assign(targets:y= value:<1>)))"},
    {"comments and blank lines", "# a\n\ndef f():  # b\n\n  # c\n  pass\n# d\n",
     "(body:FunctionDef:f(args:arguments body:Pass))"},
    {"line joins", "a = b + \\\n  c\nd = (e\n  + f)\n",
     "(body:Assign(targets:a= value:BinOp(left:b op:Add right:c)) body:Assign(targets:d= value:BinOp(left:e op:Add right:f)))"},
    {"form feed and carriage returns", "a\r\n\fb\rc\n",
     "(body:Expr(value:a) body:Expr(value:b) body:Expr(value:c))"},
    {"no newline at the end", "if a: b",
     "(body:If(body:Expr(value:b) test:a))"},
};
/* clang-format on */

static void grammar_gives_the_tree_of_cpython(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < UNIT_COUNT(grammar_cases); i++) {
        const tree_case *c = &grammar_cases[i];
        const rs_tree *tree = parse(f, c->label, c->source);
        UNIT_CHECK(tree->n_faults == 0, "%s: %s", c->label,
                   tree->n_faults == 0 ? "" : tree->faults[0].message);
        add_tree(&f->text, tree);
        UNIT_CHECK(strcmp(rs_buf_text(&f->text), c->want) == 0, "%s:\n%s\n%s", c->label, c->want,
                   rs_buf_text(&f->text));
    }
}

/* Classes with a position in ast, by start and then the wider one first. */
static const tree_case span_cases[] = {
    {"decorators lie before the definition", "@a\nclass B: pass\n",
     "Name@1-2 ClassDef@3-16 Pass@12-16"},
    {"a call with its parentheses", "(a)(b)\n", "Call@0-6 Expr@0-6 Name@1-2 Name@4-5"},
    {"parentheses apart", "x = (a + b)\n", "Assign@0-11 Name@0-1 BinOp@5-10 Name@5-6 Name@9-10"},
    {"a tuple with its parentheses", "x = (a, b), c\n",
     "Assign@0-13 Name@0-1 Tuple@4-13 Tuple@4-10 Name@5-6 Name@8-9 Name@12-13"},
    {"the argument generator takes the call's parentheses", "f(a for a in b)\n",
     "Call@0-15 Expr@0-15 Name@0-1 GeneratorExp@1-15 Name@2-3 Name@8-9 Name@13-14"},
    {"async before the for", "[a async for b in c]\n",
     "Expr@0-20 ListComp@0-20 Name@1-2 Name@13-14 Name@18-19"},
    {"with item and clause", "with a as b: c\n",
     "With@0-14 Name@5-6 Name@10-11 Expr@13-14 Name@13-14"},
    {"elif is an If of its own", "if a: b\nelif c: d\n",
     "If@0-17 Name@3-4 Expr@6-7 Name@6-7 If@8-17 Name@13-14 Expr@16-17 Name@16-17"},
    {"keyword and star", "f(*a, b=c, **d)\n",
     "Call@0-15 Expr@0-15 Name@0-1 Starred@2-4 Name@3-4 keyword@6-9 Name@8-9 keyword@11-14 "
     "Name@13-14"},
    {"bytes not characters", "\xc3\xa9 = '\xc3\xbc' + x\n",
     "Assign@0-13 Name@0-2 BinOp@5-13 Constant@5-9 Name@12-13"},
    {"alias", "import a.b as c\n", "Import@0-15 alias@7-15"},
    {"slices", "a[b:c, d]\n",
     "Expr@0-9 Subscript@0-9 Name@0-1 Tuple@2-8 Slice@2-5 Name@2-3 Name@4-5 Name@7-8"},
    {"adjacent strings over lines", "(a, 'b'\n 'c')\n",
     "Expr@0-13 Tuple@0-13 Name@1-2 Constant@4-12"},
    {"f-string pieces", "f'a{b}c{{d{e:f}'\n",
     "Expr@0-16 JoinedStr@0-16 Constant@2-3 FormattedValue@3-6 Name@4-5 Constant@6-10 "
     "FormattedValue@10-15 Name@11-12 JoinedStr@12-14 Constant@13-14"},
};

typedef struct placed {
    uint32_t start;
    uint32_t end;
    const char *name;
} placed;

static int placed_order(const void *left, const void *right)
{
    const placed *a = left;
    const placed *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end > b->end ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static bool has_position(const rs_node *node)
{
    return node->ast_class != RS_AST_Module && node->ast_class != RS_AST_arguments &&
           node->ast_class != RS_AST_comprehension && node->ast_class != RS_AST_withitem &&
           node->ast_class != RS_AST_match_case &&
           rs_ast_class_kind((rs_ast_class)node->ast_class) != RS_K_OPERATOR;
}

static void spans_are_those_of_cpython(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < UNIT_COUNT(span_cases); i++) {
        const tree_case *c = &span_cases[i];
        const rs_tree *tree = parse(f, c->label, c->source);
        placed nodes[64];
        size_t n = 0;
        assert_true(tree->n_nodes < UNIT_COUNT(nodes));
        for (uint32_t k = 0; k < tree->n_nodes; k++) {
            const rs_node *node = &tree->nodes[k];
            if (has_position(node)) {
                nodes[n++] = (placed){node->start_byte, node->end_byte,
                                      rs_ast_class_name((rs_ast_class)node->ast_class)};
            }
        }
        qsort(nodes, n, sizeof nodes[0], placed_order);
        for (size_t k = 0; k < n; k++) {
            rs_buf_addf(&f->text, "%s%s@%u-%u", k == 0 ? "" : " ", nodes[k].name, nodes[k].start,
                        nodes[k].end);
        }
        UNIT_CHECK(strcmp(rs_buf_text(&f->text), c->want) == 0, "%s:\n%s\n%s", c->label, c->want,
                   rs_buf_text(&f->text));
    }
}

/* --- what CPython refuses --- */

typedef struct damage_case {
    const char *label;
    const char *source;
    const char *want;   /* the tree */
    const char *faults; /* "code start-end", separated by "; " */
} damage_case;

/* clang-format off */
static const damage_case damage_cases[] = {
    {"the example of the issue", "def ok(): return 1\ndef broken(:\nx =\ndef after(): return ok()\n",
     "(body:FunctionDef:ok(args:arguments body:Return(value:<1>)) body:Error body:FunctionDef:after(args:arguments body:Return(value:Call(func:ok))))",
     "bracket_unclosed 29-30"},
    {"a statement", "a\nb c\nd\n",
     "(body:Expr(value:a) body:Error body:Expr(value:d))",
     "syntax_error 4-5"},
    {"behind a semicolon", "a; b c; d\ne\n",
     "(body:Expr(value:a) body:Error body:Expr(value:e))",
     "syntax_error 5-6"},
    {"a header of a class", "class A(:\n  def f(self): pass\n  def g(self): pass\nclass B: pass\n",
     "(body:ClassDef:A(body:Error body:FunctionDef:f(args:arguments(args:arg:self) body:Pass) body:FunctionDef:g(args:arguments(args:arg:self) body:Pass)) body:ClassDef:B(body:Pass))",
     "bracket_unclosed 7-8"},
    {"a header that is not closed keeps its block",
     "class A(:\n  def f(self): pass\n  b\nclass C: pass\n",
     "(body:ClassDef:A(body:Error body:FunctionDef:f(args:arguments(args:arg:self) body:Pass) body:Expr(value:b)) body:ClassDef:C(body:Pass))",
     "bracket_unclosed 7-8"},
    {"a deeper definition behind an unclosed bracket",
     "a = f(b\nif c:\n  def g(): d\ne\n",
     "(body:Error(body:FunctionDef:g(args:arguments body:Expr(value:d))) body:Expr(value:e))",
     "bracket_unclosed 5-6; syntax_error 8-13"},
    {"a decorator at the end of a block",
     "a\n  @b\nclass C: pass\nd\n",
     "(body:Expr(value:a) body:Error(body:Error) body:ClassDef:C(body:Pass) body:Expr(value:d))",
     "indentation_error 4-5; syntax_error 7-7"},
    {"an unclosed bracket ends before a statement", "a = (b,\ndef f(): pass\n",
     "(body:Error body:FunctionDef:f(args:arguments body:Pass))",
     "bracket_unclosed 4-5"},
    {"an unclosed bracket inside a block", "def f():\n  a = [b\n  return a\ndef g(): pass\n",
     "(body:FunctionDef:f(args:arguments body:Error body:Return(value:a)) body:FunctionDef:g(args:arguments body:Pass))",
     "bracket_unclosed 15-16"},
    {"an unclosed bracket at the end", "a\nb(c\n",
     "(body:Expr(value:a) body:Error)",
     "bracket_unclosed 3-4"},
    {"a string without end", "a = 'b\ndef f(): pass\n",
     "(body:Error body:FunctionDef:f(args:arguments body:Pass))",
     "string_unterminated 4-6"},
    {"a long string without end", "a = \"\"\"b\ndef f(): pass\n",
     "(body:Error body:FunctionDef:f(args:arguments body:Pass))",
     "string_unterminated 4-8"},
    {"a block that is missing", "def f():\ndef g(): pass\n",
     "(body:FunctionDef:f(args:arguments body:Error) body:FunctionDef:g(args:arguments body:Pass))",
     "indentation_error 9-12"},
    {"a block that is missing at the end", "if a:\n",
     "(body:If(body:Error test:a))",
     "indentation_error 5-6"},
    {"an indent that nothing asks for", "a\n  b\n  def f(): pass\nc\n",
     "(body:Expr(value:a) body:Error(body:Expr(value:b) body:FunctionDef:f(args:arguments body:Pass)) body:Expr(value:c))",
     "indentation_error 4-5"},
    {"a dedent to nowhere", "if a:\n    b\n  c\nd\n",
     "(body:If(body:Expr(value:b) body:Expr(value:c) test:a) body:Expr(value:d))",
     "indentation_error 14-15"},
    {"a clause", "if a:\n  b\nelif c d:\n  e\nelse:\n  f\ng\n",
     "(body:If(body:Expr(value:b) orelse:If(body:Error body:Expr(value:e) orelse:Expr(value:f) test:c) test:a) body:Expr(value:g))",
     "syntax_error 17-18"},
    {"a loop without its colon", "for a in b\n  c\nd\n",
     "(body:For(body:Error body:Expr(value:c) iter:b target:a=) body:Expr(value:d))",
     "syntax_error 10-11"},
    {"else", "for a in b: c\nelse d:\n  e\nf\n",
     "(body:For(body:Expr(value:c) iter:b orelse:Error orelse:Expr(value:e) target:a=) body:Expr(value:f))",
     "syntax_error 19-20"},
    {"an except clause", "try:\n  a\nexcept b c:\n  d\nexcept e:\n  f\ng\n",
     "(body:Try(body:Expr(value:a) handlers:ExceptHandler(body:Error body:Expr(value:d) type:b) handlers:ExceptHandler(body:Expr(value:f) type:e)) body:Expr(value:g))",
     "syntax_error 18-19"},
    {"finally", "try: a\nfinally b:\n  c\nd\n",
     "(body:Try(body:Expr(value:a) finalbody:Error finalbody:Expr(value:c)) body:Expr(value:d))",
     "syntax_error 15-16"},
    {"a case", "match a:\n  case b c: d\n  case e: f\n  g\nh\n",
     "(body:Match(cases:Error cases:match_case(body:Expr(value:f) pattern:MatchAs:e) cases:Error subject:a) body:Expr(value:h))",
     "syntax_error 18-19; syntax_error 37-38"},
    {"try without clauses", "try:\n  a\nb\n",
     "(body:Try(body:Expr(value:a)) body:Expr(value:b))",
     "syntax_error 9-10"},
    {"a clause without a statement", "else:\n  a\nb\n",
     "(body:Error(body:Expr(value:a)) body:Expr(value:b))",
     "syntax_error 0-4"},
    {"a decorator without a definition", "@a\nb\n",
     "(body:Error body:Expr(value:b))",
     "syntax_error 3-4"},
    {"a conflict", "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\nc\n",
     "(body:Error body:Assign(targets:a= value:<1>) body:Error body:Assign(targets:a= value:<2>) body:Error body:Expr(value:c))",
     "syntax_error 0-2; syntax_error 19-21; syntax_error 33-35"},
    {"a template", "{% if a %}\nimport {{ b }}\n{% endif %}\nc\n",
     "(body:Error body:Error body:Error body:Expr(value:c))",
     "syntax_error 1-2; syntax_error 18-19; syntax_error 27-28"},
    {"python 2", "print 'a'\nexec 'b' in {}\ndef f((a, b)):\n  raise E, 'c'\nd\n",
     "(body:Error body:Error body:FunctionDef:f(args:arguments body:Error body:Error) body:Expr(value:d))",
     "syntax_error 6-9; syntax_error 15-18; syntax_error 31-32; syntax_error 49-50"},
    {"only tokens", ") ] }\n$ ? !\n",
     "(body:Error body:Error)",
     "bracket_unmatched 0-1; token_error 6-7"},
};
/* clang-format on */

static void add_faults(rs_buf *out, const rs_tree *tree)
{
    for (uint32_t i = 0; i < tree->n_faults; i++) {
        const rs_fault *fault = &tree->faults[i];
        rs_buf_addf(out, "%s%s %u-%u", i == 0 ? "" : "; ", rs_diagnostic_get(fault->code)->code,
                    fault->start_byte, fault->end_byte);
    }
}

static void damage_is_kept_small(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < UNIT_COUNT(damage_cases); i++) {
        const damage_case *c = &damage_cases[i];
        const rs_tree *tree = parse(f, c->label, c->source);
        add_tree(&f->text, tree);
        UNIT_CHECK(strcmp(rs_buf_text(&f->text), c->want) == 0, "%s:\n%s\n%s", c->label, c->want,
                   rs_buf_text(&f->text));
        rs_buf_reset(&f->text);
        add_faults(&f->text, tree);
        UNIT_CHECK(strcmp(rs_buf_text(&f->text), c->faults) == 0, "%s:\n%s\n%s", c->label,
                   c->faults, rs_buf_text(&f->text));
    }
}

/* Nodes in and below a region are damaged, those beside it are not. */
static void damage_is_marked(void **state)
{
    fixture *f = *state;
    const rs_tree *tree =
        parse(f, "damage", "a\nclass B(:\n  def c(): pass\ndef d():\n  return )\n");
    for (uint32_t i = 0; i < tree->n_nodes; i++) {
        const rs_node *node = &tree->nodes[i];
        bool is_below = node->ast_class == RS_AST_Error;
        for (uint32_t up = i; up != RS_NO_NODE; up = tree->nodes[up].parent) {
            is_below = is_below || tree->nodes[up].ast_class == RS_AST_Error;
        }
        UNIT_CHECK(node->damaged == is_below, "node %u: %s", i,
                   rs_ast_class_name((rs_ast_class)node->ast_class));
    }
}

/* --- refused: one line each --- */

typedef struct refused_case {
    const char *source;
    const char *faults;
} refused_case;

static const refused_case refused_cases[] = {
    {"a b", "syntax_error 2-3"},
    {"1 = a", "syntax_error 0-1"},
    {"f() = a", "syntax_error 0-3"},
    {"a + b += c", "syntax_error 0-5"},
    {"(a, b) += c", "syntax_error 0-6"},
    {"(a, b): c", "syntax_error 0-6"},
    {"a: b: c", "syntax_error 4-5"},
    {"del f()", "syntax_error 4-7"},
    {"del (a, 1)", "syntax_error 8-9"},
    {"for f() in a: b", "syntax_error 4-7"},
    {"with a as 1: b", "syntax_error 10-11"},
    {"(a := 1) = b", "syntax_error 1-7"},
    {"a := 1", "syntax_error 2-4"},
    {"f(a=1, b)", "syntax_error 7-8"},
    {"f(**a, b)", "syntax_error 7-8"},
    {"f(**a, *b)", "syntax_error 7-9"},
    {"f(a for b in c, d)", "syntax_error 2-14"},
    {"f(a, b for c in d)", "syntax_error 5-17"},
    {"f(1=2)", "syntax_error 3-4"},
    {"f(None=1)", "syntax_error 2-6"},
    {"def f(a=1, b): pass", "syntax_error 11-12"},
    {"def f(a, a=1, /, /): pass", "syntax_error 17-18"},
    {"def f(*): pass", "syntax_error 7-8"},
    {"def f(*, **a): pass", "syntax_error 11-12"},
    {"def f(**a, b): pass", "syntax_error 11-12"},
    {"def f(*a, *b): pass", "syntax_error 10-11"},
    {"def f(**a=1): pass", "syntax_error 9-10"},
    {"def f(*a=1): pass", "syntax_error 8-9"},
    {"lambda *: a", "syntax_error 8-9"},
    {"class A(b for c in d): pass", "syntax_error 8-20"},
    {"import a as b.c", "syntax_error 13-14"},
    {"import", "syntax_error 5-6"},
    {"from . import *, a", "syntax_error 15-16"},
    {"from a import (b", "bracket_unclosed 14-15"},
    {"from a import ()", "syntax_error 15-16"},
    {"from a import b,", "syntax_error 15-16"},
    {"global a.b", "syntax_error 8-9"},
    {"return = 1", "syntax_error 7-8"},
    {"a if b", "syntax_error 0-6"},
    {"not", "syntax_error 2-3"},
    {"print(*)", "syntax_error 7-8"},
    {"[*a for b in c]", "syntax_error 1-3"},
    {"{**a for b in c}", "syntax_error 3-4"},
    {"{a: b, c}", "syntax_error 7-8"},
    {"{a: *b}", "syntax_error 4-5"},
    {"(*a)", "syntax_error 1-3"},
    {"a[b:=c:d]", "syntax_error 6-7"},
    {"None = 1", "syntax_error 0-4"},
    {"x.None", "syntax_error 2-6"},
    {"True: int", "syntax_error 0-4"},
    {"async a", "syntax_error 6-7"},
    {"try: a\nexcept B, C as d: e", "syntax_error 14-18"},
    {"try: a\nexcept: b\nexcept* C: d", "syntax_error 17-24"},
    {"try: a\nexcept*: b", "syntax_error 14-15"},
    {"@a b\ndef c(): pass", "syntax_error 3-4"},
    {"match a:\n  case -b: c", "syntax_error 17-18"},
    {"match a:\n  case 1 + 2: c", "syntax_error 20-21"},
    {"match a:\n  case {**b, 'c': d}: e", "syntax_error 22-25"},
    {"match a:\n  case B(c=d, e): f", "syntax_error 23-24"},
    {"if a = 1: b", "syntax_error 5-6"},
    {"while a", "syntax_error 6-7"},
    {"with a, : b", "syntax_error 8-9"},
    {"0777", "token_error 0-4"},
    {"0xg", "token_error 0-3"},
    {"0b2", "token_error 0-3"},
    {"0o8", "token_error 0-3"},
    {"1_", "token_error 0-2"},
    {"1__0", "token_error 0-4"},
    {"1e", "token_error 0-2"},
    {"1e+", "token_error 0-2"},
    {"1.5.5", "syntax_error 3-5"},
    {"12abc", "token_error 0-5"},
    {"'a", "string_unterminated 0-2"},
    {"\"\\xff\" 'b' b'c'", "syntax_error 0-15"},
    {"b'\xc3\xa9'", "token_error 0-5"},
    {"'\\x1'", "token_error 0-5"},
    {"u'\\U00110000'", "token_error 0-13"},
    {"'\\N{}'", "token_error 0-6"},
    {"'\\N{no such}'", "token_error 0-13"},
    {"f'\\N{no such}'", "token_error 2-13"},
    {"'\\N{CJK UNIFIED IDEOGRAPH-4e0}'", "token_error 0-31"},
    {"f'{}'", "syntax_error 3-4"},
    {"f'{a!x}'", "syntax_error 5-6"},
    {"f'{a!}'", "syntax_error 5-6"},
    {"f'{a'", "string_unterminated 0-1"},
    {"f'a}'", "syntax_error 3-4"},
    {"f'{a b}'", "syntax_error 5-6"},
    {"f'{a:{b}'", "syntax_error 0-1"},
    {"f'{*}'", "syntax_error 4-5"},
    {"t'a' 'b'", "syntax_error 0-8"},
    {"$", "token_error 0-1"},
    {"a ? b", "token_error 2-3"},
    {"a\xc2\xa0"
     "b",
     "token_error 1-4"},
    {"\xc3\xa9\xe2\x82\xac = 1", "token_error 2-5"},
    {"(]", "bracket_unclosed 0-1"},
    {"(a))", "bracket_unmatched 3-4"},
    {"a = \\ b", "token_error 4-5"},
    {"if a:\nb", "indentation_error 6-7"},
    {"if a:\n\x09"
     "b\n        c\n\x09"
     "d",
     "indentation_error 17-18"},
    {"if a:\n        b\n\x09"
     "c",
     "indentation_error 17-18"},
    {"  a", "indentation_error 2-3"},
    {"a\n  b", "indentation_error 4-5"},
};

static void refusals_have_their_place(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < UNIT_COUNT(refused_cases); i++) {
        const refused_case *c = &refused_cases[i];
        add_faults(&f->text, parse(f, c->source, c->source));
        UNIT_CHECK(strcmp(rs_buf_text(&f->text), c->faults) == 0, "%s: %s not %s", c->source,
                   rs_buf_text(&f->text), c->faults);
    }
}

/* --- damage anywhere ---
 *
 * Each text that CPython parses, twice for each of its bytes: cut off there, and without that byte.
 * Trees and faults of all of them make one number. What changed when it does: with RS_SHOW_TREES in the
 * environment they are written to stderr, to compare with what the commit before writes. */

static void hash_damaged(fixture *f, rs_sha256 *hash, const tree_case *c, rs_str head, rs_str rest)
{
    rs_buf source = {0};
    rs_buf_add_str(&source, head);
    rs_buf_add_str(&source, rest);
    rs_buf_add(&source, "\nafter = 1\n");
    const rs_tree *tree = parse(f, c->label, rs_buf_text(&source));
    add_tree(&f->text, tree);
    add_faults(&f->text, tree);
    for (uint32_t i = 0; i < tree->n_faults; i++) {
        rs_buf_addf(&f->text, " %s", tree->faults[i].message);
    }
    rs_sha256_add(hash, f->text.bytes, f->text.n_bytes);
    if (getenv("RS_SHOW_TREES") != NULL) {
        fprintf(stderr, "%s%s\n", rs_buf_text(&source), rs_buf_text(&f->text));
    }
    rs_buf_release(&source);
}

static void damage_anywhere_is_kept(void **state)
{
    static const char want[] = "902971a1aa96af80";
    fixture *f = *state;
    rs_sha256 *hash = rs_sha256_new();
    char got[RS_SHA256_TEXT_BYTES];
    for (size_t i = 0; i < UNIT_COUNT(grammar_cases); i++) {
        const tree_case *c = &grammar_cases[i];
        size_t n_bytes = strlen(c->source);
        for (size_t at = 0; at < n_bytes; at++) {
            rs_str head = {c->source, at};
            hash_damaged(f, hash, c, head, (rs_str){"", 0});
            hash_damaged(f, hash, c, head, rs_str_of(c->source + at + 1));
        }
    }
    rs_sha256_finish(hash, got);
    rs_sha256_free(hash);
    UNIT_CHECK(strncmp(got, want, strlen(want)) == 0, "the trees of damaged texts: %s", got);
}

/* --- limits --- */

typedef struct limit_case {
    const char *label;
    const char *head;
    const char *open;
    const char *middle;
    const char *close;
    uint32_t n;
    bool is_fine;
} limit_case;

/* head, n times open, middle, n times close */
static const limit_case limit_cases[] = {
    {"brackets at the limit", "", "(", "1", ")", RS_LIMIT_BRACKETS, true},
    {"a bracket over it", "", "(", "1", ")", RS_LIMIT_BRACKETS + 1, false},
    {"brackets of every kind", "", "f([{", "1", "}])", RS_LIMIT_BRACKETS / 3, true},
    {"a hundred thousand brackets", "", "[", "1", "]", 100000, false},
    {"brackets without end", "", "[", "", "", 100000, false},
    {"lambdas at the limit", "", "lambda a=", "1", ": 1", RS_LIMIT_NESTING - 1, true},
    {"many lambdas", "", "lambda a=", "1", ": 1", RS_LIMIT_NESTING + 1, false},
    {"lambda bodies", "", "lambda: ", "1", "", 100000, true},
    {"f-strings at the limit", "", "f'{", "1", "}'", RS_LIMIT_FSTRINGS, true},
    {"an f-string over it", "", "f'{", "1", "}'", RS_LIMIT_FSTRINGS + 1, false},
    {"format specs", "", "", "f'{a:{b:{c}}}'", "", 1, true},
    {"format specs too deep", "", "", "f'{a:{b:{c:{d}}}}'", "", 1, false},
    {"unary", "x = ", "-", "1", "", 100000, true},
    {"not", "x = ", "not ", "1", "", 100000, true},
    {"powers", "x = ", "2**", "1", "", 100000, true},
    {"binary", "x = ", "1+", "1", "", 100000, true},
    {"comparison", "x = a", "", "", " < a", 100000, true},
    {"boolean", "x = ", "a and ", "1", "", 100000, true},
    {"conditional", "x = ", "1 if a else ", "2", "", 100000, true},
    {"attributes", "x", "", "", ".a", 100000, true},
    {"calls", "f", "", "", "()", 100000, true},
    {"items", "x", "", "", "[0]", 100000, true},
    {"assignments", "", "a = ", "1", "", 100000, true},
    {"elif", "if a: pass\n", "elif b: pass\n", "", "", 100000, true},
    {"decorators", "", "@d\n", "class A: pass", "", 100000, true},
    {"awaits", "", "(await a)\n", "", "", 1000, true},
    {"stars", "f(", "*", "a)", "", 100000, false},
    {"or patterns", "match a:\n case ", "1 | ", "2: pass", "", 100000, true},
    {"nested patterns", "match a:\n case ", "[", "b", "]", 150, true},
    {"nested class patterns", "match a:\n case ", "C(", "b", ")", RS_LIMIT_BRACKETS + 1, false},
};

static void repeat(rs_buf *out, const char *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        rs_buf_add(out, text);
    }
}

static void limits_are_findings(void **state)
{
    fixture *f = *state;
    rs_buf source = {0};
    for (size_t i = 0; i < UNIT_COUNT(limit_cases); i++) {
        const limit_case *c = &limit_cases[i];
        rs_buf_reset(&source);
        rs_buf_add(&source, c->head);
        repeat(&source, c->open, c->n);
        rs_buf_add(&source, c->middle);
        repeat(&source, c->close, c->n);
        if (strchr(c->middle, ':') != NULL && c->middle[0] != 'f') {
            rs_buf_add(&source, "\n");
        }
        rs_buf_add(&source, strncmp(c->head, "match", 5) == 0 && c->close[0] != '\0'
                                ? ": pass\ndef after(): pass\n"
                                : "\ndef after(): pass\n");
        const rs_tree *tree = parse(f, c->label, rs_buf_text(&source));
        UNIT_CHECK((tree->n_faults == 0) == c->is_fine, "%s: %u faults, %s", c->label,
                   tree->n_faults, tree->n_faults == 0 ? "" : tree->faults[0].message);
        UNIT_CHECK(strstr(c->label, "without end") != NULL ||
                       tree->nodes[tree->n_nodes - 3].ast_class == RS_AST_FunctionDef,
                   "%s: what stands behind it is lost", c->label);
    }
    rs_buf_release(&source);
}

static void indentation_has_a_limit(void **state)
{
    fixture *f = *state;
    rs_buf source = {0};
    for (uint32_t n = RS_LIMIT_INDENTS; n <= RS_LIMIT_INDENTS + 1; n++) {
        rs_buf_reset(&source);
        for (uint32_t i = 0; i <= n; i++) {
            repeat(&source, " ", i);
            rs_buf_add(&source, i < n ? "if a:\n" : "b\n");
        }
        rs_buf_add(&source, "def after(): pass\n");
        const rs_tree *tree = parse(f, "indents", rs_buf_text(&source));
        UNIT_CHECK((tree->n_faults == 0) == (n == RS_LIMIT_INDENTS), "%u levels: %u faults", n,
                   tree->n_faults);
        assert_int_equal(tree->nodes[tree->n_nodes - 3].ast_class, RS_AST_FunctionDef);
    }
    rs_buf_release(&source);
}

/* --- other promises --- */

static void start_skips_a_mark(void **state)
{
    fixture *f = *state;
    static const char source[] = "\xef\xbb\xbf"
                                 "a = 1";
    assert_int_equal(rs_parse(f->parser, source, 3, sizeof source - 1, &f->tree, NULL), RS_OK);
    check_tree(&f->tree, "mark");
    assert_int_equal(f->tree.n_faults, 0);
    assert_int_equal(f->tree.nodes[0].start_byte, 0);
    assert_int_equal(f->tree.nodes[1].start_byte, 3);
}

static void parens_are_counted(void **state)
{
    fixture *f = *state;
    rs_buf source = {0};
    repeat(&source, "(", 70);
    rs_buf_add(&source, "a");
    repeat(&source, ")", 70);
    const rs_tree *tree = parse(f, "parens", rs_buf_text(&source));
    assert_int_equal(tree->nodes[2].parens, RS_MAX_PARENS);
    tree = parse(f, "parens", "((a), (b, c))");
    assert_int_equal(tree->nodes[2].parens, 0); /* a tuple's own belong to it */
    assert_int_equal(tree->nodes[3].parens, 1);
    assert_int_equal(tree->nodes[4].parens, 0);
    rs_buf_release(&source);
}

static void comments_are_kept(void **state)
{
    fixture *f = *state;
    const rs_tree *tree = parse(f, "comments", "# a\nb # c\n(\n# d\n)\ns = '# e'\n");
    assert_int_equal(tree->n_comments, 3);
    assert_int_equal(tree->comments[0].start_byte, 0);
    assert_true(tree->comments[0].is_own_line);
    assert_int_equal(tree->comments[1].start_byte, 6);
    assert_int_equal(tree->comments[1].end_byte, 9);
    assert_false(tree->comments[1].is_own_line);
    assert_int_equal(tree->comments[2].start_byte, 12);
}

static void literal_kinds_are_told(void **state)
{
    fixture *f = *state;
    const rs_tree *tree = parse(f, "kinds", "('', b'', 1, 1.0, 1j, True, None, ..., f'', t'')");
    for (uint32_t i = 0; i < 10; i++) {
        UNIT_CHECK(tree->nodes[3 + i].detail == i, "literal %u has kind %u", i,
                   (unsigned)tree->nodes[3 + i].detail);
    }
}

/* --- out of memory --- */

static rs_status parse_once(void *context)
{
    const char *source = context;
    rs_parser *parser;
    rs_tree tree;
    rs_status status = rs_parser_new(&parser, NULL);
    if (status == RS_OK) {
        status = rs_parse(parser, source, 0, (uint32_t)strlen(source), &tree, NULL);
        rs_parser_free(parser);
    }
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    rs_buf source = {0};
    rs_buf_add(&source, "@a\ndef f(b=1, *c): # d\n  return f'{e:{g}}' + (h := -i ** j)\n"
                        "if k: l\nelif m: n\nx = (\ny = $\nmatch o:\n  case [p]: q\nz = (((((\n");
    repeat(&source, "s = ?; # t\n", 300);
    union {
        const char *text;
        void *context;
    } same = {rs_buf_text(&source)};
    UNIT_SWEEP(parse_once, same.context);
    rs_buf_release(&source);
}

#define WITH_PARSER(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

static const struct CMUnitTest tests[] = {
    WITH_PARSER(grammar_gives_the_tree_of_cpython),
    WITH_PARSER(spans_are_those_of_cpython),
    WITH_PARSER(damage_is_kept_small),
    WITH_PARSER(damage_is_marked),
    WITH_PARSER(refusals_have_their_place),
    WITH_PARSER(damage_anywhere_is_kept),
    WITH_PARSER(limits_are_findings),
    WITH_PARSER(indentation_has_a_limit),
    WITH_PARSER(start_skips_a_mark),
    WITH_PARSER(parens_are_counted),
    WITH_PARSER(comments_are_kept),
    WITH_PARSER(literal_kinds_are_told),
    WITH_PARSER(out_of_memory_is_returned),
};

UNIT_TESTS(parser, tests)
