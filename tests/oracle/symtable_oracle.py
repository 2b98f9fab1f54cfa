#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""symtable_oracle.py [--names] FILE..   (FILE '-' reads a list of paths from stdin, one a line)
JSONL of CPython's own scopes and symbols (the `symtable` module), to compare a scope/binding analysis with.
One "file" record per file, then one "scope" record per scope, pre-order:
  {"k":"scope","file","id":N,"parent":N|null,"type":"module|class|function|...","kind":"module|class|def|lambda|listcomp|setcomp|dictcomp|genexpr|<type-param kinds>",
   "name","lineno","span":[start,end]|null,"qual","nested","children":[ids],
   "symbols":[{"name","scope":"LOCAL|CELL|FREE|GLOBAL_EXPLICIT|GLOBAL_IMPLICIT","is_local",...}],
   "params":[..],"free_of":{"x":scope id where x is bound}}
 Per symbol, booleans: is_local is_global is_declared_global is_free is_nonlocal is_parameter is_imported is_assigned is_referenced is_annotated is_namespace
 (only the true ones are listed, under "flags").  Names are as CPython stores them: private names are mangled (_C__x), comprehension
 scopes have the implicit parameter ".0".  "span" = UTF-8 byte span of the AST node that opens the scope (def line, not decorators);
 null if it could not be matched (e.g. type-parameter scopes of 3.12+).
With --names also one record per identifier occurrence that binds or refers to a variable:
  {"k":"occ","file","name","span","line","ctx":"load|store|del|param|def|class|import|except|match|global|nonlocal",
   "scope":id of the scope it is evaluated in,"res":"local|cell|free|global|builtin?|class","def_scope":id|null}
   res "global" = a module-level binding exists in this file, "builtin?" = no binding in the file (builtin, star-import or injected), def_scope = scope that owns the variable.
Byte offsets as in ast_oracle.py.  Run it under the interpreter whose rules you want (3.12+ adds type-parameter scopes; 3.13 type aliases).
"""
import ast, builtins, json, os, sys, symtable, warnings
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ast_oracle import Src, DEFRE, ident_fwd, ident_back, all_args, except_name_span, decl_spans, rest_span
import _symtable

warnings.simplefilter("ignore")
sys.setrecursionlimit(50000)
SCOPES = {getattr(_symtable, n): n for n in ("LOCAL", "GLOBAL_EXPLICIT", "GLOBAL_IMPLICIT", "FREE", "CELL")}
FLAGS = ("is_local", "is_global", "is_declared_global", "is_free", "is_nonlocal", "is_parameter", "is_imported", "is_assigned",
         "is_referenced", "is_annotated", "is_namespace")
COMP = {"ListComp": "listcomp", "SetComp": "setcomp", "DictComp": "dictcomp", "GeneratorExp": "genexpr"}
PEP649 = sys.version_info >= (3, 14)


class Scope:
    __slots__ = ("id", "table", "parent", "kids", "node", "syms", "kind", "qual")


def mangle(cls, name):
    if not cls or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    c = cls.lstrip("_")
    return "_" + c + name if c else name


class Collector:
    """AST scopes of one scope body in the order CPython's symtable builder enters them, and the identifier occurrences in it."""
    def __init__(self, src, future_ann):
        self.s, self.fut = src, future_ann

    def collect(self, node):
        self.kids, self.occ = [], []
        self.in_ann = 0
        t = type(node).__name__
        if t == "Module":
            self.many(node.body)
        elif t in ("FunctionDef", "AsyncFunctionDef"):
            for a in all_args(node.args):
                st = self.s.span(a)[0]
                self.occ.append((a.arg, ident_fwd(self.s.b, st), a.lineno, "param"))
            self.many(node.body)
        elif t == "Lambda":
            for a in all_args(node.args):
                st = self.s.span(a)[0]
                self.occ.append((a.arg, ident_fwd(self.s.b, st), a.lineno, "param"))
            self.one(node.body)
        elif t == "ClassDef":
            self.many(node.body)
        elif t in COMP:
            for i, g in enumerate(node.generators):
                self.one(g.target)
                if i:
                    self.one(g.iter)
                self.many(g.ifs)
            if t == "DictComp":
                self.one(node.value); self.one(node.key)
            else:
                self.one(node.elt)
        return self.kids, self.occ

    def many(self, l):
        for x in l or ():
            if x is not None:
                self.one(x)

    def ann(self, x):
        if x is None:
            return
        if self.fut:
            self.in_ann += 1; self.one(x); self.in_ann -= 1
        else:
            self.one(x)

    def kid(self, n):
        if not self.in_ann:
            self.kids.append(n)

    def one(self, n):
        t = type(n).__name__
        m = getattr(self, "v_" + t, None)
        if m:
            m(n)
        else:
            for c in ast.iter_child_nodes(n):
                self.one(c)

    def v_FunctionDef(self, n):
        sp = self.s.span(n); m = DEFRE.match(self.s.b, sp[0])
        self.occ.append((n.name, ident_fwd(self.s.b, m.end()) if m else None, n.lineno, "def"))
        tp = getattr(n, "type_params", None)
        self.many(n.args.defaults); self.many(n.args.kw_defaults)
        if not tp:
            self.anns(n)
        self.many(n.decorator_list)
        self.kid(n)
    v_AsyncFunctionDef = v_FunctionDef

    def anns(self, n):
        a = n.args
        for x in a.posonlyargs + a.args:
            self.ann(x.annotation)
        for x in (a.vararg, a.kwarg):
            if x:
                self.ann(x.annotation)
        for x in a.kwonlyargs:
            self.ann(x.annotation)
        self.ann(n.returns)

    def v_ClassDef(self, n):
        sp = self.s.span(n); m = DEFRE.match(self.s.b, sp[0])
        self.occ.append((n.name, ident_fwd(self.s.b, m.end()) if m else None, n.lineno, "class"))
        if not getattr(n, "type_params", None):
            self.many(n.bases); self.many(n.keywords)
        self.many(n.decorator_list)
        self.kid(n)

    def v_Lambda(self, n):
        self.many(n.args.defaults); self.many(n.args.kw_defaults)
        self.kid(n)

    def v_comp(self, n):
        self.one(n.generators[0].iter)
        self.kid(n)
    v_ListComp = v_SetComp = v_DictComp = v_GeneratorExp = v_comp

    def v_Name(self, n):
        if not self.in_ann:
            self.occ.append((n.id, self.s.span(n), n.lineno, type(n.ctx).__name__.lower()))

    def v_AnnAssign(self, n):
        self.one(n.target); self.ann(n.annotation)
        if n.value is not None:
            self.one(n.value)

    def v_TypeAlias(self, n):
        self.one(n.name)       # the value is a scope of its own

    def alias(self, n, nm, a):
        sp = self.s.span(a) if hasattr(a, "lineno") else None
        if sp:
            sp = ident_back(self.s.b, sp[1]) if a.asname else ident_fwd(self.s.b, sp[0])
        self.occ.append((nm, sp, getattr(a, "lineno", n.lineno), "import"))

    def v_Import(self, n):
        for a in n.names:
            self.alias(n, a.asname or a.name.split(".")[0], a)

    def v_ImportFrom(self, n):
        for a in n.names:
            if a.name != "*":
                self.alias(n, a.asname or a.name, a)

    def v_Global(self, n):
        for x, sp in zip(n.names, decl_spans(self.s, n)):
            self.occ.append((x, sp, n.lineno, type(n).__name__.lower()))
    v_Nonlocal = v_Global

    def v_ExceptHandler(self, n):
        if n.type:
            self.one(n.type)
        if n.name:
            self.occ.append((n.name, except_name_span(self.s, n), n.lineno, "except"))
        self.many(n.body)

    def v_MatchAs(self, n):
        if n.pattern:
            self.one(n.pattern)
        if n.name:
            sp = self.s.span(n)
            self.occ.append((n.name, ident_back(self.s.b, sp[1]), n.lineno, "match"))

    def v_MatchStar(self, n):
        if n.name:
            self.occ.append((n.name, ident_back(self.s.b, self.s.span(n)[1]), n.lineno, "match"))

    def v_MatchMapping(self, n):
        self.many(n.keys); self.many(n.patterns)
        if n.rest:
            self.occ.append((n.rest, rest_span(self.s, n), n.lineno, "match"))


def key_of_node(n):
    t = type(n).__name__
    if t in ("FunctionDef", "AsyncFunctionDef"):
        return ("function", n.name, n.lineno)
    if t == "ClassDef":
        return ("class", n.name, n.lineno)
    if t == "Lambda":
        return ("function", "lambda", n.lineno)
    return ("function", COMP[t], n.lineno)


def kind_of_node(n):
    t = type(n).__name__
    return {"FunctionDef": "def", "AsyncFunctionDef": "def", "ClassDef": "class", "Lambda": "lambda", "Module": "module"}.get(t) or COMP[t]


def ttype(t):
    x = t.get_type()
    return x if isinstance(x, str) else getattr(x, "value", str(x))


def do(fn, out, names, stats):
    with open(fn, "rb") as f:
        raw = f.read()
    s = Src(raw)
    err = None
    try:
        tree = ast.parse(raw, fn)
        src = raw
        top = symtable.symtable(src, fn, "exec")
    except SyntaxError as e:
        err = {"type": type(e).__name__, "msg": e.msg, "line": e.lineno, "col": e.offset}
    except (ValueError, RecursionError, MemoryError, OverflowError, UnicodeError) as e:
        err = {"type": type(e).__name__, "msg": str(e)[:200], "line": None, "col": None}
    out.write(json.dumps({"k": "file", "file": fn, "enc": s.enc, "recoded": s.recoded, "bytes": len(raw), "error": err,
                          "python": "%d.%d" % sys.version_info[:2]}) + "\n")
    if err:
        return
    fut = any(isinstance(x, ast.ImportFrom) and x.module == "__future__" and any(a.name == "annotations" for a in x.names) for x in tree.body)
    scopes = []
    occs = []

    def walk(table, parent, node, cls):
        sc = Scope()
        sc.id, sc.table, sc.parent, sc.kids, sc.node = len(scopes), table, parent, [], node
        sc.syms = {x.get_name(): x for x in table.get_symbols()}
        tt = ttype(table)
        sc.kind = kind_of_node(node) if node is not None else tt
        nm = table.get_name()
        if parent is None:
            sc.qual = ""
        else:
            n2 = {"lambda": "<lambda>", "listcomp": "<listcomp>", "setcomp": "<setcomp>", "dictcomp": "<dictcomp>", "genexpr": "<genexpr>"}.get(sc.kind if node is not None else nm, nm)
            p = scopes[parent.id]
            pre = p.qual + (".<locals>" if ttype(p.table) == "function" and p.qual else "")
            sc.qual = (pre + "." if pre else "") + n2
        scopes.append(sc)
        pool = []
        mycls = table.get_name() if tt == "class" else cls
        if node is not None:
            kids, occ = Collector(s, fut).collect(node)
            pool = kids
            for name, sp, line, ctx in occ:
                occs.append((sc, name, sp, line, ctx, mycls))
        descend(table, sc, pool, mycls)
        return sc

    def descend(table, sc, pool, cls):
        left = {}
        for n in pool:
            left.setdefault(key_of_node(n), []).append(n)
        for t in table.get_children():
            tt = ttype(t)
            k = (tt, t.get_name(), t.get_lineno())
            node = None
            if left.get(k):
                node = left[k].pop(0)
            stats["scopes"] += 1
            if node is None:
                stats["unmatched:" + tt] += 1
            if node is None and tt not in ("function", "class"):
                # type-parameter scope (3.12+): its children are drawn from the same pool
                sub = Scope()
                sub.id, sub.table, sub.parent, sub.kids, sub.node = len(scopes), t, sc, [], None
                sub.syms = {x.get_name(): x for x in t.get_symbols()}
                sub.kind, sub.qual = tt, sc.qual
                scopes.append(sub); sc.kids.append(sub.id)
                rest = [n for v in left.values() for n in v]
                before = len(rest)
                descend(t, sub, rest, cls)
                for v in left.values():
                    v[:] = [n for n in v if n in rest]
                continue
            c = walk(t, sc, node, cls)
            sc.kids.append(c.id)
        pool[:] = [n for v in left.values() for n in v]

    walk(top, None, tree, None)

    def owner(sc, name):
        """scope whose variable a FREE name is"""
        p = sc.parent
        while p is not None:
            y = p.syms.get(name)
            if y is not None and ttype(p.table) != "class" and SCOPES.get(y._Symbol__scope) in ("LOCAL", "CELL"):
                return p.id
            if ttype(p.table) == "class" and name == "__class__":
                return p.id
            p = p.parent
        return None

    for sc in scopes:
        t = sc.table
        syms, free = [], {}
        for nm in sorted(sc.syms):
            y = sc.syms[nm]
            scn = SCOPES.get(y._Symbol__scope, "?")
            syms.append({"name": nm, "scope": scn, "flags": [f for f in FLAGS if getattr(y, f)()]})
            if scn == "FREE":
                free[nm] = owner(sc, nm)
        rec = {"k": "scope", "file": fn, "id": sc.id, "parent": sc.parent.id if sc.parent else None, "type": ttype(t), "kind": sc.kind,
               "name": t.get_name(), "lineno": t.get_lineno(), "span": s.span(sc.node) if sc.node is not None and sc.parent else ([0, len(s.b)] if not sc.parent else None),
               "qual": sc.qual, "nested": t.is_nested(), "children": sc.kids, "symbols": syms}
        if ttype(t) == "function":
            rec["params"] = list(t.get_parameters())
        if free:
            rec["free_of"] = free
        out.write(json.dumps(rec) + "\n")
    if not names:
        return
    modsyms = scopes[0].syms
    for sc, name, sp, line, ctx, cls in occs:
        mn = mangle(cls, name)
        y = sc.syms.get(mn)
        res, own = "?", None
        if y is None:
            stats["occ_unresolved"] += 1
        else:
            scn = SCOPES.get(y._Symbol__scope, "?")
            if scn in ("LOCAL", "CELL"):
                own = sc.id
                res = {"module": "global", "class": "class"}.get(ttype(sc.table), scn.lower())
                if ttype(sc.table) == "module" and not (y.is_assigned() or y.is_imported() or y.is_namespace()):
                    res = "global"
            elif scn == "FREE":
                own, res = owner(sc, mn), "free"
            elif scn in ("GLOBAL_EXPLICIT", "GLOBAL_IMPLICIT"):
                g = modsyms.get(mn)
                bound = g is not None and (g.is_assigned() or g.is_imported() or g.is_namespace() or g.is_local())
                res, own = ("global", 0) if bound else ("builtin?", None)
        stats["occ"] += 1
        out.write(json.dumps({"k": "occ", "file": fn, "name": name, "span": sp, "line": line, "ctx": ctx, "scope": sc.id, "res": res, "def_scope": own}) + "\n")


def main():
    import collections
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    if not args:
        print(__doc__); return 2
    if args == ["-"]:
        args = [l.rstrip("\n") for l in sys.stdin]
    stats = collections.Counter()
    rc = 0
    for fn in args:
        try:
            do(fn, sys.stdout, "--names" in sys.argv, stats)
        except OSError as e:
            sys.stderr.write("%s: %s\n" % (fn, e)); rc = 1
    if "--stats" in sys.argv:
        sys.stderr.write(json.dumps(stats) + "\n")
    return rc


if __name__ == "__main__":
    import threading
    threading.stack_size(512 * 1024 * 1024)
    r = [0]
    t = threading.Thread(target=lambda: r.__setitem__(0, main()))
    t.start(); t.join()
    sys.exit(r[0])
