#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""whole_tree.py [--record DIR | --replay DIR] [FILE ...] - trees and verdicts against CPython's ast.

Of every file that CPython parses: each node's class, field, place in the field, context, name,
bytes, lines and columns, and that there is no error. Of every file that it refuses: that there is
an error, and one on the same line. Without FILEs: the standard library, the snippets of
CPython's own test suite (where it is installed), and all *.py below the directories of
RS_CORPUS (separated as in PATH).

--record writes what there is to compare into DIR instead, and --replay compares it: an interpreter
that can start no programs (under_pyodide.py) is the judge then.

What need not agree stands in EXCEPTIONS, and with more words in docs/parser.md.
"""
import ast
import bisect
import collections
import io
import marshal
import os
import re
import sys
import sysconfig
import threading
import tokenize
import warnings

import snippets
import trees
from trees import NONE

VERSION = sys.version_info[:2]
NOBODY = (99, 0)

# (first version that the row is no more about, what its refusal says, why it is no fault of ours)
EXCEPTIONS = [
    (NOBODY, r"future feature .* is not defined|not a chance|from __future__ imports must",
     "the compiler's check, which ast.parse has from 3.14 on; ours is the scope lens's"),
    ((3, 14), r"multiple exception types must be parenthesized", "grammar of 3.14 (PEP 758)"),
    ((3, 14), r"t-string|invalid syntax .*[tT]['\"]", "grammar of 3.14 (PEP 750)"),
    ((3, 12), r"f-string", "f-strings are parsed anew since 3.12 (PEP 701)"),
    ((3, 12), r"<f-string>|(unterminated|EOL while scanning) string literal.*\b[rR]?[fF]['\"]",
     "the same: places of faults in f-strings (PEP 701)"),
]
# The same for what it parses: (versions, a pattern of the source, why).
ACCEPTED = [
    (((3, 12), (3, 13)), rb"f'[^'\n]*\{[^}']*:[^}']*\n",
     "a line end in a format specification between single quotes, which 3.14 refuses"),
]
# Classes without lineno in ast, whose spans are our own.
PLACELESS = {"Module", "arguments", "comprehension", "withitem", "match_case"}
CONTEXTS = {"Load": 0, "Store": 1, "Del": 2}
NAME_FIELDS = {
    "Name": "id", "Attribute": "attr", "arg": "arg", "keyword": "arg", "alias": "name",
    "FunctionDef": "name", "AsyncFunctionDef": "name", "ClassDef": "name",
    "ExceptHandler": "name", "MatchAs": "name", "MatchStar": "name", "MatchMapping": "rest",
    "TypeVar": "name", "ParamSpec": "name", "TypeVarTuple": "name",
}
TEXT_LISTS = {("Global", "names"), ("Nonlocal", "names"), ("MatchClass", "kwd_attrs")}
MOST_SHOWN = 40


class Places:
    """From ast's line and column (in UTF-8) to the file's bytes and our column."""

    def __init__(self, source):
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\r|\n", source)]
        self.source = source
        self.mark = 3 if source.startswith(b"\xef\xbb\xbf") else 0
        self.encoding = None
        try:
            lines = io.BytesIO(source.replace(b"\r", b"\n"))
            encoding = tokenize.detect_encoding(lines.readline)[0]
            if encoding not in ("utf-8", "utf-8-sig") and not source.isascii():
                self.encoding = encoding
        except SyntaxError:
            pass

    def line_of(self, byte):
        return bisect.bisect_right(self.starts, byte)

    def place(self, line, column):
        """(byte, our column)"""
        start = self.starts[line - 1]
        if self.encoding is not None:
            end = self.starts[line] if line < len(self.starts) else len(self.source)
            text = self.source[start:end].decode(self.encoding).encode()
            column = len(text[:column].decode().encode(self.encoding))
        return start + column + (self.mark if line == 1 else 0), column


class Comparison:
    """One file's two trees."""

    def __init__(self, words, tree, source):
        self.words = words
        self.tree = tree
        self.places = Places(source)
        self.below = tree.children()
        self.differences = []
        self.n_nodes = 0

    def differ(self, what, theirs, number):
        ours = self.tree.nodes[number]
        self.differences.append("%s: %s, ours is %s at %d-%d, line %d" % (
            what, theirs, self.words.classes[ours[trees.CLASS]], ours[trees.START],
            ours[trees.END], ours[trees.START_LINE]))

    def span(self, node, number):
        ours = self.tree.nodes[number]
        start, start_column = self.places.place(node.lineno, node.col_offset)
        end, end_column = self.places.place(node.end_lineno, node.end_col_offset)
        theirs = (start, end, node.lineno, start_column, node.end_lineno, end_column)
        if theirs != ours[trees.START:trees.END_COLUMN + 1]:
            self.differ("span of " + type(node).__name__, theirs, number)

    def name(self, node, number):
        """The identifier, where the class carries one (dotted names apart from blanks)."""
        field = NAME_FIELDS.get(type(node).__name__)
        if field is not None and getattr(node, field) != self.tree.name(self.tree.nodes[number]):
            self.differ("name " + str(getattr(node, field)),
                        self.tree.name(self.tree.nodes[number]), number)

    def children(self, node):
        """(field number, order, child) of ast; text stands for an Identifier of ours."""
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.expr_context):
                continue
            if VERSION == (3, 12) and isinstance(node, ast.JoinedStr):
                # That version's ast, and no other, has empty pieces.
                value = [v for v in value if not (isinstance(v, ast.Constant) and v.value == "")]
            if isinstance(value, ast.AST):
                yield self.words.field_number[field], 0, value
            elif isinstance(value, list):
                is_text = (type(node).__name__, field) in TEXT_LISTS
                for order, item in enumerate(value):
                    if isinstance(item, ast.AST) or is_text:
                        yield self.words.field_number[field], order, item

    def node(self, node, number, is_placed):
        ours = self.tree.nodes[number]
        class_name = "Identifier" if isinstance(node, str) else type(node).__name__
        self.n_nodes += 1
        if self.words.classes[ours[trees.CLASS]] != class_name:
            self.differ("class " + class_name, "", number)
            return False
        if isinstance(node, str):
            if node != self.tree.name(ours):
                self.differ("name " + node, self.tree.name(ours), number)
            return False
        context = getattr(node, "ctx", None)
        if ours[trees.CONTEXT] != (NONE if context is None else CONTEXTS[type(context).__name__]):
            self.differ("context of " + class_name, ours[trees.CONTEXT], number)
        if is_placed and hasattr(node, "lineno") and class_name not in PLACELESS:
            self.span(node, number)
        self.name(node, number)
        return True

    def run(self, root):
        todo = [(root, 0, True)]
        while todo:
            node, number, is_placed = todo.pop()
            if not self.node(node, number, is_placed):
                continue
            if VERSION < (3, 12) and isinstance(node, ast.JoinedStr):
                is_placed = False
            left = dict(self.below[number])
            for field, order, child in self.children(node):
                below = left.pop((field, order), None)
                if below is None:
                    self.differ("no %s[%d] of" % (self.words.fields[field], order),
                                type(node).__name__, number)
                else:
                    todo.append((child, below, is_placed))
            for below in left.values():
                self.differ("not in ast, below", type(node).__name__, below)
        return self.differences


def exception_of(refusal):
    text = "%s (%s)" % (refusal, getattr(refusal, "text", ""))
    for version, pattern, why in EXCEPTIONS:
        if VERSION < version and re.search(pattern, text):
            return why
    return None


class Run:
    def __init__(self, words):
        self.words = words
        self.counts = collections.Counter()
        self.excepted = collections.Counter()
        self.differences = []
        self.failed = set()

    def report(self, name, what):
        self.failed.add(name)
        self.differences.append("%s: %s" % (name, what))

    def refused(self, name, tree, refusal):
        self.counts["refused"] += 1
        lines = {error[trees.E_LINE] for error in tree.errors}
        is_same = bool(lines) and (not isinstance(refusal, SyntaxError) or not refusal.lineno or
                                   refusal.lineno in lines)
        if is_same:
            return
        why = exception_of(refusal)
        if why is not None:
            self.excepted[why] += 1
        elif not lines:
            self.report(name, "CPython refuses it, we do not: %r" % refusal)
        else:
            self.report(name, "we say line %s, CPython: %r" % (sorted(lines)[:5], refusal))

    def one(self, name, source, tree):
        try:
            root = ast.parse(source)
        except (SyntaxError, ValueError) as refusal:
            self.refused(name, tree, refusal)
            return
        except (RecursionError, MemoryError):
            self.counts["over CPython's own limits"] += 1
            return
        self.counts["parsed"] += 1
        if tree.errors:
            for versions, pattern, why in ACCEPTED:
                if VERSION in versions and re.search(pattern, source):
                    self.excepted[why] += 1
                    return
            error = tree.errors[0]
            self.report(name, "CPython parses it, we say line %d: %s" % (
                error[trees.E_LINE], tree.message(error)))
            return
        comparison = Comparison(self.words, tree, source)
        for difference in comparison.run(root)[:5]:
            self.report(name, difference)
        self.counts["nodes"] += comparison.n_nodes

    def all(self, named_trees):
        for name, source, tree in named_trees:
            self.one(name, source, tree)

    def end(self):
        """The report; the exit code."""
        for difference in self.differences[:MOST_SHOWN]:
            print("not ok - " + difference)
        for why, count in sorted(self.excepted.items()):
            print("%d left out: %s" % (count, why))
        print("CPython %d.%d: %s" % (VERSION + (", ".join(
            "%d %s" % (count, what) for what, count in sorted(self.counts.items())),)))
        print("%d passed, %d failed" % (
            self.counts["parsed"] + self.counts["refused"] - len(self.failed), len(self.failed)))
        return 1 if self.failed else 0


def files_below(directory):
    for path, folders, names in os.walk(directory):
        folders[:] = sorted(f for f in folders if f not in ("site-packages", "dist-packages"))
        for name in sorted(names):
            file = os.path.join(path, name)
            if name.endswith(".py") and os.path.isfile(file) and not os.path.islink(file):
                yield file


def read(files):
    for file in files:
        with open(file, "rb") as stream:
            yield file, stream.read()


def corpus(arguments):
    if arguments:
        yield from read(arguments)
        return
    stdlib = sysconfig.get_path("stdlib")
    yield from read(files_below(stdlib))
    yield from snippets.snippets(stdlib)
    for directory in filter(None, os.environ.get("RS_CORPUS", "").split(os.pathsep)):
        yield from read(files_below(directory))


def live(corpus):
    waiting = collections.deque()

    def sources():
        for name, source in corpus:
            waiting.append((name, source))
            yield source

    for tree in trees.dump(sources()):
        yield waiting.popleft() + (tree,)


def record(directory, corpus):
    pairs = list(corpus)
    with open(os.path.join(directory, "corpus"), "wb") as stream:
        marshal.dump(pairs, stream, 2)
    with open(os.path.join(directory, "trees"), "wb") as stream:
        trees.record((source for _, source in pairs), stream)
    with open(os.path.join(directory, "names"), "wb") as stream:
        stream.write(trees.names())


def replay(directory):
    with open(os.path.join(directory, "corpus"), "rb") as stream:
        pairs = marshal.load(stream)
    with open(os.path.join(directory, "trees"), "rb") as stream:
        for name, source in pairs:
            yield name, source, trees.read_tree(stream)


def main(arguments):
    if VERSION < (3, 9):
        sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, "invariants"))
        from harness import OTHER_INPUT, skip
        skip(OTHER_INPUT, "the classes that ast has since 3.9")
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100000)
    if arguments[:1] == ["--record"]:
        record(arguments[1], corpus(arguments[2:]))
        return 0
    if arguments[:1] == ["--replay"]:
        with open(os.path.join(arguments[1], "names"), "rb") as stream:
            run = Run(trees.Words(stream.read()))
        run.all(replay(arguments[1]))
    else:
        run = Run(trees.Words(trees.names()))
        run.all(live(corpus(arguments)))
    return run.end()


def with_room(function):
    """ast recurses: a stack that is large enough for what CPython itself parses."""
    result = []
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=lambda: result.append(function()))
    thread.start()
    thread.join()
    return result[0] if result else 1


if __name__ == "__main__":
    sys.exit(with_room(lambda: main(sys.argv[1:])))
