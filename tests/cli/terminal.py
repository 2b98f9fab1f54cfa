#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py - what a person sees who sits at a terminal: lines that fit its width."""

import fcntl
import os
import pty
import re
import struct
import subprocess
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


# The first and the last character of each length, those beside them that are none, and what would move a cursor.
PIECES = [b"\x01", b"\x1b[2J", b"\x7f", b"\x80", b"\xbf", b"\xc1\xbf", b"\xc2\x80", b"\xc2\x9f", b"\xc2\xa0",
          b"\xdf\xbf", b"\xe0\x9f\xbf", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf",
          b"\xee\x80\x80", b"\xef\xbf\xbf", b"\xf0\x8f\xbf\xbf", b"\xf0\x90\x80\x80", b"\xf4\x8f\xbf\xbf",
          b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x90", b"\xe2\x80\xae",
          b"\xe2\x80\xaa", b"\xe2\x80\xab", b"\xe2\x81\xa6", b"\xe2\x81\xa9", b"\xe2\x80\xa9"]
MOVES = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def shown(piece):
    """What a person may see of bytes, as Python understands them."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return "".join("\\x%02x" % byte for byte in piece)
    return "".join("\\x%02x" % ord(c) if c < " " or c == "\x7f" else
                   "\\u%04x" % ord(c) if "\x7f" < c < "\xa0" or c in MOVES else c for c in text)


def characters(tap):
    """Alone, and all in one text, wherever a buffer ends."""
    for pieces in [[piece] for piece in PIECES] + [["x".encode() * n] + PIECES for n in range(0, 4)]:
        name = b"|".join(pieces)
        said = subprocess.run([os.fsencode(PROGRAM), name], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL).stderr
        wanted = "no command '%s'" % "|".join(map(shown, pieces))
        tap.ok(wanted in said.decode(), "only characters reach a terminal: %r" % name, said)


def main():
    tap = Tap()
    characters(tap)
    with Scratch() as scratch:
        tables(tap, build(small_tree(scratch / "tree"), scratch / "out"))
        progress(tap, scratch)
    tap.finish()


main()
