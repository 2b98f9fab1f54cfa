#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - the project file: what it sets, that the command line comes before it, from where its patterns
and paths count, and that it leads nowhere else: it is input like the sources."""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, Scratch, Tap, query, relspec, some, write_tree  # noqa: E402

PACK = """\
pack: mine
params:
- {name: watched, type: str, key: callee, doc: callees to look at}
rules:
- name: watched_edge
  doc: From a call that is watched to itself.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.watched
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""

FULL = """\
include: ["src/"]
exclude: ["gen_*.py", "/src/pkg/skipped.py"]
rules: conf/packs
policy: ./conf/policy.yaml
params:
  watched: [len, print]
gate:
  bands: {default_percent: 50, edges: {CALLEE: 60}}
"""

TREE = {
    "relspec.yaml": FULL,
    "conf/packs/mine.yaml": PACK,
    "conf/policy.yaml": "diagnostics: {events: false}\n",
    "top.py": "len([])\n",
    "src/a.py": "len([])\nprint(1)\nabs(1)\n",
    "src/gen_x.py": "x = 1\n",
    "src/pkg/skipped.py": "x = 1\n",
    "src/pkg/b.py": "x = 1\n",
}


def config(path, *args, cwd=None):
    """name -> (value, from, line)"""
    done = relspec("config", path, "--json", *args, cwd=cwd)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    return {"project_file": document["project_file"],
            **{s["name"]: (s["value"], s["from"], s["line"]) for s in document["settings"]}}


def build(path, out, *args):
    done = relspec("build", path, "-o", out, "--json", *args)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def walked(path, *args):
    """What a build would read, (the project file, number of files, their bytes): as far as the node `walk`,
    which costs a fifth of a build."""
    done = relspec("build", path, "--until", "walk", "--json", *args)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    return summary["project_file"], summary["files"], summary["bytes"]


def paths(summary):
    return sorted(row["path"] for row in query(summary["bundle"], "SELECT path FROM repo_files"))


def what_it_sets(tap, root, out):
    summary = build(root, out / "full")
    tap.ok(summary["project_file"] == str(root / "relspec.yaml"), "the summary names it", summary)
    tap.ok(paths(summary) == ["src/a.py", "src/pkg/b.py"], "include and exclude", paths(summary))
    rows = query(summary["bundle"], "SELECT callee_text FROM edges e JOIN calls c ON c.call_id = e.src "
                                    "WHERE rule_name = 'watched_edge' ORDER BY 1")
    tap.ok([r["callee_text"] for r in rows] == ["len", "print"], "rules and params", rows)
    policy = json.loads(Path(summary["bundle"], "config.json").read_text())["policy"]
    tap.ok(policy["diagnostics"]["events"] is False, "policy", policy["diagnostics"])
    found = config(root)
    tap.ok(found["include"] == (["src/"], "project", 1) and found["rules"][1:] == ("project", 3) and
           found["params.watched"] == (["len", "print"], "project", 6) and
           found["gitignore"] == (True, "default", None), "config tells from where", found)
    bare = build(root, out / "bare", "--no-config")
    tap.ok(bare["project_file"] is None and len(paths(bare)) == 5, "--no-config ignores it", paths(bare))


def flags_win(tap, root, out):
    found = config(root, "--include", "top.py", "--param", "watched=abs", "--rules", str(root / "conf/packs"))
    tap.ok(found["include"] == (["top.py"], "call", None) and found["exclude"][1] == "project" and
           found["params.watched"] == (["abs"], "call", None) and found["rules"][1] == "call",
           "the command line comes before it", found)
    summary = build(root, out / "flags", "--include", "top.py", "--param", "watched=abs")
    tap.ok(paths(summary) == ["top.py"], "in a build as well", paths(summary))


def found_upwards(tap, root, out):
    """The same files, whether PATH is the folder or one below: patterns are the file's folder's."""
    project_file = str(root.resolve() / "relspec.yaml")
    for below, wanted in (("src", ["src/a.py", "src/pkg/b.py"]), ("src/pkg/b.py", ["src/pkg/b.py"]), ("conf", [])):
        found = walked(root / below)
        n_bytes = sum(len(TREE[name]) for name in wanted)
        tap.ok(found == (project_file, len(wanted), n_bytes), "found from %s" % below, found)
    summary = build(root / "src/pkg", out / "below")
    tap.ok(summary["project_file"] == project_file and paths(summary) == ["b.py"], "and in a bundle",
           paths(summary))
    found = config("src/pkg", cwd=root)
    tap.ok(found["rules"][0] == str(root.resolve() / "conf/packs"), "its paths are its folder's", found)
    found = config(".", cwd=root)
    tap.ok(found["project_file"] == "relspec.yaml" and found["rules"][0] == "conf/packs",
           "beside PATH it is named as PATH is", found)
    write_tree(root / "inner", {"a.py": "x = 1\n"})
    (root / "inner/.git").mkdir()
    tap.ok(config(root / "inner")["project_file"] is None, "not beyond the root of a repository")


PATTERNS = [  # pattern, folder below, whether x.py and sub/y.py of that folder are left out
    ("*.py", "a/b", True, True),
    ("sub/", "a/b", False, True),
    ("a/", "a/b", True, True),
    ("b", "a/b", True, True),
    ("/a/b/x.py", "a/b", True, False),
    ("a/b/x.py", "a/b", True, False),
    ("/a/x.py", "a/b", False, False),
    ("a/*/x.py", "a/b", True, False),
    ("a/c/*.py", "a/b", False, False),
    ("a/b", "a/b", True, True),
    ("a/b/**", "a/b", True, True),
    ("a/**/y.py", "a/b", False, True),
    ("**/y.py", "a/b", False, True),
    ("/x.py", "a/b", False, False),
]


def patterns(tap, scratch):
    """An exclude has the same files whether the project is read from its folder or from below."""
    faults = []
    for i, (pattern, below, x, y) in enumerate(some(PATTERNS, 6)):
        root = write_tree(scratch / ("p%d" % i), {"relspec.yaml": "exclude: [%s]\n" % json.dumps(pattern),
                                                  below + "/x.py": "#", below + "/sub/y.py": "##"})
        found = [walked(path)[1:] for path in (root, root / below)]
        wanted = (int(not x) + int(not y), int(not x) + 2 * int(not y))  # files, and bytes: they say which
        if found != [wanted, wanted]:
            faults.append("%s: whole, and from %s: %s, not %s" % (pattern, below, found, wanted))
    tap.ok(not faults, "patterns, seen from below", "\n".join(faults))


def refused(tap, name, root, words, path=None):
    found = relspec("build", path or root, "-o", root.parent / "refused")
    tap.ok(found.returncode == 2 and words in found.stderr, "refused: " + name,
           "%d %s" % (found.returncode, found.stderr))


def hostile(tap, scratch):
    secret = write_tree(scratch / "outside", {"p.yaml": "secret: 1\n", "v.csv": "secret\n"})
    def project(text, **files):
        root = scratch / ("h%d" % len(list(scratch.glob("h*"))))
        return write_tree(root, {"a.py": "x = 1\n", "relspec.yaml": text, **files})
    for text, words in (("output: /tmp/x\n", "1:1: unknown key output of the project file"),
                        ("engine: x\n", "unknown key engine"), ("threads: 3\n", "unknown key threads"),
                        ("rules: ../outside\n", "1:8: rules: expected a path below"),
                        ("policy: /etc/passwd\n", "expected a path below"),
                        ("scip: a/../../x\n", "expected a path below"),
                        ("params: {w: {file: ../outside/v.csv}}\n", "expected a path below"),
                        ("rules: none\n", "rules: none: No such file"),
                        ("policy: a.py\nrules: a.py\n", "2:8: rules: a.py: Not a directory"),
                        ("include: src\n", "expected a list of patterns"),
                        ("gate: {bands: {edges: {NOPE: 1}}}\n", "unknown kind NOPE"),
                        ("include: [&a x, *a]\n", "1:11:"), ("- x\n", "expected a mapping"),
                        ("x: " + "[" * 100 + "\n", "relspec.yaml:1:"), ("\0", "relspec.yaml:1:")):
        refused(tap, repr(text[:40]), project(text), words)
    root = project("rules: packs\n")
    (root / "packs").symlink_to(secret)
    refused(tap, "a folder behind a link", root, "links are not followed")
    root = project("rules: packs\n", **{"packs/ok.yaml": "pack: ok\n"})
    (root / "packs/p.yaml").symlink_to(secret / "p.yaml")
    refused(tap, "a pack behind a link", root, "packs/p.yaml is no file, or a link")
    root = project("policy: in/p.yaml\n")
    (root / "in").symlink_to(secret)
    refused(tap, "a file behind a link", root, "links are not followed")
    root = project("policy: pipe\n")
    os.mkfifo(root / "pipe")
    refused(tap, "a pipe", root, "pipe is no file")
    root = project("")
    (root / "relspec.yaml").unlink()
    (root / "relspec.yaml").symlink_to(secret / "p.yaml")
    refused(tap, "a project file that is a link", root, "it is a link; --no-config ignores it")
    (root / "relspec.yaml").unlink()
    (root / "relspec.yaml").mkdir()
    refused(tap, "a project file that is a folder", root, "--no-config ignores it")
    root = project("# " + "x" * (1 << 20) + "\n")
    found = relspec("build", root, "-o", scratch / "refused")
    tap.ok(found.returncode == 3 and "larger than" in found.stderr, "refused: a large one", found.stderr)
    if os.geteuid() == 0:
        root = write_tree(scratch / "shared", {"relspec.yaml": "exclude: ['*']\n", "mine/a.py": ""})
        os.chown(root / "relspec.yaml", 12345, -1)
        before = ["setpriv", "--reuid=23456", "--clear-groups"]
        scratch.chmod(0o755)
        found = relspec("config", root / "mine", before=before)
        tap.ok(found.returncode == 2 and "belongs to another user" in found.stderr,
               "refused: somebody else's, above PATH", found.stderr)
        found = relspec("config", root / "mine", "--no-config", before=before)
        tap.ok(found.returncode == 0, "--no-config gets round it", found.stderr)


def gates(tap, scratch):
    """Bands of the project file take the place of the snapshot's."""
    root = write_tree(scratch / "gated", {"a.py": "f(1)\n" * 10})
    snapshot = scratch / "gated.json"
    relspec("gate", root, "--snapshot", snapshot, "--update", "--once")
    held = json.loads(snapshot.read_text())
    held["content"] = "bands"
    snapshot.write_text(json.dumps(held))
    write_tree(root, {"a.py": "f(1)\n" * 13})
    shut = relspec("gate", root, "--snapshot", snapshot, "--once")
    write_tree(root, {"relspec.yaml": "gate: {bands: {default_percent: 40}}\n"})
    opened = relspec("gate", root, "--snapshot", snapshot, "--once")
    tap.ok(shut.returncode == 1 and opened.returncode == 0, "a gate has its bands",
           "%s\n%s\n%s" % (shut.stdout, opened.returncode, opened.stdout + opened.stderr))


def without_a_path(tap, root, out):
    """Commands that ask about rules take them from where they are called."""
    bundle = build(root, out)["bundle"]
    inner = root / "src/pkg"
    listed = relspec("rules", "list", cwd=inner)
    bare = relspec("rules", "list", "--no-config", cwd=inner)
    tap.ok("watched_edge" in listed.stdout and "watched_edge" not in bare.stdout, "rules list", listed.stderr)
    shown = relspec("rules", "show", "watched_edge", cwd=inner)
    checked = relspec("rules", "check", cwd=inner)
    alone = relspec("rules", "check", "--no-config", cwd=inner)
    tap.ok(shown.returncode == 0 and checked.returncode == 0 and checked.stderr != alone.stderr, "show, check",
           shown.stderr + checked.stderr + alone.stderr)
    signed = [json.loads(relspec("rules", "signatures", "--json", *args, cwd=inner).stdout)["graph"]
              for args in ((), ("--no-config",))]
    tap.ok(signed[0] != signed[1], "signatures", signed)
    command = ("why", bundle, "--kind", "RECEIVER")
    done = relspec(*command, cwd=inner)
    bare = relspec(*command, "--no-config", cwd=inner)
    unknown = "name its packs with --rules"
    tap.ok(unknown not in done.stdout and unknown in bare.stdout, "why", done.stdout + done.stderr + bare.stdout)
    write_tree(root, {"relspec.yaml": "rules: nowhere\n"})
    done = relspec("rules", "list", cwd=inner)
    tap.ok(done.returncode == 2 and "relspec.yaml:1" in done.stderr, "a broken file is refused", done.stderr)
    tap.ok(relspec("rules", "list", "--no-config", cwd=inner).returncode == 0, "--no-config gets round it")


def main():
    tap = Tap()
    with Scratch() as scratch:
        root = write_tree(scratch / "root", TREE)
        what_it_sets(tap, root, scratch / "out")
        flags_win(tap, root, scratch / "out")
        found_upwards(tap, root, scratch / "out")
        without_a_path(tap, root, scratch / "out")
        patterns(tap, scratch)
        hostile(tap, scratch)
        if IS_FULL:
            gates(tap, scratch)
    tap.finish()


main()
