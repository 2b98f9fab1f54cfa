#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py - what a person sees who sits at a terminal: lines that fit its width."""

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, PROGRAM, Scratch, Tap, build, relspec, small_tree, some  # noqa: E402

WIDE = ("SELECT 'a' AS tiny, repeat('long ', 40) AS long, 1234567890123456789 AS id, "
        "repeat('x', 30) AS last")


def at_terminal(n_columns, *args, env=None):
    """What the program writes to a terminal of that width."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, n_columns, 0, 0))
        os.environ.update({"TERM": "xterm", "NO_COLOR": "1", **(env or {})})
        os.execv(PROGRAM, [PROGRAM, *map(str, args)])
    written = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        written += read
    os.waitpid(pid, 0)
    os.close(terminal)
    return written.decode()


def widths(text):
    return [len(line) for line in text.replace("\r", "").splitlines()]


def tables(tap, bundle):
    for n_columns in some((20, 40, 80)):
        text = at_terminal(n_columns, "query", "-q", bundle, WIDE)
        tap.ok(max(widths(text)) <= n_columns, "a table fits %d columns" % n_columns, text)
    if not IS_FULL:
        return
    text = at_terminal(80, "query", "-q", bundle, WIDE)
    tap.ok("1234567890123456789" in text and "…" in text, "texts are cut, numbers are not", text)
    text = at_terminal(30, "query", "-q", bundle, WIDE)
    tap.ok(re.search(r"\+[12] columns", text), "what finds no place is counted", text)
    text = at_terminal(400, "query", "-q", bundle, WIDE)
    tap.ok("…" not in text and max(widths(text)) > 200, "what fits is whole", text)
    text = at_terminal(20, "query", "-q", bundle, WIDE, env={"COLUMNS": "400"})
    tap.ok("…" not in text, "COLUMNS is obeyed", text)
    text = at_terminal(40, "query", "-q", "--limit", "0", bundle,
                       "SELECT CASE WHEN i = 1500 THEN repeat('y', 90) ELSE 'é' END AS name, i "
                       "FROM range(1600) t(i)")
    tap.ok(max(widths(text)) <= 40 and "yyy…" in text, "late rows are cut as well", text[-400:])
    piped = relspec("query", "-q", bundle, WIDE).stdout
    tap.ok("…" not in piped and max(widths(piped)) > 200, "a pipe gets all", piped)


def progress(tap, scratch):
    tree = small_tree(scratch / "src")
    for n_columns in some((30, 200)):
        text = at_terminal(n_columns, "build", tree, "-o", scratch / "out", "--run", "p")
        drawn = re.findall(r"\r\x1b\[K([^\r\n]+\[[#.][^\r\n]+)", text)
        tap.ok(drawn and max(map(len, drawn)) < n_columns,
               "the progress bar fits %d columns" % n_columns, repr(text[:2000]))
        kinds = re.findall(r"\n(  [A-Z_]+ +[0-9,]+.*)\r", text)
        tap.ok(kinds and max(map(len, kinds)) <= max(n_columns, 34), "so do counts of kinds", kinds)


def main():
    tap = Tap()
    with Scratch() as scratch:
        tables(tap, build(small_tree(scratch / "tree"), scratch / "out"))
        progress(tap, scratch)
    tap.finish()


main()
