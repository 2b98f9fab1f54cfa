#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - tools/mutate-rows finds the assignments to rows, all of them, and can leave one out;
tools/mutate-code finds each kind of fault, and what it makes of a program is that fault."""

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, SOURCE, Scratch, Tap  # noqa: E402


def loaded(tool):
    name = tool.replace("-", "_")
    loader = SourceFileLoader(name, str(SOURCE / "tools" / tool))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


mutate_rows = loaded("mutate-rows")
mutate_code = loaded("mutate-code")
mutants = sys.modules["mutants"]

# What it has to find ends in "; /* N */", for one N after another.
SAMPLE = """\
RS_VEC_DEFINE(call_rows, rs_calls_row)
static call_rows list;
static rs_calls_row *call_at(int n) { return &list.items[n]; }
#define FILL(row, value) \\
    do { \\
        (row)->call_id = (value); \\
        (row)->callee_id = 0; \\
    } while (0)
static void write_row(rs_calls_row *out, const int *notes, struct other *other)
{
    rs_calls_row row = rs_calls_row_new();
    rs_calls_columns of = rs_calls_columns_of(part);
    row.call_id = notes[1] == 2 ? id_of(3) : /* ; */ 4;
    if (row.call_id == 5) {
        row.has_star = true;
    }
    switch (notes[0]) {
    case 1:
        out->n_keyword++;
        break;
    }
    of.callee_text[notes[0]] = text_of(";");
    rs_calls_columns_of(part).callee_text[0] = 1;
    call_at(notes[0])->damaged |= true;
    list.items[0].n_positional += 1;
    other->call_id = 6;
    notes_are(row.call_id, out->call_id);
    row.no_column = 7;
}
"""
WANT = """\
(row)->call_id = (value);
(row)->callee_id = 0;
row.call_id = notes[1] == 2 ? id_of(3) : /* ; */ 4;
row.has_star = true;
out->n_keyword++;
of.callee_text[notes[0]] = text_of(";");
rs_calls_columns_of(part).callee_text[0] = 1;
call_at(notes[0])->damaged |= true;
list.items[0].n_positional += 1;
""".splitlines()

PROGRAM = """\
#include <stdio.h>
int main(void)
{
    struct { int call_id, callee_id; } row = {0};
    row.call_id = 1;
    row.callee_id = 2;
    printf("%d %d\\n", row.call_id, row.callee_id);
    return 0;
}
"""

FAULTY = """\
#include <stdbool.h>
#include <stdio.h>
static bool result(bool is_true) { if (is_true) return true; return false; }
static int count(int a, int b) { int n = 0;
    for (int i = 0; i != 2; i++) {
%s
    }
    return n;
}
int main(void)
{
    printf("%%d\\n", count(3, 4) + (result(true) ? 0 : 100));
    return 0;
}
"""
# Kind, a statement, what the program prints without and with the fault.
FAULTS = [
    ("negated", "if (a == 3) { n += 5; }", "10", "0"),
    ("boundary", "n += a + 1 < b ? 1 : 2;", "4", "2"),
    ("boundary", "n += a + 1 >= b ? 1 : 2;", "2", "4"),
    ("boundary", "n += a + 1 <= b ? 1 : 2;", "2", "4"),
    ("boundary", "n += b > a + 1 ? 1 : 2;", "4", "2"),
    ("operand", "n += a == 3 && b == 3 ? 1 : 2;", "4", "2"),
    ("operand", "n += a == 4 || b == 4 ? 1 : 2;", "2", "4"),
    ("sign", "n += a + b;", "14", "-2"),
    ("sign", "n += a - b;", "-2", "14"),
    ("off by one", "n += (1);", "2", "4"),
    ("result", "n += ({ bool f(void) { return true; } f(); });", "2", "0"),
    ("result", "n += ({ bool f(void) { return false; } f(); });", "0", "2"),
    ("left out", "n = 7; if (i == 0) { break; } n = 9;", "7", "9"),
    ("left out", "n += 2;", "4", "0"),
]


def check_forms(tap):
    columns = mutate_rows.fields()
    text = mutate_rows.blanked(SAMPLE)
    found = [SAMPLE[a:b] for a, b in mutate_rows.places(text, columns, set(), True)]
    tap.ok(found == WANT, "every form of an assignment is found, and nothing else", "\n".join(found))


def check_all_columns(tap):
    """What evidence.def has a field for, somebody writes."""
    written = set()
    for site in mutate_rows.sites():
        match = mutate_rows.STATEMENT.match(";" + site.path.read_text()[site.start:])
        written.add(match.group("field") if match else site.text)
    missing = sorted(mutate_rows.fields() - written)
    tap.ok(not missing, "each column's assignment is found", " ".join(missing))
    tap.ok(len(written) > 100, "there are many", str(len(written)))


def said_with(scratch, program, sites):
    """What the program prints with no fault in it, then with each."""
    seen = scratch / "base"
    seen.mkdir()
    (seen / "mutant.h").write_text(mutants.HEADER)
    (scratch / "mutant.c").write_text(mutants.SOURCE % len(sites))
    (scratch / "main.c").write_text(mutants.instrumented(program, list(enumerate(sites))))
    subprocess.run(["cc", "-D_POSIX_C_SOURCE=200809L", "-I", scratch, "-o", scratch / "program",
                    scratch / "main.c", scratch / "mutant.c"], check=True)
    said = [subprocess.run([scratch / "program"], env={"RS_MUTANT": str(number), "RS_MUTANT_SEEN": str(seen)},
                           stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
            for number in range(-1, len(sites))]
    return said, [path.read_bytes() for path in seen.iterdir() if path.name != "mutant.h"]


def check_switch(tap):
    """A program whose second assignment is left out."""
    with Scratch() as scratch:
        places = mutate_rows.places(PROGRAM, mutate_rows.fields(), {"row"}, False)
        said, seen = said_with(scratch, PROGRAM, [mutants.Site(SOURCE, at, at, 0, "", "if (!rs_mutant_is(%d)) ")
                                                  for at, _ in places])
        tap.ok(said == ["1 2\n", "0 2\n", "1 0\n"], "an assignment is left out when told so", repr(said))
        tap.ok(len(seen) == 3 and all(content == b"\1\1" for content in seen), "what is reached is noted")


def check_faults(tap):
    """Each kind of fault, alone in a program, changes what it prints as it should."""
    for kind, statement, plain, faulty in FAULTS:
        with Scratch() as scratch:
            program = FAULTY % statement
            path = scratch / "sample.c"
            path.write_text(program)
            sites = [site for site in mutate_code.sites_of(path) if site.line == 6 and site.text.startswith(kind + " ")]
            said = said_with(scratch, program, sites[:1])[0] if sites else []
            tap.ok(said == [plain + "\n", faulty + "\n"], "%s: %s" % (kind, statement), repr(said))
    kinds = {kind for kind, _, _ in mutate_code.KINDS} | {"negated"}
    tap.ok(kinds == {kind for kind, _, _, _ in FAULTS}, "no kind without a sample", " ".join(sorted(kinds)))


def check_draw(tap):
    """The same faults for the same seed, at least ten a room, and no place twice."""
    drawn = []
    for seed in ("1", "1", "2"):
        draws = [mutate_code.Draw(room, seed, n, {}) for room, n in sorted(mutate_code.shares(40).items())]
        for draw in draws:
            draw.take()
        drawn.append([site for draw in draws for site in draw.taken])
        tap.ok(all(len(draw.taken) >= 10 for draw in draws), "each room has its ten")
    few = mutate_code.Draw("parse", "1", 5, {})
    few.take()
    first = few.taken[0]
    of_its_file = mutate_code.occurrences(mutate_code.sites_of(first.path))
    without = mutate_code.Draw("parse", "1", 5, {key for key, site in of_its_file if site == first})
    without.take()
    tap.ok(few.taken[1:] == without.taken[:4], "one fault less leaves the others where they were")
    tap.ok(drawn[0] == drawn[1] and drawn[0] != drawn[2], "a seed names its faults")
    first = drawn[0]
    tap.ok(not any(mutate_code.meets(site, first[:i]) for i, site in enumerate(first)), "none overlaps another")


def check_equivalent(tap):
    """Each fault that is said to change nothing is there, with a reason."""
    known = mutate_code.equivalent()
    keys = {key for files in mutate_code.rooms().values() for path in files
            for key, _ in mutate_code.occurrences(mutate_code.sites_of(path))}
    lost = [fault for fault, reason in known.items() if fault not in keys or not reason]
    tap.ok(not lost, "tests/mutants/equivalent names faults that there are", "\n".join(lost))


def check_named(tap):
    """Each is a place that there is, once; named() ends the test otherwise."""
    tap.ok(len(list(mutate_code.named())) >= 8, "tests/mutants/named names places that there are")


def check_notes(tap):
    """A second run goes on behind the first; with --again it takes what nobody noticed."""
    with Scratch() as scratch:
        notes = mutate_code.Notes(scratch / "notes", False)
        notes.add("one", "a test", "")
        notes.add("two", "", "nobody notices")
        known = [set(mutate_code.Notes(scratch / "notes", again).known) for again in (False, True)]
        tap.ok(known == [{"one", "two"}, {"one"}], "what came out is noted", known)


def check_endless(tap):
    """A test that does not end has noticed its mutant, whether it computes or waits."""
    made = mutants.Mutants("none", [])
    old = mutants.PATIENCE
    mutants.PATIENCE = 2
    for command, passes in (("exit 0", True), ("exit 77", True), ("exit 1", False), ("sleep 60", False),
                            ("while :; do :; done", False)):
        tap.ok(made.run_test((["sh", "-c", command], "/", {}), .2) is passes, command)
    mutants.PATIENCE = old


def main():
    tap = Tap()
    check_forms(tap)
    check_all_columns(tap)
    if IS_FULL:
        for check in (check_switch, check_faults, check_draw, check_equivalent, check_named, check_notes,
                      check_endless):
            check(tap)
    tap.finish()


main()
