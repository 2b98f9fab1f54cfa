#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""executed.py [N_TREES [SEED]] - what names of random packages stand for, as the interpreter says.

Each tree is a package of modules that import, re-export, shadow and delete each other's names, derive classes
and ask for what they find: `_p(NUMBER, a.b.c)`. Its own programs are run, again and again under
other outcomes of their conditions `_c()`; a statement that raises goes. What was seen there is what
the last name in each `_p` has to stand for, no less and no more. Where modules import each other in
circles it depends on who came first, and where a test is asked twice on what it said: few may differ.
"""

import builtins
import collections
import importlib
import json
import os
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, Scratch, Tap, build, relspec  # noqa: E402

VARIABLE = "a variable"  # what several expressions may give: names stand for it
WORLDS = 6  # runs of a tree under other conditions
NAMES = "A B C D E F".split()
ATTRIBUTES = "m n o q".split()


class Writer:
    """A random tree: what it is made of may fail where it runs, but mostly does not."""

    def __init__(self, rng, top, circles):
        self.rng, self.top, self.n_marks, self.n_probes, self.circles = rng, top, 0, 0, circles
        packages = [top] + ["%s.%s" % (top, x) for x in rng.sample(["pa", "pb"], rng.randint(0, 2))]
        self.modules = {name: [] for name in packages}
        for i in range(rng.randint(2, 5)):
            self.modules["%s.m%d" % (rng.choice(packages), i)] = []
        if not circles:  # each imports from those before it alone: packages from what is in them
            self.modules = dict(sorted(self.modules.items(), key=lambda x: (-x[0].count("."), x[0] in packages)))
        self.packages = set(packages)
        self.known = {name: {} for name in self.modules}  # name -> kind, at the end of what is written

    def path(self, module):
        base = module.replace(".", "/")
        return base + "/__init__.py" if module in self.packages else base + ".py"

    def mark(self):
        self.n_marks += 1
        return '"%s-%d"' % (self.top, self.n_marks)

    def probe(self, expression):
        self.n_probes += 1
        return "_p(%d, %s)" % (self.n_probes, expression)

    def relative(self, module, other):
        """How `from ... import` names the other module: absolute or by dots."""
        if self.rng.random() < .5:
            return other
        package = module if module in self.packages else module.rpartition(".")[0]
        dots = "."
        while not (other + ".").startswith(package + "."):
            package = package.rpartition(".")[0]
            dots += "."
            if not package:
                return other
        return dots + other[len(package) + 1:]

    def some(self, known, *kinds):
        names = [name for name, kind in known.items() if kind in kinds]
        return self.rng.choice(names) if names else None

    def function(self, name, indent, parameters="", extra=()):
        return ["def %s(%s):" % (name, parameters), "    " + self.mark(), *("    " + x for x in extra), "    return 0"]

    def members(self, known, bases):
        rng = self.rng
        lines = []
        for name in rng.sample(ATTRIBUTES, rng.randint(0, 3)):
            form = rng.randrange(7)
            if form < 3:
                lines += self.function(name, 0, "self")
            elif form == 3:
                lines += ["@classmethod"] + self.function(name, 0, "cls")
            elif form == 4:
                lines += ["@staticmethod"] + self.function(name, 0)
            elif form == 5 and self.some(known, "class", "function"):
                lines += ["%s = %s" % (name, self.some(known, "class", "function"))]
            else:
                lines += ["class %s:" % name, "    " + self.mark()]
        target = self.some(known, "class", "function", "module")
        if target and rng.random() < .5:
            lines += ["def __init__(self):", "    self.%s = %s" % (rng.choice("st"), target)]
        asks = [self.probe("self." + rng.choice(ATTRIBUTES + ["s", "t"])) for _ in range(rng.randint(1, 3))]
        if bases:
            asks.append(self.probe("super().%s" % rng.choice(ATTRIBUTES)))
        lines += ["def probe_self(self):"]
        for ask in asks:
            lines += ["    try:", "        " + ask, "    except AttributeError:", "        pass"]
        lines += ["@classmethod", "def probe_class(cls):", "    try:",
                  "        " + self.probe("cls." + rng.choice(ATTRIBUTES)), "    except AttributeError:", "        pass"]
        return lines

    def a_class(self, known):
        name = self.rng.choice(NAMES)
        bases = list(dict.fromkeys(self.some(known, "class") for _ in range(self.rng.randint(0, 2))))
        bases = [x for x in bases if x is not None]
        head = "class %s%s:" % (name, "(%s)" % ", ".join(bases) if bases else "")
        lines = [head, "    " + self.mark()] + ["    " + x for x in self.members(known, bases)]
        known[name] = "class"
        return lines

    def an_import(self, module, known):
        rng = self.rng
        order = list(self.modules)
        others = [x for x in (order if self.circles else order[:order.index(module)]) if x != module]
        if not others:
            return []
        other = rng.choice(others)
        form = rng.randrange(8)
        theirs = list(self.known[other]) or NAMES
        name = rng.choice(theirs)
        kind = self.known[other].get(name, "any")
        if form == 0:
            known.setdefault(other.split(".")[0], "module")
            known[other] = "dotted"
            return ["import " + other]
        if form == 1:
            known["mod"] = "module"
            return ["import %s as mod" % other]
        if form == 2 and "." in other:
            package, _, last = other.rpartition(".")
            known[last] = "module"
            return ["from %s import %s" % (self.relative(module, package), last)]
        if form == 3:
            for each, its in self.known[other].items():
                if its != "dotted":
                    known.setdefault(each, its)
            return ["from %s import *" % self.relative(module, other)]
        if "." in name:
            return []
        if form == 4:
            new = rng.choice(NAMES)
            known[new] = kind
            return ["from %s import %s as %s" % (self.relative(module, other), name, new)]
        known[name] = kind
        return ["from %s import %s" % (self.relative(module, other), name)]

    def reference(self, known):
        name = self.rng.choice(list(known) or NAMES)
        kind = known.get(name)
        if kind in ("module", "dotted") and self.rng.random() < .8:
            modules = [x for x in self.modules if x.endswith(name)] or list(self.modules)
            name += "." + self.rng.choice(list(self.known[self.rng.choice(modules)]) or NAMES).split(".")[-1]
        elif kind == "class" and self.rng.random() < .4:
            name += "." + self.rng.choice(ATTRIBUTES)
        elif kind == "class" and self.rng.random() < .4:
            name += "()." + self.rng.choice(ATTRIBUTES + ["s"])
        elif kind == "instance":
            name += "." + self.rng.choice(ATTRIBUTES)
        return name

    def assignment(self, module, known):
        rng = self.rng
        new = rng.choice(NAMES)
        one, two = self.some(known, "class", "function"), self.some(known, "class", "function", "module")
        made = self.some(known, "class")
        if not one:
            return []
        form = rng.randrange(6)
        if form == 0 and made:
            known[new] = "instance"
            return ["%s = %s()" % (new, made)]
        if form == 1:
            known[new] = known[one]
            return ["%s = %s if _c() else %s" % (new, one, two)]
        if form == 2:
            other = rng.choice(NAMES)
            known[new], known[other] = known[one], known[two]
            return ["%s, %s = %s, %s" % (new, other, one, two)]
        if form == 3:
            known[new] = known[one]
            return ["for %s in (%s, %s):" % (new, one, two), "    pass"]
        known[new] = known[one]
        return ["%s = %s" % (new, one)]

    def all_of(self, known):
        names = [x for x in known if "." not in x]
        kept = self.rng.sample(names, self.rng.randint(0, len(names)))
        lines = ["__all__ = [%s]" % ", ".join('"%s"' % x for x in kept)]
        modules = [x for x, kind in known.items() if kind == "module"]
        if modules and self.rng.random() < .5:
            lines.append("__all__ += %s.__all__" % self.rng.choice(modules))
        elif names and self.rng.random() < .4:
            lines.append('__all__.append("%s")' % self.rng.choice(names))
        return lines

    def checks(self, module, known):
        lines = []
        for i in range(self.rng.randint(1, 3)):
            lines.append("def check_%d():" % i)
            if self.rng.random() < .3:
                own = dict(known)
                lines += ["    " + x for x in self.an_import(module, own) if "*" not in x]
            for _ in range(self.rng.randint(1, 4)):
                lines += ["    try:", "        " + self.probe(self.reference(known)),
                          "    except (AttributeError, NameError, TypeError):", "        pass"]
            lines.append("    return 0")
        return lines

    def statement(self, module, known, depth=0):
        form = self.rng.randrange(20)
        if form < 6:
            return self.an_import(module, known)
        if form < 8:
            name = self.rng.choice(NAMES)
            known[name] = "function"
            return self.function(name, 0)
        if form < 11:
            return self.a_class(known)
        if form < 13:
            return self.assignment(module, known)
        if form < 16:
            return [self.probe(self.reference(known))]
        if depth < 2 and form == 16:
            then = self.statement(module, known, depth + 1) or ["pass"]
            other = self.statement(module, known, depth + 1) if self.rng.random() < .6 else []
            return ["if _c():", *("    " + x for x in then)] + (["else:", *("    " + x for x in other)] if other else [])
        if form == 17:
            name = self.some(known, "class", "function")
            if name and self.rng.random() < .4:
                del known[name]
                return ["del " + name]
            return []
        if form == 18:
            return self.all_of(known)
        if depth < 2 and form == 19:
            then = self.statement(module, known, depth + 1) or ["pass"]
            other = self.statement(module, known, depth + 1) or ["pass"]
            return ["try:", "    _r()", *("    " + x for x in then),
                    "except ImportError:", *("    " + x for x in other)]
        return []

    def write(self, folder):
        for module in self.modules:
            known = self.known[module]
            lines = []
            for _ in range(self.rng.randint(3, 12)):
                lines += self.statement(module, known)
            self.modules[module] = lines + self.checks(module, known)
        for module, lines in self.modules.items():
            path = folder / self.path(module)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(x + "\n" for x in lines))


# --- running them ---

def place_of(value):
    """A mark of a function or class, a file of a module."""
    value = getattr(value, "__func__", value)
    if isinstance(value, type(sys)):
        return os.path.basename(os.path.dirname(value.__file__)) + "/" + os.path.basename(value.__file__)
    if isinstance(value, (type, type(place_of))):
        return (value.__dict__.get("__doc__") if isinstance(value, type) else value.__doc__)
    return None


def forget(top):
    for name in [x for x in sys.modules if x.split(".")[0] == top]:
        del sys.modules[name]
    importlib.invalidate_caches()


def ask_objects(module):
    for value in list(vars(module).values()):
        if isinstance(value, type) and "probe_self" in value.__dict__ and value.__module__ == module.__name__:
            for ask in (lambda: value.__dict__["probe_self"](value()), lambda: value.__dict__["probe_class"].__func__(value)):
                try:
                    ask()
                except Exception:
                    pass
    for name, value in list(vars(module).items()):
        if name.startswith("check_") and value.__module__ == module.__name__:
            try:
                value()
            except Exception:
                pass


def may_raise(rng):
    if rng.random() < .5:
        raise ImportError


def run_world(top, modules, rng, seen):
    """None, or the file and line of what raised."""
    builtins._c = lambda: rng.random() < .5
    builtins._r = lambda: may_raise(rng)
    builtins._p = lambda number, value: seen[number].add(place_of(value))
    forget(top)
    try:
        for name in modules:
            importlib.import_module(name)
    except Exception as error:
        at = error.__traceback__
        last = None
        while at is not None:
            if "/%s/" % top in at.tb_frame.f_code.co_filename:
                last = (at.tb_frame.f_code.co_filename, at.tb_lineno)
            at = at.tb_next
        return last
    for name in modules:
        ask_objects(sys.modules[name])
    return None


def without(path, number):
    lines = Path(path).read_text().splitlines(keepends=True)
    line = lines[number - 1]
    head = line[:len(line) - len(line.lstrip())]
    end = number
    if line.rstrip().endswith(":"):
        while end < len(lines) and lines[end].startswith(head + " "):
            end += 1
    lines[number - 1:end] = [head + "pass\n"]
    Path(path).write_text("".join(lines))


def run_tree(folder, top, modules, seed):
    """NUMBER -> places, over all worlds; None where it does not come to run."""
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    good = 0
    seen = collections.defaultdict(set)
    for attempt in range(200):
        failed = run_world(top, modules, random.Random(seed * 1000 + good), seen)
        if failed is None:
            good += 1
            if good == WORLDS:
                return seen
        else:
            without(*failed)
            good = 0
            seen = collections.defaultdict(set)
    return None


# --- against the bundle ---

TARGETS = """
SELECT f.path, r.start_byte AS start, r.status, coalesce(r.reason, '') AS reason, r.n_candidates AS n, t.rank,
    t.external, g.path AS target, n.start_line AS line, n.ast_class AS class
FROM reference_statuses r JOIN repo_files f ON f.file_id = r.file_id
LEFT JOIN name_targets t ON t.node_id = r.node_id AND t.start_byte = r.start_byte AND t.is_final
LEFT JOIN syntax_nodes n ON n.node_id = t.target_id LEFT JOIN repo_files g ON g.file_id = n.file_id"""


def answers_of(bundle):
    result = relspec("query", "-q", bundle, TARGETS, "--format", "json", "--numbers")
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    found = collections.defaultdict(list)
    for row in json.loads(result.stdout):
        found[row["path"], row["start"]].append(row)
    return found


def marks_of(folder):
    """(file, line of a definition) -> its mark"""
    marks = {}
    for path in folder.rglob("*.py"):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if re.fullmatch(r'\s*"t\d+-\d+"', line):
                at = (str(path.relative_to(folder)), number)
                marks[at] = line.strip().strip('"')
                if lines[number - 2].strip().startswith("@"):
                    marks[at[0], number - 1] = marks[at]
    return marks


def compare(folder, truths, answers):
    """(number of right ones, complaints)"""
    marks = marks_of(folder)
    right, bad = 0, []
    for path in sorted(folder.rglob("*.py")):
        name = str(path.relative_to(folder))
        seen = truths.get(name.split("/")[0])
        at = 0
        for number, line in enumerate(path.read_text().splitlines(keepends=True), 1):
            probe = re.match(r"\s*_p\((\d+), (.*)\)$", line)
            if probe and seen is not None:
                true = seen.get(int(probe[1]), set()) - {None}
                last = probe.end(2) - len(probe[2].split(".")[-1])
                rows = answers.get((name, at + last), [])
                got = {places(row, marks) for row in rows} - {None}
                status = "%s %s" % (rows[0]["status"], rows[0]["reason"]) if rows else "nothing"
                if VARIABLE in got or not true:
                    pass
                elif not true <= got:
                    bad.append(("lacks", status, name, number, probe[2], true, got))
                elif got != true:
                    bad.append(("more", status, name, number, probe[2], true, got))
                else:
                    right += 1
            at += len(line)
    return right, bad


def places(row, marks):
    if row["target"] is None:
        return None
    if row["class"] == "Module":
        parts = row["target"].split("/")
        return "/".join(parts[-2:])
    return marks.get((row["target"], row["line"]), VARIABLE)


def check(tap, n_trees, seed, circles, most):
    """At most that share of the questions may have another answer than the interpreter's."""
    truths = {}
    with Scratch() as scratch:
        root = scratch / "in"
        root.mkdir()
        for i in range(n_trees):
            rng = random.Random(seed * 7919 + i)
            top = "t%d" % i
            writer = Writer(rng, top, circles)
            writer.write(root)
            order = list(writer.modules)
            if circles:
                rng.shuffle(order)
            truths[top] = run_tree(root, top, order, i)
        sys.path[:] = [x for x in sys.path if x != str(root)]
        answers = answers_of(build(root, scratch / "out"))
        right, bad = compare(root, truths, answers)
    lines = ["%s %s:%d %s [%s] is %s, not %s" % (what, name, number, expression, status.strip(), " ".join(sorted(true)),
                                                " ".join(sorted(got)))
             for what, status, name, number, expression, true, got in bad]
    tap.ok(right and len(bad) <= most * (right + len(bad)), "%d trees %s circles: %d answers, %d others" % (
        n_trees, "with" if circles else "without", right, len(bad)), "\n".join(lines))


def main():
    tap = Tap()
    n_trees = int(sys.argv[1]) if len(sys.argv) > 1 else 60 if IS_FULL else 20
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    check(tap, n_trees, seed, False, .05)
    check(tap, n_trees, seed, True, .06)
    tap.finish()


if __name__ == "__main__":
    main()
