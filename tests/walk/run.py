#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - which files of a git repository are read, what is told of the others, which commit it was."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scip"), str(HERE.parent / "invariants")]
import writer as w  # noqa: E402
from harness import Scratch, Tap, build, hashes, query, relspec, some, write_tree  # noqa: E402

# Nobody's own settings.
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "a",
         "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}


def git(folder, *args):
    done = subprocess.run(["git", "-c", "protocol.file.allow=always", *map(str, args)], cwd=folder,
                          env=dict(os.environ, **QUIET), check=True, capture_output=True,
                          encoding="utf-8")
    return done.stdout.strip()


def repository(folder, files):
    write_tree(folder, files)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def walked(folder, *options):
    """How many files are read, and what is left out by reason, without what there is none of."""
    told = relspec("build", folder, "--only", "walk", "--json", *options)
    summary = json.loads(told.stdout)
    return summary["files"], {k: n for k, n in summary["left_out"].items() if n}


def around(tap, scratch):
    """Ignore files of the repository above the tree, and those that worktrees share."""
    root = repository(scratch / "root", {
        ".gitignore": "*_pb2.py\n/pkg/deep/no.py\n/gen/\n", "a.py": "", "pkg/b.py": "",
        "pkg/.gitignore": "c.py\n!d_pb2.py\n", "pkg/deep/e.py": ""})
    write_tree(root, {"pkg/c.py": "", "pkg/d_pb2.py": "", "pkg/deep/no.py": "", "pkg/deep/c.py": "",
                      "pkg/deep/x_pb2.py": "", "pkg/deep/local.py": "", "gen/g.py": "",
                      ".git/info/exclude": "local.py\n"})
    for folder, n_files, n_left in (("", 4, 6), ("pkg", 3, 5), ("pkg/deep", 1, 4)):
        found = walked(root / folder)
        left = dict({"gitignore": n_left}, **({} if folder else {"builtin": 1}))
        tap.ok(found == (n_files, left), "ignore files above %s" % (folder or "the root"), found)
    found = walked(root / "gen")
    tap.ok(found == (1, {}), "who names an ignored directory wants it read", found)
    found = walked(root / "pkg", "--no-gitignore")
    tap.ok(found == (8, {}), "--no-gitignore", found)
    git(root, "worktree", "add", "-q", scratch / "work", "-b", "other")
    write_tree(scratch / "work", {"local.py": "", "new.py": ""})
    found = walked(scratch / "work")
    tap.ok(found == (4, {"gitignore": 1}), "info/exclude holds in worktrees", found)
    git(root, "worktree", "add", "-q", root / "inside", "-b", "third")
    found = walked(root)
    tap.ok(found == (4, {"gitignore": 6, "builtin": 1, "repository": 1}), "a worktree inside", found)


def nested(tap, scratch):
    """Clones in the tree are not its own, submodules are."""
    other = repository(scratch / "other", {"o.py": "", "p.py": ""})
    root = repository(scratch / "root", {"a.py": "", "lib/b.py": ""})
    git(root, "submodule", "--quiet", "add", other, "lib/sub")
    git(root, "clone", "-q", other, "lib/clone")
    found = walked(root)
    tap.ok(found == (4, {"builtin": 1, "repository": 1}), "a submodule is read, a clone is not", found)
    found = walked(root / "lib")
    tap.ok(found == (3, {"repository": 1}), "nor from further down", found)
    found = walked(root, "--no-default-excludes")
    tap.ok(found[0] >= 6 and not found[1], "--no-default-excludes reads it", found)
    bundle = build(root, scratch / "out")
    rows = query(bundle, "SELECT path, code, severity FROM repo_diagnostics")
    tap.ok(rows == [{"path": "lib/clone", "code": "left_out_repository", "severity": "INFO"}],
           "what is left out has a row", rows)
    nodes = query(bundle, "SELECT count(*) AS n FROM nodes WHERE kind = 'DIAGNOSTIC'")
    tap.ok(nodes == [{"n": 0}], "and no node", nodes)


def index(tap, scratch):
    """An index of another tree, and what one of this tree covers."""
    tree = write_tree(scratch / "tree", {"a.py": "def f(): pass\nf()\nprint(f())\n", "b.py": ""})
    far = scratch / "far.scip"
    far.write_bytes(w.metadata() + w.document("other/a.py", [w.occurrence([0, 0, 1], "local 1")]))
    quiet = relspec("build", tree, "-o", scratch, "--scip", far, "-q")
    tap.ok(quiet.returncode == 0 and str(far) + ": no document" in quiet.stderr,
           "an index that fits no file is told by its path", quiet.stderr)
    strict = relspec("build", tree, "-o", scratch, "--scip", far, "-q", "--strict")
    tap.ok(strict.returncode == 1, "and refused by --strict", strict.returncode)
    near = scratch / "near.scip"
    symbol = "scip-python python p 1 `a`/f()."
    near.write_bytes(w.metadata() + w.document("a.py", [
        w.occurrence([0, 4, 5], symbol, roles=1), w.occurrence([1, 0, 1], symbol),
        w.occurrence([2, 6, 7], symbol)]))
    told = relspec("build", tree, "-o", scratch, "--scip", near, "--strict")
    tap.ok(told.returncode == 0 and "covers 50.0 % of the files, and names what 66.7 % of the calls"
           in told.stderr, "the share that an index covers", told.stderr)


def include(tap, scratch):
    tree = write_tree(scratch / "tree", {"src/a.py": ""})
    quiet = relspec("build", tree, "-o", scratch, "-q", "--include", "src", "--include", "scr")
    tap.ok(quiet.returncode == 0 and "warning: scr: " in quiet.stderr and
           len(quiet.stderr.splitlines()) == 1, "an --include that matches nothing", quiet.stderr)
    strict = relspec("build", tree, "-o", scratch, "-q", "--include", "scr", "--strict")
    tap.ok(strict.returncode == 1, "--strict refuses it", strict.returncode)


def told_of(bundle):
    rows = query(bundle, 'SELECT "commit", branch, is_dirty, path FROM run')
    assert len(rows) == 1
    return rows[0]["commit"], rows[0]["branch"], rows[0]["is_dirty"]


def commits(tap, scratch):
    """What a run says of the commit, and that nothing else in the bundle knows of it."""
    plain = build(write_tree(scratch / "plain", {"pkg/a.py": "x = 1\n"}), scratch / "0")
    tap.ok(told_of(plain) == (None, None, None), "no repository", told_of(plain))
    root = repository(scratch / "root", {"pkg/a.py": "x = 1\n", "readme": "1\n"})
    first = git(root, "rev-parse", "HEAD")
    here = build(root / "pkg", scratch / "1")
    tap.ok(told_of(here) == (first, "main", False), "commit and branch", told_of(here))
    write_tree(root, {"readme": "2\n"})
    dirty = build(root / "pkg", scratch / "2")
    tap.ok(told_of(dirty) == (first, "main", True), "a tracked file was changed", told_of(dirty))
    git(root, "commit", "-q", "-a", "-m", "second")
    second = git(root, "rev-parse", "HEAD")
    write_tree(root, {"notes": "untracked, and no source\n"})
    git(root, "worktree", "add", "-q", "--detach", scratch / "work")
    there = build(scratch / "work/pkg", scratch / "3")
    tap.ok(told_of(there) == (second, None, False), "a detached worktree", told_of(there))
    again = build(root / "pkg", scratch / "4")
    tap.ok(told_of(again) == (second, "main", False), "what is no source is no dirt", told_of(again))
    all_equal = [hashes(b) for b in (here, dirty, there, again)]
    tap.ok(all(h == all_equal[0] for h in all_equal), "equal files give equal bytes", all_equal)
    write_tree(root, {"pkg/b.py": "untracked, and read\n"})
    new = build(root / "pkg", scratch / "5")
    tap.ok(told_of(new)[2] is True, "an untracked source is", told_of(new))


def main():
    tap = Tap()
    for part in some((around, nested, index, include, commits)):
        with Scratch() as scratch:
            part(tap, scratch)
    tap.finish()


if __name__ == "__main__":
    main()
