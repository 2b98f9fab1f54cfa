#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""damage.py [--files N] [--mutants N] [--seed TEXT] - real files, each damaged in one place.

Takes files of the standard library (the same ones every time) and deletes, doubles or replaces
one token or one line. Of every mutant:

  whole        it does not bring the parser down, and every span lies in its parent's
  definitions  every class and function outside the damaged statement is found, by name and place
  verdict      there is an error if and only if CPython refuses the mutant
  line         and then one on the line that CPython names

The damaged statement is the innermost one that the change touches; where that is a compound one,
its header was touched, and what its block still gives is counted but not required. A change with
''' or \"\"\" in it is not made: what opens a long string turns text into code up to the next one.

LINES says how many mutants in a thousand may have an error on another line than CPython's: its
own choice follows from hand-written rules for good messages, which move it back and forth.
"""
import argparse
import ast
import collections
import hashlib
import io
import os
import random
import sys
import sysconfig
import tokenize
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import trees  # noqa: E402
import whole_tree  # noqa: E402

LINES = 15
SIZES = range(1500, 60000)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
TOKENS = {tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP}
MOST_SHOWN = 30

# start, end: the bytes replaced by text.
Mutant = collections.namedtuple("Mutant", "original how start end text source")


class Original:
    def __init__(self, name, source, root):
        self.name = name
        self.source = source
        self.places = whole_tree.Places(source)
        self.statements = []  # (start, end, is_compound), outer ones first
        self.definitions = []  # (start, name)
        for node in ast.walk(root):
            if not isinstance(node, ast.stmt):
                continue
            start, end = self.span(node)
            if isinstance(node, DEFINITIONS):
                self.definitions.append((start, node.name))
            for decorator in getattr(node, "decorator_list", ()):
                start = min(start, self.span(decorator)[0] - 1)
            self.statements.append((start, end, hasattr(node, "body") or hasattr(node, "cases")))

    def span(self, node):
        return (self.places.place(node.lineno, node.col_offset)[0],
                self.places.place(node.end_lineno, node.end_col_offset)[0])

    def tokens(self):
        lines = self.places.starts
        text = self.source.decode("utf-8-sig")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in TOKENS and token.string:
                line = token.line.split("\n")[0]
                if token.start[0] == token.end[0]:
                    start = lines[token.start[0] - 1] + len(line[:token.start[1]].encode())
                    yield start, start + len(token.string.encode())

    def damaged(self, start, end):
        """The innermost statements that start..end touches, as (start, end) each."""
        touched = [s for s in self.statements if s[0] < end and start < s[1]]
        return [s for s in touched
                if not any(s is not t and s[0] <= t[0] and t[1] <= s[1] and
                           t[0] <= start and end <= t[1] for t in touched)
                and not (s[0] <= start and end <= s[1] and
                         any(t is not s and start <= t[0] and t[1] <= end for t in touched) and
                         s[0] < start)]


def originals(n_files):
    stdlib = sysconfig.get_path("stdlib")
    files = sorted(whole_tree.files_below(stdlib), key=lambda file: hashlib.sha256(
        os.path.relpath(file, stdlib).encode()).digest())
    for name, source in whole_tree.read(files):
        if n_files == 0:
            return
        try:
            source.decode()
            if len(source) in SIZES and b"\r" not in source and b"\f" not in source:
                yield Original(os.path.relpath(name, stdlib), source, ast.parse(source))
                n_files -= 1
        except (SyntaxError, ValueError):
            pass


def changes(original, n_mutants, seed):
    """(how, start, end, text) of each."""
    choose = random.Random("%s %s" % (seed, original.name))
    source = original.source
    tokens = list(original.tokens())
    starts = original.places.starts
    lines = [(a, b) for a, b in zip(starts, starts[1:] + [len(source)]) if source[a:b].strip()]
    for number in range(n_mutants):
        kind, places = (("token", tokens), ("line", lines))[number % 2]
        how = ("delete", "double", "replace")[number // 2 % 3]
        start, end = choose.choice(places)
        other = choose.choice(places)
        if how == "delete":
            text = b""
        elif how == "double":
            text = source[start:end] + (b" " if kind == "token" else b"") + source[start:end]
        else:
            text = source[other[0]:other[1]]
        if not any(q in part for q in (b"'''", b'"""') for part in (source[start:end], text)):
            yield "%s a %s" % (how, kind), start, end, text


def mutants(sample, n_mutants, seed):
    for original in sample:
        for how, start, end, text in changes(original, n_mutants, seed):
            source = original.source[:start] + text + original.source[end:]
            if source != original.source:
                yield Mutant(original, how, start, end, text, source)


def verdict(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as refusal:
        return refusal
    except (RecursionError, MemoryError):
        pass
    return None


class Run:
    def __init__(self):
        self.words = trees.Words(trees.names())
        self.classes = {self.words.class_number[c.__name__] for c in DEFINITIONS}
        self.decorators = self.words.field_number["decorator_list"]
        self.counts = collections.Counter()
        self.failed = collections.Counter()
        self.shown = collections.Counter()
        self.keep = os.environ.get("RS_DAMAGE_KEEP")

    def report(self, what, mutant, detail):
        self.failed[what] += 1
        if self.shown[what] < MOST_SHOWN:
            self.shown[what] += 1
            line = mutant.original.places.line_of(mutant.start)
            print("not ok - %s: %s, %s in line %d (%r): %s" % (
                what, mutant.original.name, mutant.how, line,
                mutant.original.source[mutant.start:mutant.end][:60], detail))
            if self.keep:
                name = "%s-%d.py" % (what, self.shown[what])
                with open(os.path.join(self.keep, name), "wb") as stream:
                    stream.write(mutant.source)

    def spans(self, mutant, tree):
        nodes = tree.nodes
        for number, node in enumerate(nodes):
            if node[trees.PARENT] == trees.NONE:
                is_fine = number == 0 and node[trees.END] == len(mutant.source)
            else:
                parent = nodes[node[trees.PARENT]]
                is_fine = (node[trees.START] <= node[trees.END] <= parent[trees.END] and
                           (parent[trees.START] <= node[trees.START] or
                            node[trees.FIELD] == self.decorators))
            if not is_fine:
                self.report("whole", mutant, "node %d at %d-%d" % (
                    number, node[trees.START], node[trees.END]))
                return

    def definitions(self, mutant, tree):
        found = {(node[trees.START], tree.name(node)) for node in tree.nodes
                 if node[trees.CLASS] in self.classes}
        damaged = mutant.original.damaged(mutant.start, mutant.end)
        moved = len(mutant.text) - (mutant.end - mutant.start)
        for start, name in mutant.original.definitions:
            is_inside = any(s[0] <= start < s[1] for s in damaged)
            if mutant.start <= start < mutant.end:
                continue
            is_found = (start + (moved if start >= mutant.end else 0), name) in found
            self.counts["definitions inside" if is_inside else "definitions outside"] += 1
            if is_inside:
                self.counts["definitions inside, found"] += is_found
            elif not is_found:
                self.report("definitions", mutant, "%s of line %d is lost" % (
                    name, mutant.original.places.line_of(start)))
                return

    def judge(self, mutant, tree):
        refusal = verdict(mutant.source)
        lines = {error[trees.E_LINE] for error in tree.errors}
        self.counts["refused by CPython"] += refusal is not None
        if refusal is not None and whole_tree.exception_of(refusal) is not None:
            self.counts["left out (see whole_tree.py)"] += 1
        elif (refusal is not None) != bool(lines):
            self.report("verdict", mutant, "CPython: %r, we: %s" % (
                refusal, tree.message(tree.errors[0]) if lines else "nothing"))
        elif refusal is not None and refusal.lineno and refusal.lineno not in lines:
            self.report("line", mutant, "CPython: %s, we: lines %s: %s" % (
                refusal, sorted(lines)[:5], tree.message(tree.errors[0])))

    def all(self, sample, n_mutants, seed):
        waiting = collections.deque()

        def sources():
            for mutant in mutants(sample, n_mutants, seed):
                waiting.append(mutant)
                yield mutant.source

        try:
            for tree in trees.dump(sources()):
                mutant = waiting.popleft()
                self.counts["mutants"] += 1
                self.spans(mutant, tree)
                self.definitions(mutant, tree)
                self.judge(mutant, tree)
        except trees.DumpFailed as failure:
            self.report("whole", waiting[0], failure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--mutants", type=int, default=18, help="of each file")
    parser.add_argument("--seed", default="relspec")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    run = Run()
    run.all(originals(options.files), options.mutants, options.seed)
    for what, count in sorted(run.counts.items()):
        print("%8d %s" % (count, what))
    n_lines = run.failed.pop("line", 0)
    print("%8d with an error on another line than CPython's only" % n_lines)
    if n_lines * 1000 > LINES * max(1, run.counts["refused by CPython"]):
        run.failed["line"] = n_lines
    n_failed = sum(run.failed.values())
    print("%d passed, %d failed %s" % (run.counts["mutants"] - n_failed, n_failed,
                                       dict(run.failed) if n_failed else ""))
    return 1 if n_failed or run.counts["mutants"] == 0 else 0


if __name__ == "__main__":
    sys.exit(whole_tree.with_room(main))
