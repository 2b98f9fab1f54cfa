#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dyn_oracle.py [--calls] [--arcs] --root DIR -o OUT.jsonl (SCRIPT.py | -m MODULE) [ARGS..]
Runs a program and writes what happened: every call that took place with its exact call-site span, and every line-to-line step.
Needs Python >= 3.11 (co_positions, co_qualname); use 3.12+ (sys.monitoring): under 3.11 the call that makes a generator is not seen.
RUNS THE PROGRAM: only on code you would run anyway.
Facts are lower bounds: an observed call/step is certainly possible; nothing follows from absence.
 {"k":"call","caller":{"file","qual","line"(def line)},"site":{"line","span":[s,e]},"callee":{"file","qual","line"},
  "how":"direct"   the call expression at the site entered the callee itself (op CALL / CALL_FUNCTION_EX; a class call entering __init__/__new__ too)
        "implicit" another operation did (operator, iteration, attribute access, with, import, ...): "op" names the instruction
        "via"      a builtin called at the site called back (sorted(key=f), map(f), functools.reduce..): "via" names the builtin
  "n":count}
 {"k":"arc","file","qual","from":line|-1 (entry),"to":line|-1 (return; exceptions leaving the function are not recorded),"n"}
Only frames whose file is under --root are reported (for calls: caller and callee; with --external also callees outside, as module+qual).
Files are relative to --root; spans are UTF-8 byte spans as in ast_oracle.py.  Code objects for modules, class bodies, comprehensions, generator
expressions and resumptions are not callees.
"""
import ast, collections, functools, json, os, runpy, sys, threading, types
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def main():
    a = sys.argv[1:]
    root = out = None
    calls = arcs = external = False
    while a and a[0].startswith("--") or (a and a[0] == "-o"):
        o = a.pop(0)
        if o == "--calls": calls = True
        elif o == "--arcs": arcs = True
        elif o == "--external": external = True
        elif o == "--root": root = os.path.realpath(a.pop(0))
        elif o == "-o": out = os.path.abspath(a.pop(0))
        else: sys.exit("unknown option " + o)
    if not (calls or arcs):
        calls = True
    if not root or not out or not a:
        print(__doc__); return 2
    CO_GEN = 0x20 | 0x80 | 0x200
    E = collections.Counter()
    A = collections.Counter()
    inroot = {}
    incall = {}          # id(frame) -> C function being called from that frame

    def isin(fn):
        r = inroot.get(fn)
        if r is None:
            r = inroot[fn] = not fn.startswith("<") and os.path.realpath(fn).startswith(root + os.sep)
        return r
    skip = ("<module>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
    mon = getattr(sys, "monitoring", None)
    M = collections.Counter()
    classcall = set()

    def targets(c, depth=0):
        """code objects a call of object c enters; () when none of them is Python code"""
        t = type(c)
        if t is types.FunctionType:
            return (c.__code__,)
        if t is types.MethodType:
            return targets(c.__func__, depth + 1)
        if depth > 5:
            return ()
        if isinstance(c, type):
            meta = type(c).__dict__.get("__call__")
            if type(meta) is types.FunctionType:
                return (meta.__code__,)
            r = ()
            for nm in ("__new__", "__init__"):
                for k in c.__mro__:
                    f = k.__dict__.get(nm)
                    if f is not None:
                        f = getattr(f, "__func__", f)
                        if type(f) is types.FunctionType:
                            r += (f.__code__,)
                        break
            return r
        if t is functools.partial:
            return targets(c.func, depth + 1)
        for k in t.__mro__:
            f = k.__dict__.get("__call__")
            if f is not None:
                return (f.__code__,) if type(f) is types.FunctionType else ()
        return ()

    def on_call(code, off, c, arg0):
        if not isin(code.co_filename):
            return mon.DISABLE
        for k in targets(c):
            if external or isin(k.co_filename):
                M[(code, off, k)] += 1
                if isinstance(c, type):
                    classcall.add((code, k))

    def prof(frame, ev, arg):
        if ev == "call":
            code = frame.f_code
            cal = frame.f_back
            if cal is None or code.co_name in skip:
                return
            cc = cal.f_code
            if not isin(cc.co_filename) or (not external and not isin(code.co_filename)):
                return
            via = incall.get(id(cal))
            if via == "__build_class__" and code.co_qualname.rpartition(".")[2] == code.co_name and not code.co_flags & 2:
                return         # class body (not CO_NEWLOCALS)
            if code.co_flags & CO_GEN:
                return         # start or resumption by whoever iterates: not a call site
            E[(cc, cal.f_lasti, code, via)] += 1
        elif ev == "c_call":
            incall[id(frame)] = getattr(arg, "__qualname__", None) or getattr(arg, "__name__", "?")
        elif ev in ("c_return", "c_exception"):
            incall.pop(id(frame), None)

    def trace(frame, ev, arg):
        if not isin(frame.f_code.co_filename):
            return None
        code = frame.f_code
        st = [-1, False]

        def local(frame, ev, arg):
            if ev == "line":
                A[(code, st[0], frame.f_lineno)] += 1; st[0] = frame.f_lineno; st[1] = False
            elif ev == "exception":
                st[1] = True
            elif ev == "return":
                if not st[1] or arg is not None:
                    A[(code, st[0], -1)] += 1
            return local
        if code.co_flags & CO_GEN:
            return None        # generators: entry/resume pairs are not modelled
        return local

    def dump():
        from ast_oracle import Src
        srcs, defs = {}, {}

        def load(fn):
            if fn not in srcs:
                try:
                    raw = open(fn, "rb").read(); srcs[fn] = Src(raw)
                    m = {}
                    for n in ast.walk(ast.parse(raw)):
                        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            m.setdefault((n.name, min([n.lineno] + [d.lineno for d in n.decorator_list])), n.lineno)
                    defs[fn] = m
                except (OSError, SyntaxError, ValueError):
                    srcs[fn] = None; defs[fn] = {}
            return srcs[fn]

        def ref(code):
            fn = os.path.realpath(code.co_filename) if not code.co_filename.startswith("<") else code.co_filename
            if isin(code.co_filename):
                load(fn)
                return {"file": os.path.relpath(fn, root), "qual": code.co_qualname, "line": defs[fn].get((code.co_name, code.co_firstlineno), code.co_firstlineno)}
            return {"file": None, "ext": os.path.basename(fn), "qual": code.co_qualname, "line": code.co_firstlineno}
        import opcode
        rows = collections.Counter()
        recs = {}
        pos = {}
        msites = set()
        entered = {(cc, code) for (cc, _, code, _) in E}
        for k in [k for k in M if (k[0], k[2]) in classcall and (k[0], k[2]) not in entered]:
            del M[k]           # C(..) whose __new__ returned something else: __init__ never ran
        for (cc, off, code) in M:
            if cc not in pos:
                pos[cc] = list(cc.co_positions())
            msites.add((cc, pos[cc][off // 2], code))
        for (cc, lasti, code, via), n in E.items():
            if cc not in pos:
                pos[cc] = list(cc.co_positions())
            p = pos[cc][lasti // 2] if lasti >= 0 else (None,) * 4
            s = load(os.path.realpath(cc.co_filename))
            at = lasti
            while at >= 2 and opcode.opname[cc.co_code[at]] == "CACHE":
                at -= 2
            op = opcode.opname[cc.co_code[at]] if lasti >= 0 else "?"
            how = "via" if via and via != "__build_class__" else ("direct" if op.startswith("CALL") or op == "PRECALL" else "implicit")
            site = {"line": p[0], "span": [s.off(p[0], p[2]), s.off(p[1], p[3])] if s and p[0] and p[2] is not None else None}
            r = {"k": "call", "caller": ref(cc), "site": site, "callee": ref(code), "how": how}
            if how == "direct" and mon:
                if (cc, p, code) in msites:
                    continue   # sys.monitoring has these exactly
                how, via = "via", "<type or C callable>"
                r["how"] = how
            if how == "via": r["via"] = via
            if how == "implicit": r["op"] = op
            k = json.dumps(r, sort_keys=True)
            rows[k] += n; recs[k] = r
        for (cc, off, code), n in M.items():
            if code.co_name in skip:
                continue
            if cc not in pos:
                pos[cc] = list(cc.co_positions())
            p = pos[cc][off // 2]
            s = load(os.path.realpath(cc.co_filename))
            r = {"k": "call", "caller": ref(cc), "site": {"line": p[0], "span": [s.off(p[0], p[2]), s.off(p[1], p[3])] if s and p[0] and p[2] is not None else None},
                 "callee": ref(code), "how": "direct"}
            k = json.dumps(r, sort_keys=True)
            rows[k] += n; recs[k] = r
        tmp = out + ".tmp%d" % os.getpid()
        with open(tmp, "w") as f:
            for k in sorted(rows):
                recs[k]["n"] = rows[k]; f.write(json.dumps(recs[k]) + "\n")
            for (code, x, y), n in sorted(A.items(), key=lambda t: (t[0][0].co_filename, t[0][0].co_firstlineno, t[0][1], t[0][2])):
                f.write(json.dumps({"k": "arc", "file": os.path.relpath(os.path.realpath(code.co_filename), root), "qual": code.co_qualname, "from": x, "to": y, "n": n}) + "\n")
        os.replace(tmp, out)
    pid = os.getpid()
    if a[0] == "-m":
        mod = a[1]; sys.argv = [mod] + a[2:]; sys.path.insert(0, os.getcwd())
        run = lambda: runpy.run_module(mod, run_name="__main__", alter_sys=True)
    else:
        sys.argv = a; sys.path.insert(0, os.path.dirname(os.path.abspath(a[0])))
        run = lambda: runpy.run_path(a[0], run_name="__main__")
    rc = 0
    if arcs:
        threading.settrace(trace); sys.settrace(trace)
    if calls and mon:
        mon.use_tool_id(4, "dyn_oracle"); mon.register_callback(4, mon.events.CALL, on_call); mon.set_events(4, mon.events.CALL)
    if calls:
        threading.setprofile(prof); sys.setprofile(prof)
    try:
        run()
    except SystemExit as e:
        rc = e.code if isinstance(e.code, int) else (0 if e.code is None else 1)
    except BaseException as e:
        sys.stderr.write("dyn_oracle: program raised %s: %s\n" % (type(e).__name__, e)); rc = 1
    finally:
        if calls and mon:
            mon.set_events(4, 0)
        sys.setprofile(None); sys.settrace(None); threading.setprofile(None); threading.settrace(None)
        if os.getpid() == pid:
            dump()
    return rc


if __name__ == "__main__":
    sys.exit(main())
