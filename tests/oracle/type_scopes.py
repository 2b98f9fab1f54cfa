#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""type_scopes.py - scopes and names around type parameters, compared with symtable.

Random programs of generic classes, functions and aliases in each other; the judge is a Python 3.13,
whose model these scopes follow. Comprehensions are left out: it inlines them. RS_PROGRAMS (400).
"""
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from scope_oracle import CODE_NAMES, FLAGS, OTHER_INPUT, read_ours, skip

N_PROGRAMS = int(os.environ.get("RS_PROGRAMS", "400"))
SHOWN = 6
COMPARED = [flag for flag in FLAGS if flag not in ("is_nonlocal", "is_annotated")]
HIDDEN = ("__type_params__", "__classdict__")  # of the compiler's own, and one that tells nothing
SYMTABLE = r"""
import json, sys, symtable
compared = json.loads(sys.argv[1])
def scopes(table):
    yield [table.get_type(), table.get_name(), {s.get_name(): [f for f in compared if getattr(s, f)()]
                                                for s in table.get_symbols()}]
    for child in table.get_children():
        yield from scopes(child)
for path in sys.stdin.read().split("\n"):
    try:
        print(json.dumps(list(scopes(symtable.symtable(open(path).read(), path, "exec")))))
    except SyntaxError:
        print("null")
"""


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def name(self):
        return self.random.choice(["T", "U", "C", "f", "X", "__T", "__x", "y"])

    def expression(self):
        return self.random.choice(["%s", "%s", "[%s, %s]", "(lambda a: (%s, %s))",
                                   "(%s for %s in %s)", "%s | %s"]).replace(
                                       "%s", "{}").format(*(self.name() for _ in range(3)))

    def type_params(self):
        found, has_default = [], False
        for name in self.random.sample(["T", "U", "V", "__T", "C", "f", "X"],
                                       self.random.randint(1, 3)):
            text = self.random.choice(["", "", "*", "**"]) + name
            if text[0] != "*" and self.random.random() < .4:
                text += ": " + self.expression()
            has_default |= self.random.random() < .25
            found.append(text + (" = " + self.expression() if has_default else ""))
        return "[%s]" % ", ".join(found)

    def lines(self, depth=0):
        indent = " " * depth
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.randrange(6)
            name = self.random.choice(["C", "f", "T", "X", "__T"])
            if self.random.random() < .8:
                name += self.type_params()
            pick = [self.expression() for _ in range(3)]
            if kind == 0:
                yield indent + "class %s(%s, k=%s):" % (name, pick[0], pick[1])
            elif kind == 1:
                yield indent + "def %s(x: %s, z=%s) -> %s:" % (name, *pick)
            else:
                yield indent + ["type %s = %s" % (name, pick[0]), pick[0], "import " + self.name(),
                                "%s = %s" % (self.name(), pick[0])][kind - 2]
                continue
            if depth < 3:
                yield from self.lines(depth + 1)
            else:
                yield indent + " pass"


def python():
    """A Python 3.13, or None."""
    names = [sys.executable, shutil.which("python3.13")]
    names += glob.glob(os.path.expanduser("~/.pyenv/versions/3.13.*/bin/python3"))
    ask = "import sys; print(sys.version_info[:2] == (3, 13))"
    for name in filter(None, names):
        if subprocess.run([name, "-c", ask], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.strip() == b"True":
            return name
    return None


def ours_of(file):
    for scope in file.scopes.values():
        name = {code: name for name, code in CODE_NAMES.items()}.get(scope["name"], scope["name"])
        yield [scope["type"].replace("_", " "), name,
               {symbol: [flag for flag in COMPARED if flag in flags]
                for symbol, (_, flags) in scope["symbols"].items()}]


def canonical(scopes):
    return sorted(json.dumps([kind, name, sorted(
        item for item in symbols.items() if item[0] not in HIDDEN and item[0][0] != ".")])
        for kind, name, symbols in scopes)


def main():
    interpreter = python()
    if interpreter is None:
        skip(OTHER_INPUT, "what Python 3.13 says")
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "scope_probe")
    n_compared = n_scopes = n_different = 0
    with tempfile.TemporaryDirectory(prefix="relspec-test-") as folder:
        paths = [os.path.join(folder, "%d.py" % seed) for seed in range(N_PROGRAMS)]
        for seed, path in enumerate(paths):
            with open(path, "w", encoding="utf-8") as program:
                program.write("\n".join(Program(seed).lines()) + "\n")

        def said(command):
            return subprocess.run(command, input="\n".join(paths), encoding="utf-8", check=True,
                                  stdout=subprocess.PIPE).stdout.splitlines()
        theirs = said([interpreter, "-W", "ignore", "-c", SYMTABLE, json.dumps(COMPARED)])
        for line, file in zip(theirs, read_ours(said([probe]))):
            want = json.loads(line)
            if want is None:
                continue
            n_compared += 1
            n_scopes += len(want)
            want, got = canonical(want), canonical(ours_of(file))
            if want != got:
                n_different += 1
                if n_different <= SHOWN:
                    with open(file.path, encoding="utf-8") as program:
                        print(program.read())
                    print("theirs", *sorted(set(want) - set(got)), sep="\n  ")
                    print("ours", *sorted(set(got) - set(want)), sep="\n  ")
    print("%d programs, %d scopes, %d differences" % (n_compared, n_scopes, n_different))
    return 1 if n_different or not n_compared else 0


if __name__ == "__main__":
    sys.exit(main())
