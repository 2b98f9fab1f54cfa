#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flow_oracle.py [FILE or DIRECTORY ...] - control flow and definitions, compared with bytecode.

The oracle is bytecode_oracle.py under a Python 3.11: it compiles and never runs. Without paths, the
files are a subset of that Python's own standard library, or all of it with RS_CORPUS=full. What may
differ is listed in CLASSES; the shares that must be equal in FLOORS.

Lines: which line can follow which, as the compiler's line table has them. Definitions: for each
read of a variable in its own scope, the places that may have given the value.
"""
import collections
import json
import os
import subprocess
import sys
import tokenize

from scope_oracle import HERE, OTHER_INPUT, files_of, library, python, skip

SHOWN = 20
SUBSET = 12  # every 12th file of the standard library, unless RS_CORPUS=full
# Elements that the compiler makes no instruction for, or folds into others.
SILENT = {"BoolOp", "IfExp", "NamedExpr", "Starred", "Slice", "MatchStar"}
EXCEPTIONAL = {"exception", "raise", "reraise"}
CLASSES = {
    "first line": "what the compiler puts on the line of `def`: an implicit return of an empty body, "
                  "and the text of a %-format that it turns into an f-string",
    "end of an except or finally body": "the compiler's own clean-up behind the body has its last "
                                        "line, whatever ran before",
    "reraise": "an exception goes on; the compiler's instructions for that have no line, and the oracle "
               "takes the next line for one that follows",
    "docstring": "reads of __doc__, which a docstring sets; no name stands there",
    "extra edge": "ours alone: lines whose instructions the compiler folds or threads away",
}
# The least share that must agree.
SHARES = [(.999, "functions", "functions, by statements"),
          (.95, "functions", "functions, by lines"),
          (.998, "branching lines", "branching lines, all ways"),
          (.999, "reads", "reads equal")]


class File:
    def __init__(self, path):
        self.path = path
        self.error = False
        self.scopes = {}
        self.nodes = []
        self.blocks = {}
        self.events = {}
        self.bindings = {}
        self.reach = collections.defaultdict(set)
        self.above = {"dominator": {}, "post_dominator": {}}
        self.control = set()
        self.refused = []

    def size(self, n):
        """Nodes in the subtree."""
        end = n + 1
        while end < len(self.nodes) and self.nodes[end].parent >= n:
            end += 1
        return end - n


Node = collections.namedtuple("Node", "parent ast_class field start end line end_line")


class Block:
    def __init__(self, scope, kind, is_live):
        self.scope, self.kind, self.is_live = scope, kind, is_live
        self.elements, self.edges = [], []


def read_ours(lines):
    file = None
    for text in lines:
        row = text.rstrip("\n").split("\t")
        kind = row[0]
        if kind == "file":
            if file:
                yield file
            file = File(row[1])
            file.error = row[2] != "0"
        elif kind == "node":
            file.nodes.append(Node(int(row[1]), row[2], row[3], *map(int, row[4:])))
        elif kind == "scope":
            file.scopes[int(row[1])] = (int(row[2]), row[3], row[4])
        elif kind == "block":
            file.blocks[int(row[1])] = Block(int(row[2]), row[3], row[4] == "1")
        elif kind == "element":
            file.blocks[int(row[1])].elements.append((int(row[2]), row[3], row[4] == "1"))
        elif kind == "edge":
            file.blocks[int(row[1])].edges.append((int(row[2]), row[3]))
        elif kind in ("dominator", "post_dominator"):
            file.above[kind][int(row[1])] = int(row[2])
        elif kind == "control":
            file.control.add((int(row[1]), int(row[2])))
        elif kind == "diagnostic":
            file.refused.append(int(row[1]))
        elif kind == "event":
            file.events[int(row[1])] = (int(row[2]), row[3], int(row[4]), int(row[5]),
                                        row[6] == "1", row[7] == "1")
        elif kind == "reach":
            file.reach[int(row[1])].add(int(row[2]))
        elif kind == "binding":
            file.bindings[int(row[1])] = row[3]
    if file:
        yield file


def read_oracle(lines):
    file = None
    for text in lines:
        record = json.loads(text)
        if record["k"] == "file":
            if file:
                yield file
            file = {"path": record["file"], "error": record["error"], "cfg": [], "use": []}
        else:
            file[record["k"]].append(record)
    if file:
        yield file


# --- lines ---

def children(file, n):
    """The children of a node in the order of the source."""
    return [c for c in file.below.get(n, ())]


def element_line(file, n, action):
    """The line that the compiler gives what is done at a node."""
    node = file.nodes[n]
    if node.ast_class == "alias":
        return file.nodes[node.parent].line
    if node.ast_class == "Attribute":
        return node.end_line
    if node.ast_class == "Call":
        callee = file.nodes[n + 1]
        if callee.ast_class == "Attribute":
            return callee.end_line
    if node.ast_class == "withitem":
        if action == "exit":
            return file.nodes[node.parent].line
        return file.nodes[n + 1].line
    if node.ast_class == "comprehension":
        return file.nodes[node.parent].line
    return node.line


def first_line(file, n):
    lines = [file.nodes[n].line]
    lines += [file.nodes[c].line for c in file.below.get(n, ())
              if file.nodes[c].field == "decorator_list"]
    return min(lines)


def is_folded(file, n):
    """Part of a display of constants, which the compiler loads as one; or a key of a dict."""
    while n > 0:
        parent = file.nodes[n].parent
        holder = file.nodes[parent].ast_class
        if holder not in ("Tuple", "List", "Set", "Dict", "UnaryOp", "BinOp"):
            return False
        if holder in ("Tuple", "UnaryOp", "BinOp") and is_constant(file, parent):
            return True
        if holder in ("List", "Set") and len(file.below[parent]) > 2 and all(
                is_constant(file, c) for c in file.below[parent]):
            return True
        if holder == "Dict" and file.nodes[n].field == "keys":
            keys = [c for c in file.below[parent] if file.nodes[c].field == "keys"]
            return len(keys) > 1 and all(is_constant(file, c) for c in keys)
        n = parent
    return False


def is_constant(file, n):
    if n not in file.constant:
        node = file.nodes[n]
        file.constant[n] = node.ast_class == "Constant" or (
            node.ast_class in ("Tuple", "UnaryOp", "BinOp") and all(
                is_constant(file, c) for c in file.below.get(n, ())
                if file.nodes[c].field not in ("op",)))
    return file.constant[n]


def is_listed(file, n, action):
    node = file.nodes[n]
    if node.ast_class in SILENT:
        return False
    if action == "store" and node.ast_class == "arg":
        return False
    if action == "delete" and node.ast_class == "ExceptHandler":
        return False
    return action != "eval" or not is_folded(file, n)


def in_condition(file, n):
    """The compiler makes nothing but jumps of the expression."""
    node = file.nodes[n]
    holder = file.nodes[node.parent].ast_class
    if node.field in ("test", "guard", "ifs"):
        return True
    if holder in ("BoolOp", "UnaryOp") or (holder == "IfExp" and node.field != "test"):
        if holder == "UnaryOp" and file.nodes[node.parent + 1].ast_class != "Not":
            return False
        return in_condition(file, node.parent)
    return False


def jump_line(file, n):
    """The line of the jump that asks for the truth of an expression; None where there is none."""
    node = file.nodes[n]
    holder = file.nodes[node.parent]
    if in_condition(file, n) or (node.ast_class == "Compare" and len(file.below[n]) > 3):
        return node.line
    return holder.line if holder.ast_class == "BoolOp" else None


def element_lines(file, block):
    """The lines of a block, one an element or more."""
    found = []
    for n, action, _ in block.elements:
        if not is_listed(file, n, action):
            continue
        node = file.nodes[n]
        line = element_line(file, n, action)
        if node.ast_class in ("ListComp", "SetComp", "DictComp", "GeneratorExp") \
                and action == "eval":
            end = n + file.size(n)
            at = len(found)
            while at > 0 and n < found[at - 1][1] < end:
                at -= 1
            found.insert(at, (line, n))  # its function is made first
        if node.ast_class in ("FunctionDef", "AsyncFunctionDef", "ClassDef"):
            decorators = [file.nodes[c].line for c in file.below[n]
                          if file.nodes[c].field == "decorator_list"]
            found += [(at, n) for at in [line] + decorators[::-1]]
        found.append((line, n))
    if block.elements and {"true", "false"} & {kind for _, kind in block.edges}:
        n, action, _ = block.elements[-1]
        asked = jump_line(file, n) if action == "eval" else None
        if asked is not None and len({to for to, _ in block.edges}) > 1:
            found.append((asked, n))
    return [line for line, _ in found]


def scope_lines(file, blocks):
    """Line edges of a scope: normal ones, and from a raising line to a handler's."""
    lines = {}
    for number in blocks:
        block = file.blocks[number]
        lines[number] = element_lines(file, block)
        node, scope_kind, _ = file.scopes[block.scope]
        if scope_kind == "lambda" and "return" in {kind for _, kind in block.edges}:
            lines[number].append(file.nodes[node].line)  # returns the value
        if block.kind == "entry" and scope_kind == "class":
            lines[number].insert(0, first_line(file, node))  # sets __module__ and __qualname__
        if block.kind == "entry" and scope_kind in ("listcomp", "setcomp", "dictcomp"):
            lines[number].insert(0, file.nodes[node].line)  # makes the empty list
    def first_of(number, with_raised):
        """Lines that a block starts with, through empty ones; -1 for the exit."""
        found, seen, todo = set(), set(), [number]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if file.blocks[at].kind == "exit":
                found.add(-1)
            elif lines[at]:
                found.add(lines[at][0])
            else:
                todo += [to for to, kind in file.blocks[at].edges
                         if with_raised or kind not in EXCEPTIONAL]
        return found

    edges, raised, live = set(), set(), set()
    for number in blocks:
        block = file.blocks[number]
        if not block.is_live:
            continue
        live.update(lines[number])
        edges.update((a, b) for a, b in zip(lines[number], lines[number][1:]) if a != b)
        for to, kind in block.edges:
            sources = lines[number][-1:]
            if kind in EXCEPTIONAL:
                sources = [element_line(file, n, action)
                           for n, action, raises in block.elements if raises]
            raised.update((a, b) for a in sources for b in first_of(to, True))
            for a in sources:
                for b in first_of(to, kind in EXCEPTIONAL):
                    if kind in EXCEPTIONAL:
                        raised.add((a, b))
                        continue
                    if a != b or kind in ("loop_back", "continue"):
                        edges.add((a, b))
    return edges, raised, live


def statements(file):
    """line -> first line of the innermost statement or clause that it is part of."""
    place = {}
    for n, node in enumerate(file.nodes):
        if n and node.field in ("body", "orelse", "finalbody", "handlers", "cases") \
                and file.nodes[node.parent].ast_class not in ("Lambda", "IfExp"):
            for line in range(first_line(file, n), node.end_line + 1):
                place[line] = first_line(file, n)
    return place


def folded(edges, place):
    """Edges between statements."""
    found = {(place.get(a, a), place.get(b, b)) for a, b in edges}
    return {(a, b) for a, b in found if a != b}


def code_of(file):
    """(qualname, first line) -> numbers of scopes, in order."""
    found = collections.defaultdict(list)
    for number, (node, kind, qualname) in file.scopes.items():
        if kind in ("annotation", "type_parameters", "type_variable", "type_alias"):
            continue
        if kind == "module":
            key = ("<module>", None)
        else:
            key = (qualname, first_line(file, node))
        found[key].append(number)
    return found


def excuse(file, record, edge, raised):
    """Why an edge of the compiler's is not ours, or None."""
    if edge[0] == record["firstlineno"] or edge[0] == 0:
        return "first line"
    if any(first <= edge[0] <= last and edge[1] == end for first, last, end in file.finals):
        return "end of an except or finally body"
    return "reraise" if edge in raised else None


def final_bodies(file, of_statement):
    """(first line, last line, last statement's line) of finally bodies, and of except clauses."""
    found = []
    for n, node in enumerate(file.nodes):
        lines = []
        if node.ast_class == "ExceptHandler":
            lines = [(node.line, node.end_line)]
        if node.ast_class in ("Try", "TryStar"):
            lines = [(file.nodes[c].line, file.nodes[c].end_line) for c in file.below[n]
                     if file.nodes[c].field == "finalbody"]
        if lines:
            last = lines[-1][1]
            found.append((lines[0][0], last, of_statement.get(last, last)))
    return found


def compare_cfg(want, file, counts, classes):
    blocks = collections.defaultdict(list)
    for number, block in file.blocks.items():
        blocks[block.scope].append(number)
    codes = code_of(file)
    used = collections.Counter()
    of_statement = statements(file)
    file.finals = final_bodies(file, of_statement)
    for record in want["cfg"]:
        key = ("<module>", None) if record["qual"] == "<module>" else (record["qual"],
                                                                       record["firstlineno"])
        place = used[key]
        used[key] += 1
        if place >= len(codes.get(key, ())):
            yield "no code %s" % (key,)
            counts["functions"] += 1
            continue
        edges, raised, live = scope_lines(file, blocks[codes[key][place]])
        counts["functions"] += 1
        raised = folded(raised, of_statement)
        counts["functions, by lines"] += {tuple(e) for e in record["edges"]} <= edges
        theirs = folded(map(tuple, record["edges"]), of_statement)
        edges = folded(edges, of_statement)
        missing = set()
        for edge in theirs - edges:
            what = excuse(file, record, edge, raised)
            if what:
                classes[what] += 1
            else:
                missing.add(edge)
        live = {of_statement.get(line, line) for line in live}
        lines = {of_statement.get(line, line) for line in record["lines"]}
        counts["functions, by statements"] += not missing
        counts["functions, by statements, no class needed"] += theirs <= edges
        counts["lines"] += len(lines)
        counts["edges"] += len(theirs)
        branches = [a for a in record["branch"] if of_statement.get(a, a) == a]
        counts["branching lines"] += len(branches)
        both = [a for a in branches if len({b for c, b in theirs if c == a}) <=
                len({b for c, b in edges if c == a})]
        counts["branching lines, all ways"] += len(both)
        counts["lines that the compiler drops, live here"] += len(live - lines)
        classes["extra edge"] += len(edges - theirs)
        lost = {tuple(e) for e in record["exc"]}
        lost = folded(lost, of_statement) - raised
        classes["end of an except or finally body"] += len(lost)
        if missing or live - lines:
            yield "%s line %d: missing %s, dead %s" % (
                record["qual"], record["firstlineno"], sorted(missing)[:6],
                sorted(live - lines)[:6])


# --- definitions ---

def recoding(path):
    """Raw offsets as the oracle counts them: in the text as UTF-8."""
    with open(path, "rb") as source:
        encoding = tokenize.detect_encoding(source.readline)[0]
    if encoding in ("utf-8", "utf-8-sig"):
        return lambda at: at
    with open(path, "rb") as source:
        raw = source.read()
    return lambda at: len(raw[:at].decode(encoding, "replace").encode("utf-8"))


def definition_span(file, n):
    """What the compiler may give as the place of a definition: for a capture, all of the pattern."""
    while file.nodes[n].ast_class.startswith("Match") and \
            file.nodes[file.nodes[n].parent].ast_class.startswith("Match"):
        if file.nodes[file.nodes[n].parent].ast_class == "Match":
            break
        n = file.nodes[n].parent
    return file.nodes[n].start, file.nodes[n].end


def compare_reads(want, file, counts, classes):
    uses = {}
    place = recoding(file.path)
    for number, (n, kind, binding, block, own, unbound) in file.events.items():
        if kind == "use" and own:
            node = file.nodes[n]
            uses[place(node.start), place(node.end), file.bindings[binding]] = number
    for record in want["use"]:
        counts["reads"] += 1
        key = (record["use"][0], record["use"][1], record["var"])
        if key not in uses and record["var"] == "__doc__":
            classes["docstring"] += 1
            continue
        if key not in uses:
            yield "no use %s line %d" % (record["var"], record["line"])
            continue
        event = uses[key]
        ours = set()
        for definition in file.reach[event]:
            n = file.events[definition][0]
            start, end = definition_span(file, n)
            ours.add((place(start), place(end), file.nodes[n].ast_class, n))
        left, theirs = set(ours), 0
        missing = []
        for definition in sorted(record["defs"], key=lambda d: d["how"] == "stmt"):
            if definition["how"] == "param":
                found = {d for d in left if d[2] == "arg"}
            elif definition["span"] is None:
                found = set()
            else:
                start, end = definition["span"]
                found = {d for d in left if start <= d[0] and d[1] <= end} or {
                    d for d in left if d[0] <= start and end <= d[1]}
            left -= found
            if not found:
                missing.append(definition)
        unbound = file.events[event][5]
        if not missing and not left and unbound == record["maybe_unbound"]:
            counts["reads equal"] += 1
        elif not left and all(d["how"] == "stmt" and record["var"] == "__doc__" for d in missing):
            classes["docstring"] += 1
        else:
            yield "%s line %d: missing %s extra %s unbound %s %s" % (
                record["var"], record["line"], [(d["how"], d["line"]) for d in missing][:4],
                sorted(left)[:4], record["maybe_unbound"], unbound)


def run(command, paths):
    name = os.path.join(os.environ["RS_BINARY_DIR"], "flow-%d.paths" % os.getpid())
    with open(name, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write("".join(path + "\n" for path in paths))
    with open(name, encoding="utf-8", errors="surrogateescape") as source:
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, encoding="utf-8",
                                   errors="surrogateescape",
                                   env=dict(os.environ, PYTHONHASHSEED="0"))
    os.remove(name)
    return process.stdout


def main():
    oracle = os.path.join(HERE, "bytecode_oracle.py")
    interpreter = python()
    if interpreter is None:
        skip(OTHER_INPUT, "what Python 3.11 says")
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "flow_probe")
    files = list(files_of(sys.argv[1:] or [library(interpreter)]))
    if not sys.argv[1:] and os.environ.get("RS_CORPUS") != "full":
        files = files[::SUBSET]
    counts, classes = collections.Counter(), collections.Counter()
    theirs = read_oracle(run([interpreter, oracle, "--cfg", "--defuse", "-"], files))
    n_shown = 0
    for want, got in zip(theirs, read_ours(run([probe], files))):
        if want["path"] != got.path:
            raise SystemExit("%s is not %s" % (got.path, want["path"]))
        if want["error"]:
            counts["files refused"] += 1
            continue
        got.below = collections.defaultdict(list)
        for n, node in enumerate(got.nodes):
            got.below[node.parent].append(n)
        got.constant = {}
        counts["files"] += 1
        for compare in (compare_cfg, compare_reads):
            for difference in compare(want, got, counts, classes):
                n_shown += 1
                if n_shown <= SHOWN:
                    print("%s: %s" % (want["path"], difference))
    return report(counts, classes)


def report(counts, classes):
    for what, n in sorted(counts.items()):
        print("%8d %s" % (n, what))
    for what, n in sorted(classes.items()):
        print("%8d %s: %s" % (n, what, CLASSES[what]))
    status = 0 if counts["files"] else 1
    for what, whole, part in SHARES:
        share = counts[part] / counts[whole] if counts[whole] else 0
        print("%8.3f %% %s, of %d %s" % (100 * share, part, counts[whole], whole))
        status |= share < what
    return status


if __name__ == "__main__":
    sys.exit(main())
