#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile.py - what strangers write: shown instead of obeyed, refused instead of awaited, stopped at once.

    shown     no byte that a terminal would obey comes out of a command, whoever wrote it
    everywhere  so it is with every command, over paths, names and texts of that kind
    refused   pipes, devices and links where a file is expected; nothing of what a link points to is told
    keys      a mapping of very many keys
    stopped   an interrupted build, query or check of a bundle ends within half a second of the processor
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import PROGRAM, Scratch, Tap, build, relspec, small_tree, write_tree  # noqa: E402

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
EVIL = "\x1b]52;c;eA==\x07\x9b31m\u202e\x7f"
SECONDS = 0.5  # of the processor, behind the signal


def shown(tap, scratch):
    tree = write_tree(scratch / ("tree" + EVIL.replace("/", "")),
                      {"a%s.py" % EVIL: "import os\nos.getcwd()  # %s\n" % EVIL})
    os.symlink("/nowhere" + EVIL, tree / ("link%s.py" % EVIL))
    packs = write_tree(scratch / "packs", {"p.yaml": "rules:\n- name: x\n  doc: 'd\u202e\u009b'\n  kind: %s\n"
                                           % "no\u202ekind"})
    bundle = build(tree, scratch / "out").resolve()
    sql = "SELECT chr(27) || ']52' AS \"a\x1b[31m\", chr(8238) AS b, chr(155) AS c, chr(127) AS d"
    for args in [["build", tree, "-o", scratch / "again"], ["build", str(tree) + "\x1b[31m"],
                 ["build", tree, "-o", scratch / "json", "--json"],
                 ["why", bundle, "--kind", "CALLS_QNAME"], ["why", bundle, "--kind", "CALLS_QNAME", "--json"],
                 ["why", bundle, "--kind", EVIL.replace("\x00", "")], ["doctor", scratch / ("no" + EVIL)],
                 ["query", bundle, sql], ["query", bundle, "SELECT \x1b[31m"],
                 ["query", bundle, "SELECT path, message FROM repo_diagnostics"],
                 ["rules", "check", packs], ["no\x1b[31m"], ["query", "--no\x1b[31m"]]:
        result = relspec(*args)
        out = result.stdout + result.stderr
        found = OBEYED.search(out)
        tap.ok(not found and out, "%s: no byte that a terminal would obey" % str(args[0:1]), repr(out[:400]))
    text = relspec("query", bundle, sql).stdout
    tap.ok(all(t in text for t in ("\\x1b[31m", "\\x1b]52", "\\u202e", "\\u009b", "\\x7f")),
           "it is shown, and in one way", text)
    text = relspec("query", bundle, sql, "--format", "csv").stdout
    tap.ok("\x1b]52" in text, "bytes for another program are left alone", repr(text))


def everywhere(tap, scratch):
    """Every command that help lists, over paths, names and texts that hold what a terminal would obey."""
    clean = EVIL.replace("/", "")
    tree = write_tree(scratch / ("tree" + clean), {"a%s.py" % clean: "import os\nos.getcwd()  # %s\n" % EVIL})
    other = write_tree(scratch / "other", {"b%s.py" % clean: "def f():\n    return os\n\n\nf()\n"})
    packs = write_tree(scratch / ("packs" + clean), {"p%s.yaml" % clean: (
        "pack: p\ndoc: 'd\u202e\u009b'\nrules:\n- name: shown_rule\n  doc: 'd\u202e\u009b'\n  kind: filter_project\n"
        "  inputs: {n: calls}\n  where: n.callee_text <> '\u202e\u009b'\n"
        "  emit: {edge: BYTECODE_ANCHOR, src: n.call_id, dst: n.call_id, file: n.file_id}\n")})
    out = scratch / ("out" + clean)
    bundle, after = build(tree, scratch / "out1").resolve(), build(other, scratch / "out2").resolve()
    rules = ["--rules", packs]
    asked = [["build", tree, "-o", out, *rules], ["query", bundle, "SELECT path FROM repo_files"],
             ["why", bundle, "--at", "a%s.py:2" % clean], ["why-not", bundle, "--at", "a%s.py:2" % clean],
             ["doctor", bundle], ["diff", bundle, after], ["diff", bundle, bundle.parent / ("no" + clean)],
             ["gate", "--bundle", bundle, "--snapshot", scratch / ("snap" + clean)],
             ["gate", "--bundle", bundle, "--update", "--snapshot", scratch / ("snap" + clean)],
             ["gate", "--bundle", after, "--snapshot", scratch / ("snap" + clean)],
             ["runs", "list", out], ["runs", "prune", out, "--keep", "9"], ["config", tree], ["config", tree, *rules],
             ["export", bundle, "--format", clean],
             ["schema", clean], ["pipeline", clean], ["help", clean], ["version", clean]]
    asked += [["rules", name, *rules] for name in ("list", "graph", "signatures")]
    asked += [["rules", "show", *rules, "shown_rule"], ["rules", "show", *rules, clean], ["rules", "check", packs]]
    listed = set(re.findall(r"^  relspec ([a-z-]+)", relspec("help").stdout, re.M))
    tap.ok(listed <= {args[0] for args in asked}, "every command is asked", listed - {args[0] for args in asked})
    for args in asked:
        result = relspec(*args, timeout=120)
        said = result.stdout + result.stderr
        found = OBEYED.search(said)
        tap.ok(said and not found, "%s shows what a terminal would obey" % " ".join(
            str(a) for a in args[:2] if re.fullmatch(r"[a-z-]+", str(a))), repr(said[max(0, found.start() - 200):][:400] if found else said))


def refused(tap, scratch):
    (scratch / "packs").mkdir()
    os.mkfifo(scratch / "packs/p.yaml")
    result = relspec("rules", "check", scratch / "packs", timeout=20)
    tap.ok(result.returncode != 0 and "not a regular file" in result.stdout + result.stderr, "a pipe for a pack",
           result.stdout + result.stderr)
    bundle = build(small_tree(scratch / "tree"), scratch / "out").resolve()
    (scratch / "secret").write_text("SECRET_TOKEN is no JSON\n")
    for name in "environment.json", "config.json", "manifest.json":
        kept = (bundle / name).read_bytes()
        (bundle / name).unlink()
        os.symlink(scratch / "secret", bundle / name)
        for args in ["doctor", bundle], ["query", bundle, "SELECT 1 FROM nodes"]:
            result = relspec(*args, timeout=60)
            tap.ok("SECRET" not in result.stdout + result.stderr, "%s: a linked %s" % (args[0], name),
                   result.stdout + result.stderr)
        (bundle / name).unlink()
        (bundle / name).write_bytes(kept)
    part = bundle / "cpg/nodes/part-00000.parquet"
    part.unlink()
    os.mkfifo(part)
    for args in ["query", bundle, "SELECT count(*) FROM nodes"], ["doctor", bundle]:
        result = relspec(*args, timeout=60)
        tap.ok(result.returncode in (1, 2, 3), args[0] + ": a pipe for a part", result.stdout + result.stderr)


def keys(tap, scratch):
    many = "".join("    k%d: c.call_id\n" % i for i in range(99000))
    packs = write_tree(scratch / "packs", {"p.yaml": "rules:\n- name: x\n  doc: d.\n  kind: filter_project\n"
                                           "  inputs: {c: calls}\n  select:\n" + many})
    started = os.times()
    result = relspec("rules", "check", packs, timeout=120)
    ended = os.times()
    seconds = ended.children_user - started.children_user
    tap.ok(result.returncode == 1 and seconds < 5, "99,000 keys", "%.1f s\n%s" % (seconds, result.stdout[:300]))
    packs = write_tree(scratch / "packs", {"p.yaml": many.replace("    ", "") + "k5: 1\n"})
    tap.ok("k5 stands here twice" in relspec("rules", "check", packs).stdout, "one of them twice")


def interrupt(args, delay):
    """(exit code, seconds of the processor behind the signal), or None when it had ended before."""
    child = subprocess.Popen([PROGRAM] + [str(a) for a in args], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(delay)
    stat = Path("/proc/%d/stat" % child.pid).read_text().rsplit(")", 1)[1].split()
    before = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    child.send_signal(signal.SIGINT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0:
        return None
    return os.WEXITSTATUS(status), usage.ru_utime + usage.ru_stime - before


def stopped(tap, scratch):
    tree = write_tree(scratch / "tree", {"a.py": "a;" * 400000 + "\n"})
    walk = write_tree(scratch / "walk", {("d%03d/" % i) + "a" * 200 + "%d.py" % i: "" for i in range(300)})
    (walk / ".gitignore").write_text(("**/*" + "a*" * 1900 + "b\n") * 250)
    small = build(small_tree(scratch / "small"), scratch / "out").resolve()
    n_caught = 0
    for name, args in [("a file", ["build", tree, "-o", scratch / "o"]),
                       ("ignore rules", ["build", walk, "-o", scratch / "o"]),
                       ("a query", ["query", small, "SELECT sum(a.range * b.range) FROM range(9999999) a, "
                                    "range(9999999) b", "--format", "parquet", "-o", scratch / "rows.parquet"])]:
        for delay in 0.4, 1.2:
            found = interrupt(args, delay)
            n_caught += found is not None
            tap.ok(found is None or (found[0] == 130 and found[1] < SECONDS),
                   "%s, interrupted after %.1f s" % (name, delay), found)
    tap.ok(n_caught >= 4, "most were at work", n_caught)
    kept = [n for n in os.listdir(scratch) if ".tmp" in n]
    tap.ok(not kept, "no draft is left", kept)


def main():
    tap = Tap()
    for test in (shown, everywhere, refused, keys, stopped):
        with Scratch() as scratch:
            test(tap, scratch)
    tap.finish()


main()
