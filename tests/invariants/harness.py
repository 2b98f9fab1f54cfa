# SPDX-License-Identifier: Apache-2.0
"""What the script tests share: TAP output, scratch directories, builds that the doctor looks at."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ.get("RS_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("RS_PROGRAM", str(SOURCE / "build/release/bin/relspec"))
# False in the quick round: one of each kind is enough there, the full one has them all.
IS_FULL = os.environ.get("RS_ROUND") != "quick"
SKIPPED = 77
# Why a test may be skipped. tools/check-skips prints each, and refuses any other reason; to .ci/run
# a missing network is no reason.
NO_CASES = "the public cases are not beside the clone"
OTHER_INPUT = "its input is another one than was recorded"
NO_NETWORK = "no way to PyPI"
REASONS = (NO_CASES, OTHER_INPUT, NO_NETWORK)
TIMEOUT = 300


def skip(reason, detail):
    """End a test that cannot be run: reason is one of REASONS."""
    assert reason in REASONS
    print("skipped: %s: %s" % (reason, detail))
    sys.exit(SKIPPED)


def some(cases, n=1):
    """The cases; in the quick round the first n of them."""
    return cases if IS_FULL else cases[:n]


class Tap:
    """Counts and prints results; exit code 1 when one failed, 77 when all were skipped."""

    def __init__(self):
        self.n_done = self.n_failed = self.n_skipped = 0

    def ok(self, passed, name, why="", todo=""):
        self.n_done += 1
        self.n_failed += not passed and not todo
        print("%s %d - %s%s" % ("ok" if passed else "not ok", self.n_done, name,
                                " # TODO " + todo if todo else ""))
        if not passed:
            for line in str(why).splitlines():
                print("# " + line)
        return passed

    def skip(self, name, reason, detail):
        assert reason in REASONS
        self.n_done += 1
        self.n_skipped += 1
        print("ok %d - %s # SKIP %s: %s" % (self.n_done, name, reason, detail))

    def finish(self):
        print("1..%d" % self.n_done)
        if self.n_failed:
            sys.exit(1)
        sys.exit(SKIPPED if self.n_done and self.n_skipped == self.n_done else 0)


# The quick round has its files in memory where that is: a build waits for the disk otherwise.
IN_MEMORY = "/dev/shm" if not IS_FULL and os.access("/dev/shm", os.W_OK | os.X_OK) else None


class Scratch:
    """with Scratch() as path: a directory that is gone afterwards."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="relspec-test-", dir=IN_MEMORY))
        return self.path

    def __exit__(self, *_):
        for folder, names, _ in os.walk(self.path):
            for name in names:
                os.chmod(os.path.join(folder, name), 0o755, follow_symlinks=True) \
                    if not os.path.islink(os.path.join(folder, name)) else None
        shutil.rmtree(self.path, ignore_errors=True)


def relspec(*args, cwd=None, env=None, timeout=TIMEOUT, before=(), **more):
    """Run the program, by way of a program before it; text in and out, whatever the locale."""
    settings = dict(os.environ, **(env or {}))
    return subprocess.run([*before, PROGRAM, *map(str, args)], cwd=cwd, env=settings, timeout=timeout,
                          stdin=subprocess.DEVNULL, encoding="utf-8", errors="backslashreplace",
                          stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
                          **more)


# He costs twice what a small build does. In the quick round he looks at the first bundle of these tests: of
# many kinds of rows, with an index, with values of parameters, with rules of a user's.
EXAMINED = ("cases", "scip", "params", "rules")
n_examined = 0


def doctor(bundle):
    """What the doctor has to say, "" for a sound bundle."""
    global n_examined
    n_examined += 1
    if not IS_FULL and (n_examined > 1 or Path(sys.argv[0]).resolve().parent.name not in EXAMINED):
        return ""
    result = relspec("doctor", "--quiet", bundle)
    return "" if result.returncode == 0 else \
        "doctor: exit %d\n%s%s" % (result.returncode, result.stdout, result.stderr)


def readers():
    """The interpreter that has tests/open/requirements.txt; None where PyPI cannot be reached."""
    done = subprocess.run([str(SOURCE / "tools/fetch-readers")], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")
    if done.returncode not in (0, SKIPPED):
        sys.exit(done.stdout)
    return None if done.returncode == SKIPPED else SOURCE / "build/deps/readers/bin/python"


class BuildFailed(Exception):
    pass


def build_unseen(source, output, *args, env=None, cwd=None, before=()):
    """A bundle that nobody has looked at."""
    result = relspec("build", source, "-o", output, "--quiet", *args, env=env, cwd=cwd,
                     before=before)
    if result.returncode != 0:
        raise BuildFailed("build: exit %d\n%s" % (result.returncode, result.stderr))
    return Path(cwd or ".") / result.stdout.strip()


def build(source, output, *args, env=None, cwd=None):
    """A bundle that the doctor finds nothing wrong with."""
    bundle = build_unseen(source, output, *args, env=env, cwd=cwd)
    complaint = doctor(bundle)
    if complaint:
        raise BuildFailed(complaint)
    return bundle


def query(bundle, sql):
    """The rows of a query, as dictionaries."""
    result = relspec("query", bundle, "--format", "json", "--numbers", sql)
    if result.returncode != 0:
        raise BuildFailed("query: exit %d\n%s" % (result.returncode, result.stderr))
    return json.loads(result.stdout)


def write_tree(root, files):
    """Make files below root: a dictionary of path to text or bytes."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
    return root


def small_tree(root):
    return write_tree(root, {
        "pkg/__init__.py": "from .core import run\n",
        "pkg/core.py": "import os\n\n\nclass Runner:\n    name: str = 'x'\n\n"
                       "    def go(self, *args, **more):\n        return os.path.join(*args)\n\n\n"
                       "def run(path, depth=1):\n    return Runner().go(path, depth=depth)\n",
        "tool.py": "#!/usr/bin/env python3\nfrom pkg import run\nprint(run('.'))\n",
        "broken.py": "def ok(): return 1\ndef broken(:\n    x = \ndef after(): return ok()\n",
    })


def timed_files(bundle):
    """Files with times in them: the manifest has at most their rows, environment.json their hashes."""
    return set(json.loads((Path(bundle) / "environment.json").read_text())["files"])


def hashes(bundle):
    """SHA-256 of every file that equal runs have equal, by its path in the bundle."""
    root = Path(bundle).resolve()
    differs = timed_files(root) | {"environment.json"}
    found = {str(p.relative_to(root)): p for p in sorted(root.rglob("*")) if p.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in found.items() if name not in differs}
