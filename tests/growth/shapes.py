# SPDX-License-Identifier: Apache-2.0
"""shapes.py - sources that grow in one way each: name -> (n, n -> text).

n is such that the source is large enough for its cost to be told from that of a start, and small enough
for a round over all of them. What grows faster than n is here: a pair of n things that meet n others, a chain or
nest that something walks from each of its members, a mistake that is met again at every place behind it.
"""


def lines(n, text, start=0):
    """text of each i from start: a format string, or a function."""
    make = text if callable(text) else text.format
    return "".join(make(i) for i in range(start, n))


def nested(n, text, inner, step=" "):
    return "".join(step * i + text.format(i) + "\n" for i in range(n)) + step * n + inner + "\n"


def joined(n, text, between):
    return between.join(text.format(i) for i in range(n))


def in_def(body, head="def f(a, c, x):\n"):
    return head + body


SHAPES = {
    # rows that are as many as the source is long
    "functions": (4000, lambda n: lines(n, "def f{0}(a, b=1):\n    x = a + b\n    return g{0}(x)\n")),
    "methods": (4000, lambda n: "class C:\n" + lines(
        n, lambda i: "    def m%d(self):\n        return self.m%d()\n" % (i, (i + 1) % n))),
    "numbers": (40000, lambda n: "X = [" + joined(n, "{0}", ", ") + "]\n"),
    "names": (30000, lambda n: "X = [" + joined(n, "n{0}", ", ") + "]\n"),
    "dict": (15000, lambda n: "X = {" + joined(n, '"k{0}": v{0}', ", ") + "}\n"),
    "one_line": (15000, lambda n: joined(n, "x{0}={0}", ";") + "\n"),
    "comments": (100000, lambda n: "# c\n" * n),
    "blank_lines": (400000, lambda n: "\n" * n),
    "long_text": (2000000, lambda n: 'x = "' + "a" * n + '"\n'),
    "many_texts": (20000, lambda n: "x = (" + " ".join(['"a"'] * n) + ")\n"),
    "replacement_fields": (10000, lambda n: 'x = f"' + joined(n, "{{a{0}}}", "") + '"\n'),
    "continued": (30000, lambda n: "x = 1" + " + \\\n 1" * n + "\n"),
    "parameters": (8000, lambda n: "def f(" + joined(n, "a{0}", ", ") + "):\n    return a0\n"),
    "arguments": (15000, lambda n: "f(" + joined(n, "a{0}={0}", ", ") + ")\n"),
    "decorators": (8000, lambda n: lines(n, "@d{0}\n") + "def f(): pass\n"),
    "comprehensions": (5000, lambda n: "x = [" + joined(n, "[i for i in a{0}]", ", ") + "]\n"),
    "targets": (10000, lambda n: "a, " * n + "b = x\n"),
    "chained_assignment": (10000, lambda n: joined(n, "a{0}", " = ") + " = 1\n"),
    # chains and nests
    "attributes": (15000, lambda n: "x = a" + lines(n, ".b{0}") + "\n"),
    "call_chain": (8000, lambda n: "x = a" + lines(n, ".b{0}()") + "\n"),
    "subscripts": (15000, lambda n: "x = a" + "[0]" * n + "\n"),
    "sum": (15000, lambda n: "x = " + joined(n, "a{0}", " + ") + "\n"),
    "powers": (10000, lambda n: "x = " + " ** ".join(["a"] * n) + "\n"),
    "comparisons": (10000, lambda n: in_def("    return " + joined(n, "a{0}", " < ") + "\n")),
    "and": (8000, lambda n: in_def("    if " + joined(n, "a{0}", " and ") + ":\n        return 1\n")),
    "ternaries": (4000, lambda n: "x = " + lines(n, "a{0} if b{0} else ") + "1\n"),
    "ternaries_of_one": (2000, lambda n: in_def("    x = " + lines(n, "a if a == {0} else ")
                                                + "1\n    return x\n")),
    "parentheses": (20000, lambda n: "x = " + "(" * n + "1" + ")" * n + "\n"),
    "lists": (20000, lambda n: "x = " + "[" * n + "]" * n + "\n"),
    "nots": (20000, lambda n: "x = " + "not " * n + "1\n"),
    "lambdas": (4000, lambda n: "x = " + "lambda: " * n + "1\n"),
    "nested_ifs": (1500, lambda n: nested(n, "if a{0}:", "pass")),
    "nested_functions": (700, lambda n: nested(n, "def f{0}():", "return 1")),
    "nested_classes": (700, lambda n: nested(n, "class C{0}:", "x = 1")),
    "nested_withs": (700, lambda n: in_def("".join(
        "    " + " " * i + "with a%d as b%d:\n" % (i, i) for i in range(n)) + "    " + " " * n + "pass\n")),
    "nested_whiles": (2000, lambda n: in_def("".join(
        "    " + " " * i + "while x:\n" for i in range(n)) + "    " + " " * n + "x = 1\n")),
    # control flow
    "elifs": (3000, lambda n: in_def("    if a == 0:\n        r = 0\n" + lines(
        n, "    elif a == {0}:\n        r = {0}\n", 1) + "    return r\n")),
    "cases": (3000, lambda n: in_def("    match a:\n" + lines(
        n, "        case {0}:\n            r = {0}\n") + "    return r\n")),
    "returns": (4000, lambda n: in_def(lines(n, "    if a == {0}:\n        return {0}\n"))),
    "breaks": (3000, lambda n: in_def("    while a:\n" + lines(
        n, "        if a == {0}:\n            break\n        g(a)\n") + "    return a\n")),
    "continues": (3000, lambda n: in_def("    while a:\n" + lines(
        n, "        if a == {0}:\n            continue\n        g(a)\n") + "    return a\n")),
    "handlers": (3000, lambda n: in_def("    try:\n        g()\n" + lines(
        n, "    except E{0}:\n        h()\n"))),
    "tries": (1500, lambda n: in_def(lines(
        n, "    try:\n        x = g{0}()\n    except E{0}:\n        x = None\n    finally:\n        h(x)\n"))),
    "one_try": (5000, lambda n: in_def("    try:\n" + lines(n, "        x{0} = g{0}()\n")
                                       + "    except E:\n        return x0\n")),
    "calls_in_a_try": (5000, lambda n: in_def("    for x in a:\n        try:\n" + lines(
        n, "            g{0}(x)\n") + "        except E:\n            continue\n        finally:\n            h()\n")),
    "returns_past_finally": (2500, lambda n: in_def("    try:\n" + lines(
        n, "        if a == {0}: return {0}\n") + "    finally:\n        h()\n")),
    "jumps_past_finally": (1000, lambda n: in_def("    for x in a:\n        try:\n" + lines(
        n, "            if x == {0}: break\n            if x == -{0}: continue\n"
           "            if g(x): return {0}\n") + "        finally:\n            h()\n")),
    "loops": (2000, lambda n: in_def(lines(n, "    while g{0}(x):\n        x = h(x)\n") + "    return x\n")),
    # a name with many definitions and many uses
    "turns": (2500, lambda n: "def f():\n" + lines(n, "    v{0} = {0}\n") + "    for k in range(9):\n" + lines(
        n, lambda i: "        v%d = v%d\n" % (i, (i + 1) % n)) + "    return v0\n"),
    "used_between": (2000, lambda n: in_def(lines(n, "    if c:\n        x = {0}\n    g(x)\n"))),
    "used_behind": (1500, lambda n: in_def(lines(n, "    if c:\n        x = {0}\n") + "    g(x)\n" * n)),
    "used_behind_in_each": (400, lambda n: "".join(
        "def f%d(c, x):\n" % k + lines(n, "    if c:\n        x = {0}\n") + "    g(x)\n" * n for k in range(5))),
    "imported_and_called": (1000, lambda n: "def f():\n" + lines(n, "    import m{0} as x\n") + "    x.g()\n" * n),
    "imported_by_turns": (1000, lambda n: lines(n, "if a{0}:\n    import m{0} as x\n") + "x.g()\n" * n),
    "defined_and_called": (1000, lambda n: lines(n, "if a{0}:\n    def x(): return {0}\n") + "x()\n" * n),
    "classes_of_one_name": (1000, lambda n: lines(n, "class C(C): x = {0}\n")),
    "counted": (8000, lambda n: in_def("    x = 0\n" + "    x = x + 1\n" * n + "    return x\n")),
    "globals": (8000, lambda n: "def f():\n    global " + joined(n, "v{0}", ", ") + "\n" + lines(
        n, "    v{0} = 1\n")),
    "global_each": (3000, lambda n: lines(n, "v{0} = 0\n") + lines(
        n, lambda i: "def f%d():\n    global v%d\n    v%d = v%d\n" % (i, i, i, (i + 1) % n))),
    "global_of_all": (3000, lambda n: "v = 0\n" + lines(n, "def f{0}():\n    global v\n    v = v + {0}\n")),
    "module_name": (3000, lambda n: "v = 0\n" + lines(n, "def f{0}():\n    return v\nv = {0}\n")),
    "closures": (2000, lambda n: "def f():\n    x = 0\n" + lines(
        n, "    def g{0}():\n        nonlocal x\n        x = x + {0}\n") + "    return x\n"),
    "stars": (1500, lambda n: lines(n, "from m{0} import *\n") + lines(n, "g{0}()\n")),
    "submodules": (2500, lambda n: lines(n, "import a.b{0}\n") + lines(n, "a.b{0}.f()\n")),
    "from_imports": (4000, lambda n: lines(n, "from m import a{0}\n") + lines(n, "a{0}()\n")),
    "bases": (3000, lambda n: lines(n, "class C{0}: pass\n") + "class D(" + joined(n, "C{0}", ", ") + "): pass\n"),
    "ancestors": (400, lambda n: "class C0: pass\n" + lines(
        n, lambda i: "class C%d(C%d):\n    def m(self): pass\n" % (i, i - 1), 1)),
    # damage
    "open_text": (1000000, lambda n: 'x = """' + "a\n" * (n // 2)),
    "open_brackets": (30000, lambda n: "x = (" + "(\n" * n),
    "open_lines": (10000, lambda n: "x = (\n" * n),
    "closing_brackets": (20000, lambda n: ")\n" * n),
    "broken_headers": (8000, lambda n: "def broken(:\n    pass\n" * n),
    "open_quotes": (20000, lambda n: "x = 'abc\n" * n),
    "dedents": (10000, lambda n: lines(n, lambda i: "  " * (i % 3) + "x\n")),
    "two_names": (20000, lambda n: "x y z\n" * n),
    "missing_blocks": (10000, lambda n: "if a:\nx\n" * n),
    "crossed_brackets": (10000, lambda n: "f([}\n" * n),
    "texts_in_turn": (20000, lambda n: '"""\n' * (n | 1)),
    "null_bytes": (20000, lambda n: "x\0y\n" * n),
    "tabs_and_blanks": (8000, lambda n: "if a:\n\tx\n        y\n" * n),
    "bad_names": (10000, lambda n: "x = \u20ac{0}\n" * n),
    "bad_numbers": (15000, lambda n: "x = 0777\n" * n),
}
