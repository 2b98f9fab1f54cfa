#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ast_oracle.py [--parent] [--errors-ok] FILE..   (FILE '-' reads a list of paths from stdin, one a line)
JSONL of what CPython's own parser sees: every def / class / lambda / call / import / name / attribute / arg / keyword,
with byte spans.  Spans are UTF-8 byte offsets [start,end) into the file *as UTF-8*: for a UTF-8 file (with or without BOM)
they are offsets into the raw bytes; for a file in another encoding ("enc" in the file record) into its UTF-8 recoding
(line ends kept), and the file record says "recoded":true.
Records (all have "file", "k", "span", "line" (1-based), "col" (byte column, 0-based), "qual" = enclosing qualname):
  file      {"k":"file","enc","recoded","bom","bytes","lines","error":null | {"type","msg","line","col"}}
  def       FunctionDef/AsyncFunctionDef: name, name_span, async, decorators (count), params [names in order], body_span, gen
  class     name, name_span, bases (count), decorators
  lambda    params
  call      func_span, func ("name"|"attribute"|"call"|"subscript"|"lambda"|"other"), text (dotted name when it is one), npos, kw [names; null=**], star
  import    one record per alias: module (null for plain import), name, asname, level, alias_span, star
  name      id, ctx ("load"|"store"|"del")
  attribute attr, attr_span, value_span, ctx
  arg       name of a parameter (span = name incl. annotation, name_span = the name)
  global / nonlocal   names, name_spans
  except    name bound by 'except .. as name', name_span
  match     name bound by a pattern (MatchAs / MatchStar / MatchMapping rest), name_span
Nodes inside an f-string have "fstr":true.  Before Python 3.12 their positions are not reliable (run this under 3.12+ for those).
Exit 0 also when a file does not parse (its error is in the file record); 1 only for unreadable files.
"""
import ast, io, json, os, re, sys, tokenize, warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(50000)


class Src:
    def __init__(self, raw):
        self.raw = raw
        self.bom = raw.startswith(b"\xef\xbb\xbf")
        try:
            self.enc, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        except (SyntaxError, UnicodeDecodeError):
            self.enc = None
        self.recoded = False
        self.b = raw
        if self.enc and self.enc.replace("_", "-").lower() not in ("utf-8", "utf-8-sig", "utf8", "ascii", "us-ascii"):
            try:
                self.b = raw.decode(self.enc).encode("utf-8", "surrogatepass")
                self.recoded = self.b != raw
            except (UnicodeError, LookupError):
                pass
        self.starts = [3 if self.bom else 0]
        for m in re.finditer(rb"\r\n|\r|\n", self.b):
            self.starts.append(m.end())

    def off(self, line, col):
        if line - 1 >= len(self.starts):
            return len(self.b)
        return self.starts[line - 1] + col

    def span(self, n):
        return [self.off(n.lineno, n.col_offset), self.off(n.end_lineno, n.end_col_offset)]


DEFRE = re.compile(rb"(?:async(?:[ \t\f]|\\\r?\n)+)?(?:def|class)(?:[ \t\f]|\\\r?\n)+")


def ident_back(b, end):
    i = end
    while i > 0 and (b[i - 1] >= 128 or b[i - 1] == 95 or 48 <= b[i - 1] <= 57 or 65 <= b[i - 1] <= 90 or 97 <= b[i - 1] <= 122):
        i -= 1
    return [i, end]


def ident_fwd(b, start):
    i = start
    while i < len(b) and (b[i] >= 128 or b[i] == 95 or 48 <= b[i] <= 57 or 65 <= b[i] <= 90 or 97 <= b[i] <= 122):
        i += 1
    return [start, i]


def except_name_span(src, n):
    """span of e in 'except T as e'"""
    m = re.compile(rb"[\s\\)]*as[\s\\]+").match(src.b, src.span(n.type)[1])
    return ident_fwd(src.b, m.end()) if m else None


def word_span(src, lo, hi, name):
    """span of the identifier NAME as a whole word in [lo,hi) (None when it is spelled otherwise, e.g. not NFKC)"""
    m = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(name.encode("utf-8", "surrogatepass")) + rb"(?![\w\x80-\xff])").search(src.b, lo, hi)
    return [m.start(), m.end()] if m else None


def decl_spans(src, n):
    """spans of the names of a global/nonlocal statement, in order"""
    lo, hi = src.span(n)
    lo += len(type(n).__name__)
    out = []
    for x in n.names:
        sp = word_span(src, lo, hi, x)
        out.append(sp)
        if sp:
            lo = sp[1]
    return out


def rest_span(src, n):
    """span of r in a mapping pattern {.., **r}"""
    lo, hi = src.span(n)
    for x in n.patterns:
        lo = max(lo, src.span(x)[1])
    m = re.compile(rb"\*\*[\s\\]*").search(src.b, lo, hi)
    return ident_fwd(src.b, m.end()) if m else None


def dotted(e):
    parts = []
    while isinstance(e, ast.Attribute):
        parts.append(e.attr); e = e.value
    if isinstance(e, ast.Name):
        return ".".join([e.id] + parts[::-1])
    return None


class V:
    def __init__(self, src, fn, out, want_parent):
        self.s, self.fn, self.out, self.wp = src, fn, out, want_parent
        self.qual = []
        self.fstr = 0

    def emit(self, k, n, span=None, **kw):
        r = {"file": self.fn, "k": k, "span": span or self.s.span(n), "line": n.lineno, "col": n.col_offset,
             "qual": ".".join(self.qual)}
        r.update(kw)
        if self.fstr:
            r["fstr"] = True
        self.out.write(json.dumps(r) + "\n")

    def args(self, a):
        return [x.arg for x in a.posonlyargs + a.args] + (["*" + a.vararg.arg] if a.vararg else []) + \
               [x.arg for x in a.kwonlyargs] + (["**" + a.kwarg.arg] if a.kwarg else [])

    def visit(self, n):
        # explicit stack for the deep left spine of BinOp/Attribute/Call chains is not needed: recursion limit is raised
        t = type(n).__name__
        m = getattr(self, "v_" + t, None)
        if m:
            m(n)
        else:
            for c in ast.iter_child_nodes(n):
                self.visit(c)

    def children(self, *groups):
        for g in groups:
            if isinstance(g, list):
                for x in g:
                    if x is not None:
                        self.visit(x)
            elif g is not None:
                self.visit(g)

    def v_JoinedStr(self, n):
        self.fstr += 1
        self.children(n.values)
        self.fstr -= 1
    v_TemplateStr = v_JoinedStr

    def v_FunctionDef(self, n):
        s = self.s.span(n)
        m = DEFRE.match(self.s.b, s[0])
        ns = ident_fwd(self.s.b, m.end()) if m else None
        gen = any(isinstance(x, (ast.Yield, ast.YieldFrom)) for x in walk_own(n.body))
        self.emit("def", n, name=n.name, name_span=ns, decorators=len(n.decorator_list), params=self.args(n.args),
                  body_span=[self.s.span(n.body[0])[0], s[1]], gen=gen, **{"async": isinstance(n, ast.AsyncFunctionDef)})
        self.children(n.decorator_list, n.args.defaults, n.args.kw_defaults, n.returns)
        for a in all_args(n.args):
            self.children(a.annotation)
        self.qual.append(n.name)
        self.children(getattr(n, "type_params", []))
        for a in all_args(n.args):
            self.v_param(a)
        self.qual.append("<locals>")
        self.children(n.body)
        self.qual.pop(); self.qual.pop()
    v_AsyncFunctionDef = v_FunctionDef

    def v_Lambda(self, n):
        self.emit("lambda", n, params=self.args(n.args))
        self.children(n.args.defaults, n.args.kw_defaults)
        self.qual.append("<lambda>")
        for a in all_args(n.args):
            self.v_param(a)
        self.qual.append("<locals>")
        self.visit(n.body)
        self.qual.pop(); self.qual.pop()

    def v_param(self, a):
        st = self.s.span(a)
        self.emit("arg", a, name=a.arg, name_span=ident_fwd(self.s.b, st[0]))

    def v_ClassDef(self, n):
        s = self.s.span(n)
        m = DEFRE.match(self.s.b, s[0])
        self.emit("class", n, name=n.name, name_span=ident_fwd(self.s.b, m.end()) if m else None, bases=len(n.bases), decorators=len(n.decorator_list))
        self.children(n.decorator_list, n.bases, n.keywords)
        self.qual.append(n.name)
        self.children(getattr(n, "type_params", []), n.body)
        self.qual.pop()

    def v_Call(self, n):
        f = n.func
        kind = {"Name": "name", "Attribute": "attribute", "Call": "call", "Subscript": "subscript", "Lambda": "lambda"}.get(type(f).__name__, "other")
        self.emit("call", n, func=kind, func_span=self.s.span(f), text=dotted(f), npos=sum(not isinstance(x, ast.Starred) for x in n.args),
                  kw=[k.arg for k in n.keywords], star=any(isinstance(x, ast.Starred) for x in n.args))
        self.children(n.func, n.args, n.keywords)

    def v_Import(self, n):
        for a in n.names:
            self.emit("import", n, module=None, name=a.name, asname=a.asname, level=0, star=False,
                      alias_span=self.s.span(a) if hasattr(a, "lineno") else None)

    def v_ImportFrom(self, n):
        for a in n.names:
            self.emit("import", n, module=n.module, name=a.name, asname=a.asname, level=n.level or 0, star=a.name == "*",
                      alias_span=self.s.span(a) if hasattr(a, "lineno") else None)

    def v_Name(self, n):
        self.emit("name", n, id=n.id, ctx=type(n.ctx).__name__.lower())

    def v_Attribute(self, n):
        sp = self.s.span(n)
        self.emit("attribute", n, attr=n.attr, attr_span=ident_back(self.s.b, sp[1]), value_span=self.s.span(n.value), ctx=type(n.ctx).__name__.lower())
        self.visit(n.value)

    def v_Global(self, n):
        self.emit("global", n, names=n.names, name_spans=decl_spans(self.s, n))

    def v_Nonlocal(self, n):
        self.emit("nonlocal", n, names=n.names, name_spans=decl_spans(self.s, n))

    def v_ExceptHandler(self, n):
        if n.name:
            self.emit("except", n, name=n.name, name_span=except_name_span(self.s, n))
        self.children(n.type, n.body)

    def v_MatchAs(self, n):
        if n.name:
            self.emit("match", n, name=n.name, name_span=ident_back(self.s.b, self.s.span(n)[1]))
        self.children(n.pattern)

    def v_MatchStar(self, n):
        if n.name:
            self.emit("match", n, name=n.name, name_span=ident_back(self.s.b, self.s.span(n)[1]))

    def v_MatchMapping(self, n):
        if n.rest:
            self.emit("match", n, name=n.rest, name_span=rest_span(self.s, n))
        self.children(n.keys, n.patterns)


def all_args(a):
    return a.posonlyargs + a.args + ([a.vararg] if a.vararg else []) + a.kwonlyargs + ([a.kwarg] if a.kwarg else [])


def walk_own(body):
    """nodes of a function body without nested function/class/lambda scopes (comprehensions included)"""
    todo = list(body)
    while todo:
        n = todo.pop()
        yield n
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        todo.extend(ast.iter_child_nodes(n))


def do(fn, out):
    with open(fn, "rb") as f:
        raw = f.read()
    s = Src(raw)
    err = tree = None
    try:
        tree = ast.parse(raw, fn)
    except SyntaxError as e:
        err = {"type": type(e).__name__, "msg": e.msg, "line": e.lineno, "col": e.offset}
    except (ValueError, RecursionError, MemoryError, OverflowError) as e:
        err = {"type": type(e).__name__, "msg": str(e)[:200], "line": None, "col": None}
    out.write(json.dumps({"file": fn, "k": "file", "enc": s.enc, "recoded": s.recoded, "bom": s.bom, "bytes": len(raw),
                          "lines": len(s.starts), "error": err}) + "\n")
    if tree is not None:
        V(s, fn, out, False).visit(tree)


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    if not args:
        print(__doc__); return 2
    if args == ["-"]:
        args = [l.rstrip("\n") for l in sys.stdin]
    rc = 0
    for fn in args:
        try:
            do(fn, sys.stdout)
        except OSError as e:
            sys.stderr.write("%s: %s\n" % (fn, e)); rc = 1
    return rc


if __name__ == "__main__":
    import threading
    threading.stack_size(512 * 1024 * 1024)
    r = [0]
    t = threading.Thread(target=lambda: r.__setitem__(0, main()))
    t.start(); t.join()
    sys.exit(r[0])
