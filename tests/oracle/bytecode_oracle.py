#!/usr/bin/env python3.11
# SPDX-License-Identifier: Apache-2.0
"""bytecode_oracle.py [--cfg] [--defuse] FILE..   (FILE '-' = list on stdin)    needs CPython 3.11 (refuses others: opcodes differ)
Control flow and def-use facts read off the bytecode CPython's compiler makes (nothing is executed).
--cfg     one record per code object:
   {"k":"cfg","file","qual","firstlineno","lines":[executable lines],"entry":line,
    "edges":[[a,b],..]   line a can be followed by line b in normal flow (a != b, or a==b for a loop on one line); b = -1: return
    "exc":[[a,b],..]     an exception raised on line a can continue at line b (handler/finally line);  b = -1: leaves the function is NOT listed
    "branch":[lines with >1 normal successor lines]}
   Caveats: the compiler folds constants (`while True`, `if 0`, `if __debug__`, assert under -O), duplicates finally bodies, and gives jumps
   the line of the test: compare line sets, not counts; code it removed has no line here.
--defuse  one record per read of a variable held in the same code object (fast locals, cells read in their own scope, module/class names):
   {"k":"use","file","qual","var","kind":"fast|deref|name","use":[s,e] byte span,"line","defs":[{"span","line","how"}..],"maybe_unbound":bool}
   how: "param" (line = first line of the function incl. decorators, span null), "store" (span is exactly the bound name), "stmt" (import/def/class/except-as: span is the statement), "del" is never a def.
   defs = reaching definitions over the bytecode CFG incl. exception edges.  Reads of a name not stored in that code object are left out.
"""
import bisect, collections, dis, json, os, sys, types, unicodedata, warnings
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ast_oracle import Src

warnings.simplefilter("ignore")
if sys.version_info[:2] != (3, 11):
    sys.exit("bytecode_oracle.py: run it with python3.11 (this is %d.%d)" % sys.version_info[:2])
STOP = {"RETURN_VALUE", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_BACKWARD_QUICK"}
SAFE = {"NOP", "POP_TOP", "COPY", "SWAP", "LOAD_CONST", "LOAD_FAST", "STORE_FAST", "RESUME", "CACHE", "PRECALL", "PUSH_NULL", "JUMP_FORWARD",
        "JUMP_BACKWARD", "POP_EXCEPT", "PUSH_EXC_INFO", "RETURN_VALUE", "MAKE_CELL", "COPY_FREE_VARS", "LOAD_CLOSURE", "MAKE_FUNCTION", "KW_NAMES",
        "BUILD_TUPLE", "POP_JUMP_FORWARD_IF_NONE", "POP_JUMP_FORWARD_IF_NOT_NONE", "LOAD_BUILD_CLASS", "RETURN_GENERATOR", "EXTENDED_ARG", "STORE_DEREF"}
ST = {"STORE_FAST": "fast", "STORE_DEREF": "deref", "STORE_NAME": "name", "STORE_GLOBAL": "global"}
LD = {"LOAD_FAST": "fast", "LOAD_DEREF": "deref", "LOAD_NAME": "name", "LOAD_CLASSDEREF": "deref"}
DL = {"DELETE_FAST": "fast", "DELETE_DEREF": "deref", "DELETE_NAME": "name"}


def build(code):
    ins = [i for i in dis.get_instructions(code, show_caches=False)]
    idx = {i.offset: n for n, i in enumerate(ins)}
    # jumps may target an EXTENDED_ARG prefix: get_instructions keeps those as instructions, so idx has them
    succ = [[] for _ in ins]
    for n, i in enumerate(ins):
        if i.opcode in dis.hasjrel or i.opcode in dis.hasjabs:
            succ[n].append(idx[i.argval])
        if i.opname not in STOP and n + 1 < len(ins):
            succ[n].append(n + 1)
    exc = [[] for _ in ins]
    offs = [i.offset for i in ins]
    for e in dis._parse_exception_table(code):
        t = idx[e.target]
        for n in range(bisect.bisect_left(offs, e.start), bisect.bisect_left(offs, e.end)):
            if ins[n].opname not in SAFE:
                exc[n].append(t)
    # reachable only
    seen = {0}; todo = [0]
    while todo:
        n = todo.pop()
        for m in succ[n] + exc[n]:
            if m not in seen:
                seen.add(m); todo.append(m)
    return ins, succ, exc, seen


def line_of(i):
    return i.positions.lineno if i.positions else None


def cfg(code, fn, out):
    ins, succ, exc, live = build(code)
    # exception-entry machinery and RERAISE paths carry lines of the protected statement; follow unlined instructions through
    memo = {}

    def first_lines(n):
        """lines reached from instruction n (n itself included), skipping unlined instructions"""
        if n in memo:
            return memo[n]
        res, seen, todo = set(), set(), [n]
        while todo:
            m = todo.pop()
            if m in seen:
                continue
            seen.add(m)
            l = line_of(ins[m])
            if l is not None:
                res.add(l)
            elif ins[m].opname == "RETURN_VALUE":
                res.add(-1)
            else:
                todo.extend(succ[m] + (exc[m] if ins[m].opname == "RERAISE" else []))
        memo[n] = res
        return res
    edges, ex, lines = set(), set(), set()
    for n in sorted(live):
        l = line_of(ins[n])
        if l is None:
            continue
        if ins[n].opname in ("RESUME", "MAKE_CELL", "COPY_FREE_VARS", "RETURN_GENERATOR") or (ins[n].opname == "POP_TOP" and n and ins[n - 1].opname == "RETURN_GENERATOR"):
            # function prologue sits on the def line
            if ins[n].opname == "RESUME" and ins[n].arg == 0:
                pass
            continue
        lines.add(l)
        if ins[n].opname == "RETURN_VALUE":
            edges.add((l, -1))
        for m in succ[n]:
            for k in first_lines(m):
                if k != l or (m <= n and ins[n].opname.startswith(("JUMP_BACKWARD", "POP_JUMP_BACKWARD"))):
                    edges.add((l, k))
        for m in exc[n]:
            for k in first_lines(m):
                if k != l:
                    ex.add((l, k))
    entry = None
    for n, i in enumerate(ins):
        if i.opname == "RESUME" and i.arg == 0:
            e = first_lines(n + 1) if n + 1 < len(ins) else set()
            entry = min(e) if e else None
            break
    ns = collections.defaultdict(set)
    for a, b in edges:
        ns[a].add(b)
    out.write(json.dumps({"k": "cfg", "file": fn, "qual": code.co_qualname, "firstlineno": code.co_firstlineno, "entry": entry, "lines": sorted(lines),
                          "edges": sorted(edges), "exc": sorted(ex), "branch": sorted(a for a in ns if len(ns[a]) > 1)}) + "\n")


def defuse(code, fn, src, out):
    ins, succ, exc, live = build(code)
    nargs = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    params = code.co_varnames[:nargs]
    cells = set(code.co_cellvars)
    gen, var_of, kind_of, dels = {}, {}, {}, {}
    stored = collections.Counter()
    for n in live:
        o = ins[n].opname
        if o in ST and ST[o] != "global":
            v = (ST[o], ins[n].argval); gen[n] = v; stored[v] += 1
        elif o in DL:
            dels[n] = (DL[o], ins[n].argval)
    isfree = set(code.co_freevars)
    pv = {("deref" if p in cells else "fast", p) for p in params}
    for v in pv:
        stored[v] += 1
    init = frozenset([("param", v) for v in pv] + [("unbound", v) for v in stored if v not in pv])
    IN = {0: set(init)}
    work = [0]
    # defs of one variable: gen[n] kills the others
    while work:
        n = work.pop()
        st = IN[n]
        if n in gen:
            v = gen[n]; o = {d for d in st if d[1] != v} | {(n, v)}
        elif n in dels:
            v = dels[n]; o = {d for d in st if d[1] != v} | {("unbound", v)}
        else:
            o = st
        for m, s in [(m, o) for m in succ[n]] + [(m, st) for m in exc[n]]:
            if m not in IN:
                IN[m] = set(s); work.append(m)
            elif not s <= IN[m]:
                IN[m] |= s; work.append(m)

    def span(i):
        p = i.positions
        if p is None or p.lineno is None or p.col_offset is None:
            return None
        return [src.off(p.lineno, p.col_offset), src.off(p.end_lineno, p.end_col_offset)]
    uses = {}
    for n in sorted(live):
        o = ins[n].opname
        if o not in LD or n not in IN:
            continue
        v = (LD[o], ins[n].argval)
        if v[1].startswith(".") or v not in stored or (v[0] == "deref" and v[1] in isfree):
            continue
        sp = span(ins[n])
        if sp is None or src.b[sp[0]:sp[1]].decode("utf-8", "replace") != v[1]:
            continue            # compiler-made reads (except-as cleanup, with-exit ..) have other spans
        u = uses.setdefault((tuple(sp), v), {"line": line_of(ins[n]), "defs": {}, "unb": False})   # one source read may be compiled twice
        for d, w in IN[n]:
            if w != v:
                continue
            if d == "unbound":
                u["unb"] = True
            elif d == "param":
                u["defs"][(-1, -1)] = {"how": "param", "line": code.co_firstlineno, "span": None}
            else:
                ds = span(ins[d])
                txt = src.b[ds[0]:ds[1]].decode("utf-8", "replace") if ds else ""
                u["defs"][tuple(ds) if ds else (-2, d)] = {"how": "store" if unicodedata.normalize("NFKC", txt) == v[1] else "stmt", "line": line_of(ins[d]), "span": ds}
    for (sp, v), u in sorted(uses.items()):
        out.write(json.dumps({"k": "use", "file": fn, "qual": code.co_qualname, "var": v[1], "kind": v[0], "use": list(sp), "line": u["line"],
                              "defs": [u["defs"][k] for k in sorted(u["defs"])], "maybe_unbound": u["unb"]}) + "\n")


def main():
    fl = {a for a in sys.argv[1:] if a.startswith("--")}
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    if not args:
        print(__doc__); return 2
    if args == ["-"]:
        args = [l.rstrip("\n") for l in sys.stdin]
    for fn in args:
        raw = open(fn, "rb").read()
        src = Src(raw)
        try:
            top = compile(raw, fn, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as e:
            print(json.dumps({"k": "file", "file": fn, "error": type(e).__name__ + ": " + str(e)[:150]})); continue
        print(json.dumps({"k": "file", "file": fn, "error": None}))
        todo = [top]
        while todo:
            c = todo.pop(0)
            if "--cfg" in fl or not fl:
                cfg(c, fn, sys.stdout)
            if "--defuse" in fl or not fl:
                defuse(c, fn, src, sys.stdout)
            todo = [k for k in c.co_consts if isinstance(k, types.CodeType)] + todo
    return 0


if __name__ == "__main__":
    import threading
    sys.setrecursionlimit(50000); threading.stack_size(512 * 1024 * 1024)
    r = [0]
    t = threading.Thread(target=lambda: r.__setitem__(0, main()))
    t.start(); t.join(); sys.exit(r[0])
