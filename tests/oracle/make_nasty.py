#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_nasty.py DIR : writes inputs that are hard to find in public repositories but occur in real trees. DIR must not exist.
DIR/EXPECT.jsonl tells for every regular file what this CPython says (ok / error type) and the encoding it reads."""
import json, os, subprocess, sys
D = sys.argv[1]
os.makedirs(D)
w = lambda n, b: (os.makedirs(os.path.dirname(os.path.join(D, n)) or D, exist_ok=True), open(os.path.join(os.fsencode(D), os.fsencode(n)), "wb").write(b if isinstance(b, bytes) else b.encode("utf-8")))
w("zero.py", b""); w("only_newline.py", "\n"); w("only_bom.py", b"\xef\xbb\xbf"); w("only_comment.py", "# x"); w("only_backslash.py", "\\\n"); w("only_formfeed.py", "\x0c")
w("null_start.py", b"\0x = 1\n"); w("null_mid.py", b"x = 1\ny = '\0'\n"); w("null_comment.py", b"x = 1 # a\0b\n"); w("all_null.py", b"\0" * 4096)
w("bom.py", b"\xef\xbb\xbfdef f(): return 1\nf()\n"); w("bom_two.py", b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n"); w("utf16.py", "x = 1\n".encode("utf-16")); w("utf32.py", "x = 1\n".encode("utf-32"))
w("latin1_nodecl.py", "s = 'é'\n".encode("latin-1")); w("latin1_decl.py", "# -*- coding: latin-1 -*-\ns = 'é'; é = 1\n".encode("latin-1")); w("cookie_line2.py", "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\ns = '¤'\n".encode("latin-1"))
w("cookie_line3_ignored.py", "\n\n# -*- coding: latin-1 -*-\ns = 'é'\n".encode("latin-1")); w("cookie_unknown.py", "# coding: klingon\nx = 1\n"); w("bom_vs_cookie.py", b"\xef\xbb\xbf# coding: latin-1\nx = 1\n")
w("cookie_utf7.py", b"# coding: utf-7\nx = 1\n"); w("cookie_rot13.py", b"# coding: rot13\nk = 1\n"); w("gbk.py", "# coding: gbk\ns = '中文'\ndef 函数(): pass\n".encode("gbk")); w("sjis_backslash.py", "# coding: shift_jis\ns = '表'\nx = 1\n".encode("shift_jis"))
w("utf8_overlong.py", b"s = '\xc0\xaf'\n"); w("utf8_surrogate.py", b"s = '\xed\xa0\x80'\n"); w("utf8_truncated.py", b"s = '\xe4\xb8"); w("utf8_5byte.py", b"s = '\xf8\x88\x80\x80\x80'\n")
w("crlf.py", b"def f():\r\n    return '''a\r\nb'''\r\n\r\nf()\r\n"); w("lone_cr.py", b"x = 1\ry = 2\rdef f():\r    return x\r"); w("mixed_eol.py", b"a = 1\r\nb = 2\nc = 3\rd = 4\n\rE = 5\n"); w("vt_ff_nel.py", "a = 1\x0b\nb = 2\x0c\nc = '\x85\u2028\u2029'\nd = 3\n".encode())
w("ff_indent.py", b"if 1:\n    a = 1\n\x0c    b = 2\n \x0c   c = 3\n"); w("tabs8.py", b"if 1:\n\ta = 1\n        b = 2\n"); w("tab_space_ok.py", b"if 1:\n\tif 2:\n\t    a = 1\n"); w("ctrl_z.py", b"x = 1\n\x1ay = 2\n"); w("nbsp.py", "x =\u00a01\n"); w("zwsp_ident.py", "a\u200b = 1\n")
w("no_newline_def.py", "def f(): return 1"); w("eof_in_string.py", "x = '''abc\n"); w("eof_in_paren.py", "f(1,\n"); w("eof_backslash.py", "x = 1 + \\"); w("dedent_bad.py", "if 1:\n    a\n  b\n"); w("unbalanced.py", "x = (]\n"); w("conflict.py", "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n"); w("jinja.py", "{% if x %}\nimport {{ mod }}\n{% endif %}\n"); w("magic.py", "%matplotlib inline\n!ls\nx = 1\n?x\n")
w("nfkc.py", "ﬁ = 1\nprint(fi)\nclass A:\n    def ª(self): pass\nA().a()\n"); w("homoglyph.py", "а = 1\na = 2\nprint(а)\n"); w("bidi.py", "x = 'user\u202e \u2066# admin\u2069 \u2066'\n"); w("astral_ident.py", "𝐱 = 1; 𠀋 = 2\nprint(x, 𠀋)\n"); w("emoji_col.py", "s = '😀'; f(s)  # call after astral char: UTF-16, code point and byte columns differ\n"); w("combining.py", "e\u0301 = 1\nprint(\u00e9)\n")
w("py2_print.py", "print 'x'\n"); w("py2_exec.py", "exec 'x' in {}\ntry: pass\nexcept E, e: raise E, 'x', tb\nprint >>f, `x`, 0777, 10L, ur'x', a <> b\n"); w("py2_tabs.py", "class A:\n\tdef f(self):\n        \treturn 1\n"); w("py3_new.py", "type X[T] = list[T]\ndef f[T: int, *Ts, **P](x: T) -> T: ...\nmatch x:\n    case [a, *_] | {'k': a, **r} if (y := a): pass\ntry: pass\nexcept* E: pass\nprint(f'{f'{x}'!r:>{w}}')\n"); w("py314.py", "x = t'{a}'\ntry: pass\nexcept A, B: pass\n"); w("async_ident_35.py", "async = 1\nawait = 2\nprint(nonlocal)\n")
w("deep_paren_150.py", "x = " + "(" * 150 + "1" + ")" * 150 + "\n"); w("deep_paren_250.py", "x = " + "(" * 250 + "1" + ")" * 250 + "\n"); w("deep_paren_100k.py", "x = " + "(" * 100000 + "1" + ")" * 100000 + "\n"); w("deep_list_100k.py", "[" * 100000); w("deep_indent_99.py", "".join("%sif 1:\n" % (" " * i) for i in range(99)) + " " * 99 + "x = 1\n"); w("deep_indent_101.py", "".join("%sif 1:\n" % (" " * i) for i in range(101)) + " " * 101 + "x = 1\n"); w("deep_indent_5k.py", "".join("%sif 1:\n" % (" " * i) for i in range(5000)) + " " * 5000 + "x = 1\n")
w("deep_unary_50k.py", "x = " + "-" * 50000 + "1\n"); w("deep_not_20k.py", "x = " + "not " * 20000 + "1\n"); w("deep_attr_50k.py", "x" + ".a" * 50000 + "\n"); w("deep_call_20k.py", "f" + "()" * 20000 + "\n"); w("deep_subscript_20k.py", "x" + "[0]" * 20000 + "\n"); w("deep_binop_100k.py", "x = " + "1+" * 100000 + "1\n"); w("deep_pow_10k.py", "x = " + "2**" * 10000 + "1\n"); w("deep_lambda_5k.py", "x = " + "lambda: " * 5000 + "1\n"); w("deep_ternary_5k.py", "x = " + "1 if a else " * 5000 + "2\n"); w("deep_fstring_40.py", "x = " + "f'{" * 40 + "1" + "}'" * 40 + "\n"); w("elif_3k.py", "if a: pass\n" + "".join("elif a == %d: pass\n" % i for i in range(3000))); w("chain_cmp_20k.py", "x = a" + " < a" * 20000 + "\n"); w("nested_def_90.py", "".join("%sdef f%d():\n" % (" " * i, i) for i in range(90)) + " " * 90 + "return f0\n"); w("nested_for_25.py", "".join("%sfor i%d in x:\n" % (" " * i, i) for i in range(25)) + " " * 25 + "pass\n"); w("decorators_5k.py", "@d\n" * 5000 + "def f(): pass\n"); w("assign_chain_5k.py", "a = " * 5000 + "1\n"); w("global_x_5k.py", "def f():\n" + "  global x\n" * 5000)
w("line_5mb.py", "x = [" + "1, " * 1700000 + "]\n"); w("string_8mb.py", "s = '" + "a" * 8000000 + "'\n"); w("ident_1mb.py", "a" * 1000000 + " = 1\n"); w("int_1mb.py", "x = " + "9" * 1000000 + "\n"); w("defs_50k.py", "".join("def f%d(a, b=1):\n    return f%d(a)\n" % (i, i + 1) for i in range(50000))); w("args_5k.py", "def f(" + ", ".join("a%d" % i for i in range(5000)) + "): pass\n"); w("newlines_5m.py", "\n" * 5000000 + "x = 1\n"); w("comment_5mb.py", "#" + "x" * 5000000 + "\nx = 1\n"); w("same_name_20k.py", "".join("def f(): pass\nf()\n" for _ in range(20000))); w("star_imports.py", "".join("from m%d import *\n" % i for i in range(2000)) + "f()\n")
w("cycle/a.py", "from .b import *\nfrom . import b\nx = b.y\n"); w("cycle/b.py", "from .a import *\nfrom . import a\ny = a.x\n"); w("cycle/__init__.py", "from . import a, b\nfrom .a import x as cycle\nimport cycle\n"); w("selfimport.py", "import selfimport\nfrom selfimport import *\nfrom . import selfimport\nfrom .. import x\nfrom ....... import y\n"); w("mro_bad.py", "class A(A): pass\nclass B(C): pass\nclass C(B): pass\nclass X: pass\nclass Y(X): pass\nclass Z(X, Y): pass\nclass W(W2, metaclass=W): W2 = 1\n"); w("rec.py", "def f(): return f()\nf = f\ng = lambda: g()\nx = x\ndel f\nf = [f]\nf.f = f\nf.append(f)\n"); w("shadow/os.py", "path = 1\n"); w("shadow/use.py", "import os\nos.path\n"); w("class/class.py", "x = 1\n"); w("a.b.py", "x = 1\n"); w("dash-name.py", "x = 1\n"); w("1digit.py", "x = 1\n"); w("both/__init__.py", "x = 1\n"); w("both.py", "x = 2\n"); w("UPPER.PY", "x = 1\n"); w("noext_script", "#!/usr/bin/env python3\nx = 1\n"); w("notes.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": ["%time f()\n", "x = 1"], "outputs": []}, {"cell_type": "markdown", "source": "hi"}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}})); w("bad.ipynb", "{"); w("elf.py", b"\x7fELF\x02\x01\x01\0" + bytes(range(256)) * 40); w("gz.py", b"\x1f\x8b\x08\0" + os.urandom(4000)); w("random.py", os.urandom(20000)); w("lfs.py", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
b = os.fsencode(D)
for nm in (b"latin_\xe9.py", b"bad_\xff\xfe.py", b"new\nline.py", b"tab\there.py", b"quo\"te'.py", b"sp ace.py", "ünï.py".encode(), b"-rf.py", b"a" * 250 + b".py"):
    open(os.path.join(b, nm), "wb").write(b"x = 1\n")
p = D
os.makedirs(os.path.join(D, "links/sub"))
os.symlink("..", os.path.join(D, "links/up")); os.symlink(".", os.path.join(D, "links/self")); os.symlink("loop2.py", os.path.join(D, "links/loop1.py")); os.symlink("loop1.py", os.path.join(D, "links/loop2.py")); os.symlink("nowhere.py", os.path.join(D, "links/dangling.py")); os.symlink("../crlf.py", os.path.join(D, "links/to_file.py")); os.symlink("/etc", os.path.join(D, "links/outside")); os.symlink("/dev/zero", os.path.join(D, "links/zero.py")); os.symlink("../nfkc.py", os.path.join(D, "links/sub/alias.py"))
os.makedirs(os.path.join(D, "dir_named.py")); open(os.path.join(D, "dir_named.py/in.py"), "w").write("x = 1\n")
os.mkfifo(os.path.join(D, "fifo.py")); open(os.path.join(D, "noperm.py"), "w").write("x = 1\n"); os.chmod(os.path.join(D, "noperm.py"), 0)
cur = os.path.join(D, "deepdir")
for i in range(60):
    cur = os.path.join(cur, "d" * 60)
    if len(cur) > 3800: break
os.makedirs(cur); open(os.path.join(cur, "deep.py"), "w").write("x = 1\n")
chk = "import ast,sys,warnings,tokenize\nwarnings.simplefilter('ignore')\nb=open(sys.argv[1],'rb').read()\ntry:\n e=tokenize.detect_encoding(iter(b.splitlines(True)).__next__)[0]\nexcept BaseException as x: e='error: '+type(x).__name__\ntry:\n ast.parse(b); print('ok|'+e)\nexcept BaseException as x: print(type(x).__name__+': '+str(x)[:80].replace(chr(10),' ')+'|'+e)"
with open(os.path.join(D, "EXPECT.jsonl"), "w") as f:
    for r, ds, fs in os.walk(os.fsencode(D)):
        ds.sort()
        for x in sorted(fs):
            q = os.path.join(r, x)
            if os.path.islink(q) or not os.path.isfile(q) or x == b"EXPECT.jsonl" or not x.endswith(b".py"): continue
            try:
                o = subprocess.run([sys.executable, "-c", chk, q], capture_output=True, timeout=120)
                t = o.stdout.decode("utf-8", "replace").strip() or "crash rc=%d|" % o.returncode
            except subprocess.TimeoutExpired: t = "timeout|"
            a, _, e = t.rpartition("|")
            f.write(json.dumps({"file": os.path.relpath(os.fsdecode(q), D).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), "cpython": a, "enc": e, "python": "%d.%d" % sys.version_info[:2]}) + "\n")
print(sum(1 for _ in open(os.path.join(D, "EXPECT.jsonl"))), "files judged")
