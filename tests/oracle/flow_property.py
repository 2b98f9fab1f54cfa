#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flow_property.py [FILE or DIRECTORY ...] - what the flow lens computes, by the definitions.

From the lens's own blocks, elements and edges, slowly and obviously: reaching definitions by a
worklist over sets; dominators and post-dominators by taking blocks out of the graph; control
dependences by their definition. On random programs (RS_PROGRAMS of them) and on files of the
standard library: an eighth of it, or all with RS_CORPUS=full.
"""
import collections
import os
import random
import sys
import tempfile

from flow_oracle import SHOWN, read_ours, run
from scope_oracle import files_of, library

N_PROGRAMS = int(os.environ.get("RS_PROGRAMS", "400"))
SUBSET = 8
MAX_BLOCKS = 60  # beyond, dominators are not recomputed: cubic
EVENTS = {"eval": "use", "store": "def", "delete": "del"}
EXCEPTIONAL = ("exception", "raise", "reraise")


# --- random programs ---

class Program:
    """Statements over a few names; not all of it makes sense, all of it parses."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.n_left = self.random.randint(5, 60)

    def name(self):
        return self.random.choice("abcde")

    def expression(self, depth=0):
        one = self.random.randrange(14 if depth < 3 else 3)
        deeper = depth + 1
        if one < 2:
            return self.name()
        if one == 2:
            return str(self.random.randrange(3))
        pick = [self.expression(deeper) for _ in range(3)]
        return ["f(%s, %s)" % (pick[0], pick[1]), "(%s and %s or %s)" % tuple(pick),
                "(%s if %s else %s)" % tuple(pick), "(%s := %s)" % (self.name(), pick[0]),
                "(%s < %s < %s)" % tuple(pick), "(not %s)" % pick[0], "(%s).x" % pick[0],
                "[%s for q in %s if q]" % (self.name(), pick[0]), "(%s, %s)" % (pick[0], pick[1]),
                "(lambda a=%s: a)" % pick[0], "%s[%s]" % (self.name(), pick[0])][one - 3]

    def block(self, depth, in_loop):
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth, in_loop)

    def put(self, depth, text):
        self.lines.append("    " * depth + text)
        self.n_left -= 1

    def simple(self, depth, in_loop):
        choices = ["%s = %s" % (self.name(), self.expression()),
                   "%s += %s" % (self.name(), self.expression()),
                   "%s, *%s = %s" % (self.name(), self.name(), self.expression()),
                   "del %s" % self.name(), "pass", self.expression(), "import %s" % self.name(),
                   "assert %s, %s" % (self.expression(), self.expression())]
        if self.random.random() < .25:
            choices = ["return %s" % self.expression(), "raise %s" % self.name()]
            choices += ["break", "continue"] * 2 if in_loop else []
        self.put(depth, self.random.choice(choices))

    def statement(self, depth, in_loop):
        kind = self.random.randrange(12)
        if depth > 5 or self.n_left <= 0 or kind < 5:
            self.simple(depth, in_loop)
        elif kind < 7:
            self.put(depth, "if %s:" % self.expression())
            self.block(depth + 1, in_loop)
            if self.random.random() < .5:
                self.put(depth, "else:")
                self.block(depth + 1, in_loop)
        elif kind < 9:
            self.loop(depth)
        elif kind == 9:
            self.put(depth, "with %s as %s, %s:" % (self.name(), self.name(), self.name()))
            self.block(depth + 1, in_loop)
        elif kind == 10:
            self.tried(depth, in_loop)
        else:
            self.match(depth, in_loop)

    def loop(self, depth):
        head = self.random.choice(["for %s in %s:" % (self.name(), self.expression()),
                                   "while %s:" % self.expression(), "while True:"])
        self.put(depth, head)
        self.block(depth + 1, True)
        if self.random.random() < .4:
            self.put(depth, "else:")
            self.block(depth + 1, False)

    def tried(self, depth, in_loop):
        self.put(depth, "try:")
        self.block(depth + 1, in_loop)
        has_final = self.random.random() < .5
        is_group = self.random.random() < .2
        for _ in range(self.random.randint(not has_final, 2)):
            star = "*" if is_group else ""
            bound = " as %s" % self.name() if self.random.random() < .5 else ""
            self.put(depth, "except%s %s%s:" % (star, self.name(), bound))
            self.block(depth + 1, in_loop and not is_group)
        if self.lines[-1].strip() and has_final:
            self.put(depth, "finally:")
            self.block(depth + 1, in_loop)

    def match(self, depth, in_loop):
        self.put(depth, "match %s:" % self.expression())
        for pattern in ("[%s, *%s]" % (self.name(), self.name()), "1 | 2 as %s" % self.name(),
                        "{'k': %s}" % self.name(), "C(%s, x=0)" % self.name()):
            if self.random.random() < .5:
                guard = " if %s" % self.expression() if self.random.random() < .5 else ""
                self.put(depth + 1, "case %s%s:" % (pattern, guard))
                self.block(depth + 2, in_loop)
        self.put(depth + 1, "case _:")
        self.block(depth + 2, in_loop)

    def text(self):
        self.put(0, self.random.choice(["def f(a, b=1, *, c):", "async def f(a):", "class C:"]))
        while self.n_left > 0:
            self.statement(1, False)
        return "\n".join(self.lines) + "\n"


# --- reaching definitions ---

def own_events(file):
    found = {}
    for number, (n, kind, binding, _, own, _) in file.events.items():
        if own:
            found[n, kind] = (number, binding)
    return found


def union(into, state):
    """Add a state to another; True when that made a difference."""
    grown = False
    for binding, values in state.items():
        old = into.setdefault(binding, set())
        grown |= not values <= old
        old |= values
    return grown


def block_run(block, state, events, uses):
    """The state behind a block, and what an exception may take out of it."""
    state = {binding: set(values) for binding, values in state.items()}
    thrown = {}
    for n, action, may_raise in block.elements:
        if may_raise:
            union(thrown, state)
        kind = EVENTS.get(action)
        if (n, kind) not in events:
            continue
        number, binding = events[n, kind]
        if kind == "use":
            uses[number] |= state[binding]
        else:
            state[binding] = {number if kind == "def" else None}
    return state, thrown


def reaching(file, blocks, events):
    """use event -> definition events; None stands for no definition."""
    bindings = {binding for _, binding in events.values()}
    entry = min(blocks)
    before = {entry: {binding: {None} for binding in bindings}}
    uses = collections.defaultdict(set)
    todo = [entry]
    while todo:
        number = todo.pop()
        block = file.blocks[number]
        after, thrown = block_run(block, before[number], events, uses)
        for to, kind in block.edges:
            fresh = to not in before
            into = before.setdefault(to, {})
            grown = False
            if kind in EXCEPTIONAL:
                grown |= union(into, thrown)
            if kind not in ("exception", "raise"):
                grown |= union(into, after)
            if grown or fresh:
                todo.append(to)
    return uses


def check_reaching(file, blocks, events):
    wanted = reaching(file, blocks, events)
    own_uses = {number for (_, kind), (number, _) in events.items()
                if kind == "use" and file.events[number][3] in blocks}
    for number in sorted(own_uses):
        want = wanted.get(number, set())
        got = set(file.reach.get(number, ()))
        if file.events[number][5]:
            got.add(None)
        if want != got:
            yield "use %d: %s, ours %s" % (file.nodes[file.events[number][0]].line,
                                           sorted(map(str, want)), sorted(map(str, got)))


# --- dominance ---

def reached(start, ways, without=None):
    seen, todo = set(), [start] if start != without else []
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += [to for to in ways.get(at, ()) if to != without]
    return seen


def dominators(start, ways):
    """block -> all that dominate it, itself included."""
    everything = reached(start, ways)
    found = {block: {block} for block in everything}
    for block in everything:
        for other in everything - reached(start, ways, block):
            found[other].add(block)
    return found


def immediate(found):
    """block -> its nearest strict dominator: the one that all others dominate."""
    nearest = {}
    for block, above in found.items():
        strict = above - {block}
        if strict:
            nearest[block] = max(strict, key=lambda other: len(found[other]))
    return nearest


def check_dominators(file, blocks):
    ways = {b: [to for to, _ in file.blocks[b].edges] for b in blocks}
    want = immediate(dominators(min(blocks), ways))
    got = {b: file.above["dominator"][b] for b in blocks if b in file.above["dominator"]}
    if want != got:
        yield "dominators %s, ours %s" % (sorted(want.items()), sorted(got.items()))


def check_post_dominators(file, blocks):
    """Only where every block that takes part reaches the exit."""
    last = max(blocks)
    live = [b for b in blocks if file.blocks[b].is_live or b == last]
    edges = [(b, to) for b in live for to, kind in file.blocks[b].edges
             if not (kind == "reraise" and to == last)]
    everything = [(b, to) for b in live for to, _ in file.blocks[b].edges]
    back, back_all = collections.defaultdict(list), collections.defaultdict(list)
    for b, to in edges:
        back[to].append(b)
    for b, to in everything:
        back_all[to].append(b)
    taking = reached(last, back)
    if set(live) - reached(last, back_all):
        return
    found = dominators(last, back)
    want = immediate(found)
    got = {b: file.above["post_dominator"][b] for b in blocks
           if b in file.above["post_dominator"]}
    if want != got:
        yield "post-dominators %s, ours %s" % (sorted(want.items()), sorted(got.items()))
    wanted = set()
    for a, to in edges:
        n_ways = len(file.blocks[a].edges)
        if a in taking and to in taking and n_ways > 1:
            wanted |= {(b, a) for b in found[to] if b == a or b not in found[a]}
    ours = {(b, a) for b, a in file.control if b in set(blocks)}
    if wanted != ours:
        yield "control dependences %s, ours %s" % (sorted(wanted - ours), sorted(ours - wanted))


# --- the whole ---

def check(file, counts):
    blocks = collections.defaultdict(list)
    for number, block in file.blocks.items():
        blocks[block.scope].append(number)
    events = own_events(file)
    by_scope = collections.defaultdict(dict)
    for key, (number, binding) in events.items():
        by_scope[file.blocks[file.events[number][3]].scope][key] = (number, binding)
    for scope, numbers in blocks.items():
        counts["scopes"] += 1
        counts["uses"] += sum(kind == "use" for _, kind in by_scope[scope])
        yield from check_reaching(file, numbers, by_scope[scope])
        if len(numbers) <= MAX_BLOCKS:
            counts["scopes whose dominators were recomputed"] += 1
            yield from check_dominators(file, numbers)
            yield from check_post_dominators(file, numbers)


def main():
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "flow_probe")
    counts, n_different = collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="relspec-test-") as folder:
        paths = []
        for seed in range(0 if sys.argv[1:] else N_PROGRAMS):
            paths.append(os.path.join(folder, "random-%d.py" % seed))
            with open(paths[-1], "w", encoding="utf-8") as program:
                program.write(Program(seed).text())
        n_random = len(paths)
        files = list(files_of(sys.argv[1:] or [library(sys.executable)]))
        if not sys.argv[1:] and os.environ.get("RS_CORPUS") != "full":
            files = files[::SUBSET]
        for at, file in enumerate(read_ours(run([probe], paths + files))):
            counts["files"] += 1
            if at < n_random and (file.error or file.refused):
                counts["random programs that do not parse"] += 1
            for difference in check(file, counts):
                n_different += 1
                if n_different <= SHOWN:
                    print("%s: %s" % (file.path, difference))
                    if at < n_random:
                        print(Program(at).text())
    for what, n in sorted(counts.items()):
        print("%8d %s" % (n, what))
    print("%8d differences" % n_different)
    bad = counts["random programs that do not parse"]
    return 1 if n_different or bad or not counts["uses"] else 0


if __name__ == "__main__":
    sys.exit(main())
