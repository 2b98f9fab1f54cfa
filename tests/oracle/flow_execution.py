#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flow_execution.py - what random programs of ours do when they run, against the flow lens.

Needs Python 3.11, whose instructions have places. Each program runs with values that fail, iterate and
compare as they like; what it does to names is watched. From each name to the next one there must be a
way through blocks, elements and edges that meets no other name, and a read must be given by what was
written last. RS_PROGRAMS of them (60).
"""
import collections
import dis
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import warnings

from flow_oracle import code_of, read_ours, run
from flow_property import Program
from scope_oracle import OTHER_INPUT, python, skip

N_PROGRAMS = int(os.environ.get("RS_PROGRAMS", "60"))
N_RUNS = 12
MOST_EVENTS = 1500
SHOWN = 10
ACTIONS = {"LOAD": "eval", "STORE": "store", "DELETE": "delete"}
EXCEPTIONAL = ("exception", "raise", "reraise")


class Runnable(Program):
    """Statements that are built piece by piece, and bodies that bind names around."""

    def expression(self, depth=0):
        if depth > 1 or self.random.random() < .6:
            return super().expression(depth)
        pick = [super(Runnable, self).expression(depth + 1) for _ in range(3)]
        bound = "(%s := %s)" % (self.name(), pick[2])
        return self.random.choice([
            "{**%s, %s: %s}" % (pick[0], bound, pick[1]), "{%s: 1, **%s}" % (pick[0], bound),
            "f(**%s, k=%s)" % (pick[0], bound), "f(*%s, x=%s, **%s)" % (pick[0], pick[1], bound),
            "f(**%s, x=1, **%s)" % (pick[0], bound), "{%s, *%s, %s}" % (pick[0], pick[1], bound),
            "'%%s %%r' %% (%s, %s)" % (pick[0], bound), "f'{%s} {%s!r}'" % (pick[0], bound),
            "[*%s, %s]" % (pick[0], bound), "{%s: 1, %s: 2}" % (pick[0], bound),
            "[%s := q for q in %s if q]" % (self.name(), pick[0]),
            "any((%s := q) for q in %s)" % (self.name(), pick[0]),
            "{q: [%s := z for z in q] for q in %s}" % (self.name(), pick[0]),
            "(-1, not 1, [], %s is None, 'ab'[0])" % self.name(),
            "(not %s)" % pick[0], "(%s in %s)" % (pick[0], bound)])

    def simple(self, depth, in_loop):
        kind = self.random.randrange(12)
        if kind == 0:
            self.put(depth, "%s, %s = %s, %s" % tuple(self.name() for _ in range(4)))
        elif kind == 1:
            self.put(depth, "class K(**%s, metaclass=(%s := f)):" % (self.name(), self.name()))
            self.body(depth + 1)
        elif kind in (2, 3):
            self.put(depth, "class K:")
            self.body(depth + 1)
        else:
            super().simple(depth, in_loop)

    def body(self, depth):
        names = sorted({self.name(), self.name()})
        self.put(depth, "nonlocal %s" % ", ".join(names))
        for name in names:
            self.put(depth, self.random.choice([
                "%s = %s", "%s += %s", "if q: %s = %s", "for %s in %s: pass", "%s = q, %s",
                "%s: int = %s"][:5]) % (name, super().expression(2)))
        if self.random.random() < .3:
            self.put(depth, "del %s" % names[0])

    def text(self):
        self.put(0, "def outer(f, q, x, a, b=1, *, c=2):")
        self.put(1, "d = e = f")
        while self.n_left > 0:
            if self.random.random() < .7:  # what fails does not end it all
                self.put(1, "for d in q, x, %s:" % self.name())
                self.put(2, "try:")
                self.statement(3, True)
                self.put(2, "except Exception as %s:" % self.random.choice("zzzab"))
                self.put(3, self.random.choice(["pass", self.name(), "f(%s)" % self.name()]))
            else:
                self.statement(1, False)
        return "\n".join(self.lines) + "\n"


class Wide(Runnable):
    """Functions in functions, generators, coroutines, modules; what else the grammar has of statements."""

    def __init__(self, seed):
        super().__init__(seed)
        self.kind = ["def", "yield", "async", "module"][seed % 4]
        self.n_below = 0  # functions around that are not the program's own

    def is_own(self, kind):
        return self.kind == kind and not self.n_below

    def expression(self, depth=0):
        if depth > 1 or self.random.random() < .7:
            return super().expression(depth)
        pick = [super(Wide, self).expression(depth + 1) for _ in range(3)]
        found = ["f'{%s:{%s}}'" % (pick[0], pick[1]), "%s[%s:%s]" % tuple(pick), "g(%s)" % pick[0],
                 "(lambda *z, k=%s: (z, k, %s))(%s)" % tuple(pick), "(%s, *%s)" % (pick[0], pick[1]),
                 "{q: z for q, *z in %s if q for z in %s}" % (pick[0], pick[1]),
                 "list(q for q in %s if (%s := q))" % (pick[0], self.name()),
                 "(%s if %s and not %s else 0)" % tuple(pick), "(%s or (%s := %s))" % (
                     pick[0], self.name(), pick[1]), "(%s @ -%s)" % (pick[0], pick[1])]
        if self.is_own("yield"):
            found += ["(yield %s)" % pick[0], "(yield)", "(yield from %s)" % pick[0]] * 2
        if self.is_own("async"):
            found += ["(await %s)" % pick[0], "[q async for q in %s if q]" % pick[0],
                      "{q: await z async for q, z in %s}" % pick[0]] * 2
        return self.random.choice(found)

    def simple(self, depth, in_loop):
        kind = self.random.randrange(9)
        pick = [self.expression(1) for _ in range(3)]
        if kind == 0:
            self.put(depth, self.random.choice([
                "%s[%s] += %s" % tuple(pick), "(%s).x -= %s" % (pick[0], pick[1]), "(%s).x: f(%s) = %s" % tuple(pick),
                "%s: int = %s" % (self.name(), pick[0]), "del %s[%s], (%s).x" % tuple(pick), "x = %s = %s" % (
                    self.name(), pick[0]), "[%s, (%s, *x)] = %s" % (self.name(), self.name(), pick[0]),
                "del (x, [%s])" % self.name(), "from os import path as %s, sep" % self.name(),
                "raise %s from %s" % (self.name(), self.name()), "assert %s" % pick[0]]))
        elif kind == 1:
            self.function(depth)
        else:
            start = len(self.lines)
            super().simple(depth, in_loop)
            if self.kind == "module" and not self.n_below:
                for i in range(start, len(self.lines)):
                    self.lines[i] = self.lines[i].replace("nonlocal", "global").replace("return ", "")

    def function(self, depth):
        mark = self.random.choice(["", "", "@f", "@(%s)" % self.name()])
        if mark:
            self.put(depth, mark)
        self.put(depth, "def g(x=%s, *z, k=%s):" % (self.expression(1), self.expression(1)))
        self.n_below += 1
        names = sorted({self.name(), self.name()})
        self.put(depth + 1, "%s %s" % (
            "global" if self.kind == "module" and self.n_below == 1 else "nonlocal", ", ".join(names)))
        self.block(depth + 1, False)
        self.n_below -= 1

    def statement(self, depth, in_loop):
        kind = self.random.randrange(14)
        if depth > 5 or self.n_left <= 0 or kind > 4:
            super().statement(depth, in_loop)
        elif kind < 2:
            self.tried(depth, in_loop)
        elif self.is_own("async"):
            if kind == 2:
                self.put(depth, "async for %s in %s:" % (self.name(), self.expression()))
                self.block(depth + 1, True)
                if self.random.random() < .4:
                    self.put(depth, "else:")
                    self.block(depth + 1, in_loop)
            else:
                self.put(depth, "async with %s as %s, %s as (%s, x):" % (
                    self.expression(1), self.name(), self.name(), self.name()))
                self.block(depth + 1, in_loop)
        else:
            self.put(depth, "while %s:" % self.expression(1))
            self.block(depth + 1, True)
            self.put(depth, "else:")
            self.block(depth + 1, in_loop)

    def tried(self, depth, in_loop):
        if self.random.random() < .4:
            return super().tried(depth, in_loop)
        self.put(depth, "try:")
        self.block(depth + 1, in_loop)
        for bound in self.random.sample(["(%s, f)" % self.name(), "%s as x" % self.name(),
                                         "Exception as %s" % self.name()], self.random.randint(1, 2)):
            self.put(depth, "except %s:" % bound)
            self.block(depth + 1, in_loop)
        if self.random.random() < .5:
            self.put(depth, "else:")
            self.block(depth + 1, in_loop)
        if self.random.random() < .5:
            self.put(depth, "finally:")
            self.block(depth + 1, in_loop)
        return None

    def text(self):
        if self.kind != "module":
            text = super().text()
            return "async " + text if self.kind == "async" else text
        self.put(0, "d = e = f")
        while self.n_left > 0:
            self.put(0, "for d in q, x, %s:" % self.name())
            self.put(1, "try:")
            self.statement(2, True)
            self.put(1, "except Exception as %s:" % self.random.choice("zzzab"))
            self.put(2, "f(%s)" % self.name())
        return "\n".join(self.lines) + "\n"


# --- in the child: it runs and is watched ---

def values(chance):
    class First(Exception):
        pass

    class Second(First):
        pass

    def maybe(*given, **named):
        if chance.random() < .04:
            raise chance.choice([First, Second, TypeError, ValueError])("odd")

    async def later(what):
        return what()

    async def several():
        for _ in range(chance.randrange(4)):
            yield odd()

    def odd(*given, **named):
        maybe()
        return chance.choice([Odd(), Odd(), Odd(), First, Second, 0, None, {}, {"k": 1}, (1, 2), "ab"])

    class Odd:
        __call__ = __getattr__ = __add__ = __iadd__ = __getitem__ = __lt__ = __rlt__ = odd
        __setitem__ = __delitem__ = __enter__ = odd
        __hash__ = lambda self: maybe() or 1
        __str__ = __repr__ = lambda self: maybe() or "odd"
        __format__ = lambda self, how: maybe() or "odd"
        __bool__ = lambda self: maybe() or chance.random() < .5
        __exit__ = lambda self, *error: maybe() or chance.random() < .3
        __iter__ = lambda self: iter([odd() for _ in range(chance.randrange(4))])
        __matmul__ = __neg__ = __isub__ = odd
        __aenter__ = lambda self: later(odd)
        __aexit__ = lambda self, *error: later(lambda: maybe() or chance.random() < .3)
        __aiter__ = lambda self: maybe() or several()
        __await__ = lambda self: later(odd).__await__()
        keys = lambda self: maybe() or chance.choice([["k"], ["x"], []])
        __getitem__ = odd
    return odd


def events_of(code, memo):
    """offset -> (verb, variable, place, "cell", "global" or ""), of the instructions that do something to names."""
    if code not in memo:
        memo[code] = {}
        for i in dis.get_instructions(code):
            verb, _, kind = i.opname.partition("_")
            if verb in ACTIONS and kind in ("FAST", "NAME", "GLOBAL", "DEREF", "CLASSDEREF"):
                kind = "cell" if "DEREF" in kind else "global" if kind == "GLOBAL" else ""
                memo[code][i.offset] = (verb, i.argval, tuple(i.positions), kind)
    return memo[code]


def drive(made, chance):
    """Run what a generator or coroutine function gave; errors are thrown into it at times."""
    while hasattr(made, "throw"):
        if chance.random() < .1:
            made.throw(ValueError("odd"))
        else:
            made.send(None)


def watch(text, seed, out):
    """Run a program; lines of events go to out."""
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    chance = random.Random(seed)
    code = compile(text, "program", "exec")
    memo, numbers, left = {}, {}, [MOST_EVENTS]

    def owner_of(frame, variable, is_cell):
        while frame is not None and (variable not in frame.f_code.co_cellvars if is_cell else
                                     frame.f_code.co_name != "<module>"):
            frame = frame.f_back
        return numbers.get(id(frame))

    def opcode(frame, event, argument):
        if event != "opcode":
            return opcode
        found = events_of(frame.f_code, memo).get(frame.f_lasti)
        if found:
            verb, variable, place, kind = found
            owner = owner_of(frame, variable, kind == "cell") if kind else None
            out.write(json.dumps([numbers[id(frame)], verb, variable, place, owner]) + "\n")
            left[0] -= 1
            if not left[0]:
                out.flush()
                os._exit(0)
        return opcode

    def call(frame, event, argument):
        if frame.f_code.co_filename != "program":
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if id(frame) not in numbers or frame.f_lasti <= 0:
            numbers[id(frame)] = len(alive)
            alive.append(frame)  # so that its id is nobody else's
            out.write(json.dumps([len(alive) - 1, frame.f_code.co_qualname,
                                  frame.f_code.co_firstlineno]) + "\n")
        return opcode

    alive, odd = [], values(chance)
    given = [odd, *[chance.choice([odd, [odd, 1], 0, None, {"k": 2}]) for _ in range(3)]]
    space = dict(zip("fqxa", given), b=1, c=2)
    if "outer" in code.co_names:
        exec(code, space)
    sys.settrace(call)
    try:
        drive(space["outer"](*given), chance) if "outer" in code.co_names else exec(code, space)
    except BaseException:
        pass
    sys.settrace(None)
    out.flush()


def child(paths):
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        for seed in range(N_RUNS):
            number = os.fork()
            if number == 0:
                try:
                    with open("%s.%d" % (path, seed), "w", encoding="utf-8") as out:
                        watch(text, seed, out)
                finally:
                    os._exit(0)
            os.waitpid(number, 0)


# --- here: what the lens says ---

class Graph:
    """Elements of a scope and what can run next."""

    def __init__(self, file, blocks):
        self.file = file
        self.blocks = {number: file.blocks[number] for number in blocks}
        self.entry = min(blocks)
        self.scope = file.blocks[self.entry].scope
        self.starts = {}

    def place_of(self, at):
        n, action, _ = self.blocks[at[0]].elements[at[1]]
        return n, action

    def heads(self, number):
        """First elements of a block, through empty ones."""
        if number not in self.starts:
            found, seen, todo = set(), set(), [number]
            while todo:
                block = todo.pop()
                if block in seen:
                    continue
                seen.add(block)
                if self.blocks[block].elements:
                    found.add((block, 0))
                else:
                    todo += [to for to, _ in self.blocks[block].edges]
            self.starts[number] = found
        return self.starts[number]

    def after(self, at, is_done):
        block = self.blocks[at[0]]
        found = set()
        if is_done and at[1] + 1 < len(block.elements):
            found.add((at[0], at[1] + 1))
        is_last = at[1] + 1 == len(block.elements)
        for to, kind in block.edges:
            raised = kind in EXCEPTIONAL and block.elements[at[1]][2]
            if raised or (is_last and kind != "exception"):
                found |= self.heads(to)
        return found

    def next_names(self, states, is_name):
        """Elements that are names, reached from the states with none between."""
        found, seen, todo = set(), set(), []
        for at in states:
            todo += self.heads(self.entry) if at is None else self.after(at, True)
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if is_name(at):
                found.add(at)
            else:
                todo += self.after(at, True)
        return found


def columns(text):
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return lambda line, column: starts[line - 1] + column


class Judge:
    def __init__(self, file, text, counts):
        self.file, self.counts = file, counts
        self.at = columns(text)
        file.below = collections.defaultdict(list)
        for n, node in enumerate(file.nodes):
            file.below[node.parent].append(n)
        blocks = collections.defaultdict(list)
        for number, block in file.blocks.items():
            blocks[block.scope].append(number)
        self.scopes = {key: numbers[0] for key, numbers in code_of(file).items()
                       if len(numbers) == 1}
        self.graphs = {scope: Graph(file, numbers) for scope, numbers in blocks.items()}
        self.home = {}  # node -> the innermost scope that has an element of it
        for scope, numbers in blocks.items():
            for number in numbers:
                for n, _, _ in file.blocks[number].elements:
                    self.home[n] = max(scope, self.home.get(n, 0))
        self.nodes = {(n.start, n.end): i for i, n in enumerate(file.nodes)
                      if n.ast_class == "Name"}
        self.uses = {}
        self.defs = collections.defaultdict(set)
        for number, (n, kind, binding, block, own, unbound) in file.events.items():
            if own and kind == "use":
                self.uses[n] = (number, unbound)

    def run(self, lines):
        frames, states, last = {}, {}, {}
        self.functions = set()  # frames that run whenever they are called
        for line in lines:
            record = json.loads(line)
            if len(record) == 3:
                is_module = record[1] == "<module>"
                scope = self.scopes.get((record[1], None if is_module else record[2]))
                is_part = re.search(r"(\bK|<\w+>)$", record[1])
                self.functions |= set() if is_part else {record[0]}
                frames[record[0]] = self.graphs.get(scope)
                states[record[0]] = {None}
                continue
            frame, verb, variable, place, owner = record
            graph = frames[frame]
            is_foreign = owner not in (None, frame) and frame in self.functions
            key = (frame if owner is None else owner, variable)
            n = self.node(place)
            before, wrote = last.get(key, (None, False)), verb != "LOAD"
            if wrote:
                # None and True: deleted; None and False: given by what is no Name.
                last[key] = (n, n is not None) if verb == "STORE" else (None, True)
                if is_foreign:  # a shared variable that some other code set
                    last[key] = (None, False)
            if graph is None or n is None:
                states[frame] = None
                continue
            if states[frame] is not None:
                yield from self.step(frame, graph, states, n, verb)
            if verb == "LOAD" and (owner is None or owner == frame):
                yield from self.read(n, before)

    def node(self, place):
        if None in place:
            return None
        return self.nodes.get((self.at(place[0], place[2]), self.at(place[1], place[3])))

    def step(self, frame, graph, states, n, verb):
        def is_name(at):
            m, action = graph.place_of(at)
            return (self.file.nodes[m].ast_class == "Name" and action in ACTIONS.values() and
                    self.home[m] == graph.scope)

        reached = graph.next_names(states[frame], is_name)
        found = {at for at in reached if graph.place_of(at) == (n, ACTIONS[verb])}
        self.counts["steps"] += 1
        if not found:
            # The compiler swaps stores of one unpacking.
            found = {(b, i) for b, block in graph.blocks.items()
                     for i, e in enumerate(block.elements) if e[:2] == (n, ACTIONS[verb])}
            parent = self.file.nodes[n].parent
            if verb == "STORE" and self.file.nodes[parent].ast_class == "Tuple":
                # All of them are made before anything else: what follows does so behind the last of ours.
                found = {(b, i) for b, block in graph.blocks.items() for i, e in enumerate(block.elements)
                         if e[1] == "store" and self.file.nodes[e[0]].parent == parent}
                self.counts["steps in swapped stores"] += 1
            else:
                yield "no way to line %d, %s" % (self.file.nodes[n].line, verb)
        states[frame] = found

    def read(self, n, before):
        number, unbound = self.uses.get(n, (None, None))
        if number is None or before[0] is None and not before[1]:
            return  # a parameter, or what has no place
        self.counts["reads"] += 1
        if before[0] is None:
            if not unbound:
                yield "line %d may be unbound" % self.file.nodes[n].line
            return
        given = {self.file.events[d][0] for d in self.file.reach.get(number, ())}
        if before[0] not in given:
            yield "line %d is given by line %d" % (self.file.nodes[n].line,
                                                   self.file.nodes[before[0]].line)


def main():
    warnings.simplefilter("ignore")
    if sys.argv[1:2] == ["--run"]:
        child(sys.argv[2:])
        return 0
    interpreter = python()
    if interpreter is None:
        skip(OTHER_INPUT, "what Python 3.11 does")
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "flow_probe")
    counts, n_different = collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="relspec-test-") as folder:
        paths = []
        for seed in range(N_PROGRAMS * 4):
            text = (Wide if seed % 3 else Runnable)(seed).text()
            try:
                compile(text, "program", "exec")
            except SyntaxError:
                counts["programs that do not compile"] += 1
                continue
            if len(paths) == N_PROGRAMS:
                break
            paths.append(os.path.join(folder, "random-%d.py" % seed))
            with open(paths[-1], "w", encoding="utf-8") as program:
                program.write(text)
        subprocess.run([interpreter, os.path.abspath(__file__), "--run", *paths], check=True,
                       stderr=subprocess.DEVNULL)
        for file in read_ours(run([probe], paths)):
            counts["programs"] += 1
            with open(file.path, encoding="utf-8") as stream:
                text = stream.read()
            for seed in range(N_RUNS):
                judge = Judge(file, text, counts)
                with open("%s.%d" % (file.path, seed), encoding="utf-8") as lines:
                    for difference in judge.run(lines):
                        n_different += 1
                        if n_different <= SHOWN:
                            print("%s, run %d: %s\n%s" % (file.path, seed, difference, "".join(
                                "%4d %s\n" % (i + 1, l) for i, l in enumerate(text.split("\n")))))
    for what, n in sorted(counts.items()):
        print("%8d %s" % (n, what))
    print("%8d differences" % n_different)
    return 1 if n_different or not counts["reads"] else 0


if __name__ == "__main__":
    sys.exit(main())
