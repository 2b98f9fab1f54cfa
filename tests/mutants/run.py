#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - tools/mutate-rows finds the assignments to rows, all of them, and can leave one out."""

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import SOURCE, Scratch, Tap  # noqa: E402

LOADER = SourceFileLoader("mutate_rows", str(SOURCE / "tools/mutate-rows"))
mutate_rows = module_from_spec(spec_from_loader("mutate_rows", LOADER))
LOADER.exec_module(mutate_rows)

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


def check_forms(tap):
    columns = mutate_rows.fields()
    text = mutate_rows.blanked(SAMPLE)
    found = [SAMPLE[a:b] for a, b in mutate_rows.places(text, columns, set(), True)]
    tap.ok(found == WANT, "every form of an assignment is found, and nothing else", "\n".join(found))


def check_all_columns(tap):
    """What evidence.def has a field for, somebody writes."""
    written = set()
    for path, at, _, text in mutate_rows.sites():
        match = mutate_rows.STATEMENT.match(";" + path.read_text()[at:])
        written.add(match.group("field") if match else text)
    missing = sorted(mutate_rows.fields() - written)
    tap.ok(not missing, "each column's assignment is found", " ".join(missing))
    tap.ok(len(written) > 100, "there are many", str(len(written)))


def check_switch(tap):
    """A program whose second assignment is left out."""
    with Scratch() as scratch:
        (scratch / "base").mkdir()
        places = mutate_rows.places(PROGRAM, mutate_rows.fields(), {"row"}, False)
        numbered = [(at, number) for number, (at, _) in enumerate(places)]
        (scratch / "base/mutant.h").write_text(mutate_rows.HEADER)
        (scratch / "mutant.c").write_text(mutate_rows.SOURCE % len(places))
        (scratch / "main.c").write_text(mutate_rows.instrumented(PROGRAM, numbered))
        subprocess.run(["cc", "-D_POSIX_C_SOURCE=200809L", "-I", scratch, "-o", scratch / "program",
                        scratch / "main.c", scratch / "mutant.c"], check=True)
        said = [subprocess.run([scratch / "program"], env={"RS_MUTANT": number, "RS_MUTANT_SEEN": str(scratch / "base")},
                               stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout for number in ("-1", "0", "1")]
        tap.ok(said == ["1 2\n", "0 2\n", "1 0\n"], "an assignment is left out when told so", repr(said))
        seen = [p for p in (scratch / "base").iterdir() if p.name != "mutant.h"]
        tap.ok(len(seen) == 3 and all(p.read_bytes() == b"\1\1" for p in seen), "what is reached is noted")


def main():
    tap = Tap()
    check_forms(tap)
    check_all_columns(tap)
    check_switch(tap)
    tap.finish()


main()
