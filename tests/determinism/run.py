#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [TREE] - equal sources give equal bundles, whatever the threads, place, locale or umask.

TREE defaults to a few packages of this interpreter's standard library, enough for several parts.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import SOURCE, Scratch, Tap, build, build_unseen, hashes  # noqa: E402

DIRTY_MALLOC = Path(os.environ.get("RS_BINARY_DIR", SOURCE / "build/release")) / \
    "tests/determinism/dirty_malloc.so"
PACKAGES = ["asyncio", "email", "json", "unittest", "test", "xml", "lib2to3", "idlelib"]


def copy_tree(target):
    library = Path(sysconfig.get_paths()["stdlib"])
    for name in PACKAGES:
        if (library / name).is_dir():
            shutil.copytree(library / name, target / name,
                            ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    (target / "odd name é.py").write_bytes("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"))


def runs_of(first, second):
    """(what is otherwise, tree, options, environment, umask, program before ours)."""
    away = ["setarch", "-R"] if shutil.which("setarch") else None
    runs = [("2 threads", first, ["--threads", "2"], {}, 0o022, []),
            ("4 threads", first, ["--threads", "4"], {}, 0o022, []),
            ("files in another order", first, ["--threads", "2", "--shuffle", "7"], {}, 0o022, []),
            ("5 threads, another order, another directory", second,
             ["--threads", "5", "--shuffle", "11"], {}, 0o022, []),
            ("another locale, time zone and umask", second, ["--threads", "2"],
             {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Apia", "LANG": "de_DE"}, 0o077, [])]
    if away and subprocess.run([*away, "true"], stderr=subprocess.DEVNULL).returncode == 0:
        runs.append(("one address space each time", first, ["--threads", "2"], {}, 0o022, away))
    else:
        print("# setarch -R is not to be had here: addresses are random each time")
    if DIRTY_MALLOC.is_file():
        runs.append(("memory that was in use", first, ["--threads", "2"],
                     {"LD_PRELOAD": str(DIRTY_MALLOC)}, 0o022, []))
    else:
        print("# no malloc() of our own is to be had here: memory is as the system gives it")
    return runs


def main():
    tap = Tap()
    with Scratch() as scratch:
        first = scratch / "one" / "tree"
        first.mkdir(parents=True)
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], first, dirs_exist_ok=True)
        else:
            copy_tree(first)
        second = scratch / "another place" / "copy"
        second.parent.mkdir()
        shutil.copytree(first, second)
        base = build(first, scratch / "base", "--threads", "1")
        wanted = hashes(base)
        print("# %d files, content %s" % (len(wanted), base.name))
        for i, (name, tree, options, env, mask, program) in enumerate(runs_of(first, second)):
            before = os.umask(mask)
            bundle = build_unseen(tree, scratch / ("out%d" % i), *options, env=env, before=program)
            os.umask(before)
            found = hashes(bundle)
            differ = sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))
            tap.ok(not differ, "the same bundle with " + name, "differ:\n" + "\n".join(differ))
            tap.ok(bundle.name == base.name, "the same name with " + name, bundle.name)
        again = build_unseen(first, scratch / "base", "--threads", "2")
        tap.ok(hashes(again) == wanted and len(os.listdir(scratch / "base/run_bundles")) == 3,
               "built again, the bundle takes the place of the old one")
    tap.finish()


main()
