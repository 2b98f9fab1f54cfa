#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""element_dominance.py - which elements have run whenever another starts: `n_passed` of dominators, and
the view element_dominators, against paths through the elements themselves, on random programs; and that
all copies of an event are found."""

import collections
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import IS_FULL, Scratch, Tap, build, query, write_tree  # noqa: E402

BLOCKS = ["if a():", "while b():", "for x in c():", "try:", "with d() as y:", "match e():"]
LINES = ["f()", "x = g()", "y = x, h()", "z = 1", "pass", "assert i(), j()", "del z", "x = k() or m()"]
ENDS = ["return n()", "raise o()", "break", "continue"]


def body(chosen, depth, in_loop):
    out = []
    for _ in range(chosen.randint(1, 3)):
        out += statement(chosen, depth, in_loop)
    if chosen.random() < 0.2:
        out.append(chosen.choice(ENDS if in_loop else ENDS[:2]))
    return ["  " + line for line in out]


def statement(chosen, depth, in_loop):
    if depth == 0 or chosen.random() < 0.4:
        return [chosen.choice(LINES)]
    head = chosen.choice(BLOCKS)
    if head.startswith("match"):
        return [head, "  case [u, v]:"] + ["  " + s for s in body(chosen, depth - 1, in_loop)]
    loops = in_loop or head.startswith(("while", "for"))
    out = [head] + body(chosen, depth - 1, loops)
    if head == "try:":
        kinds = chosen.choice([["except p():"], ["except p() as q:", "except:"], ["finally:"],
                               ["except:", "else:"], ["except p():", "finally:"]])
        for kind in kinds:
            out += [kind] + body(chosen, depth - 1, in_loop)
    elif chosen.random() < 0.3 and not head.startswith("with"):
        out += ["else:"] + body(chosen, depth - 1, in_loop)
    return out


def program(seed, n):
    chosen = random.Random(seed)
    return "".join("def f%d():\n%s\n" % (i, "\n".join(body(chosen, 3, False))) for i in range(n))


EXCEPTIONAL = {"exception", "raise", "reraise"}


def before_starts(elements, edges, entry):
    """What has run whenever a block starts: by an iteration over sets, from all down."""
    into = collections.defaultdict(list)
    for src, dst, kind in edges:
        into[dst].append((src, kind in EXCEPTIONAL))
    blocks = {entry} | {b for e in edges for b in e[:2]}
    every = {(b, p) for b in blocks for p in range(len(elements[b]))}
    have = {b: set(every) for b in blocks}
    have[entry] = set()
    changed = True
    while changed:
        changed = False
        for block in blocks - {entry}:
            found = None
            for src, is_exceptional in into[block]:
                ends = [p for p, may in enumerate(elements[src]) if may] if is_exceptional else [len(elements[src])]
                for end in ends or [len(elements[src])]:
                    way = have[src] | {(src, p) for p in range(end)}
                    found = way if found is None else found & way
            found = have[block] if found is None else found
            if found != have[block]:
                have[block], changed = found, True
    return have


def main():
    tap = Tap()
    n_programs, n_functions = (40, 12) if IS_FULL else (4, 12)
    with Scratch() as scratch:
        files = {"m%d.py" % i: program(i, n_functions) for i in range(n_programs)}
        files["deep.py"] = "def f():\n" + "".join("  try: g%d()\n  except: h()\n" % i for i in range(300))
        tree = scratch / "tree"
        tree.mkdir()
        write_tree(tree, files)
        bundle = build(tree, scratch)
        elements, scopes = collections.defaultdict(list), collections.defaultdict(list)
        for row in query(bundle, "SELECT block_id, scope_id, block_kind FROM cfg_blocks WHERE is_live ORDER BY block_id"):
            scopes[int(row["scope_id"])].append((int(row["block_id"]), row["block_kind"]))
        for row in query(bundle, "SELECT block_id, may_raise FROM cfg_elements ORDER BY block_id, position"):
            elements[int(row["block_id"])].append(row["may_raise"])
        edges = collections.defaultdict(list)
        for row in query(bundle, "SELECT scope_id, src_block_id, dst_block_id, e.kind FROM cfg_edges e JOIN cfg_blocks b "
                                 "ON b.block_id = e.src_block_id WHERE b.is_live"):
            edges[int(row["scope_id"])].append((int(row["src_block_id"]), int(row["dst_block_id"]), row["kind"]))
        above = {int(r["block_id"]): (int(r["dominator_id"]), r["n_passed"])
                 for r in query(bundle, "SELECT * FROM dominators")}
        last = {(int(r["block_id"]), r["position"]): (int(r["d"]), r["p"]) for r in query(
            bundle, "SELECT block_id, position, dominator_block_id AS d, dominator_position AS p FROM element_dominators")}
        wrong, wrong_view, n = [], [], 0
        for scope, blocks in scopes.items():
            entry = next(b for b, kind in blocks if kind == "entry")
            have = before_starts(elements, edges[scope], entry)
            for block, _ in blocks:
                ours, at = set(), block
                while at in above:
                    at, n_passed = above[at]
                    ours |= {(at, p) for p in range(n_passed)}
                n += len(ours)
                if ours != have.get(block, set()):
                    wrong.append((block, sorted(ours ^ have[block])[:4]))
                for position in range(len(elements[block])):
                    chain, at = set(), (block, position)
                    while at in last:
                        at = last[at]
                        chain.add(at)
                    if chain != ours | {(block, p) for p in range(position)}:
                        wrong_view.append((block, position))
        tap.ok(n > 1000 and not wrong, "%d times an element has run before a block starts" % n, wrong[:9])
        tap.ok(not wrong_view, "the view leads from each element to those", wrong_view[:9])
        lost = query(bundle, "SELECT count(*) AS n FROM def_use_events e WHERE NOT EXISTS (SELECT 1 FROM event_blocks b "
                             "WHERE b.event_id = e.event_id AND b.block_id = e.block_id)")[0]["n"]
        several = query(bundle, "SELECT count(*) AS n FROM (SELECT event_id FROM event_blocks GROUP BY event_id "
                                "HAVING count(DISTINCT block_id) > 1)")[0]["n"]
        tap.ok(lost == 0 and several > 10, "each event has its first block among its copies, %d have several" % several, lost)
    tap.finish()


main()
