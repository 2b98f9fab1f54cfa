# SPDX-License-Identifier: Apache-2.0
"""Trees that a benchmark can name: `small` (4 MB), `stdlib` (31 MB) and `large` (four of those, 120 MB).

All are made of one standard library, that of this python3 with its `test` package, so that they need no
network where Debian's libpython3-testsuite is there; where it is not, it is installed.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

LEFT_OUT = ("site-packages", "dist-packages")
SMALL_BYTES = 4_000_000
COPIES = 4
NAMES = ("small", "stdlib", "large")


def python_files(directory):
    """What corpus.h takes too: every *.py that is no link, folders of packages of others left out."""
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".py") and path.is_file() and not path.is_symlink():
                yield path


def standard_library():
    directory = Path(sysconfig.get_path("stdlib"))
    if not (directory / "test/test_ast.py").exists():
        done = subprocess.run(["apt-get", "install", "-y", "libpython3-testsuite"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) if shutil.which("apt-get") else None
        if done is None or done.returncode != 0:
            print("bench: the standard library has no test package here (Debian: libpython3-testsuite)",
                  file=sys.stderr)
    return directory


def copy(files, directory, to):
    for path in files:
        target = to / path.relative_to(directory)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def first_bytes(files, n_bytes):
    taken = 0
    for path in files:
        if taken >= n_bytes:
            return
        taken += path.stat().st_size
        yield path


def make(name, room):
    """The directory of a named corpus; one that is made lies in room."""
    directory = standard_library()
    if name == "small":
        copy(first_bytes(python_files(directory), SMALL_BYTES), directory, Path(room, name))
    elif name == "large":
        for number in range(COPIES):
            copy(python_files(directory), directory, Path(room, name, "copy_%d" % number))
    return str(directory if name == "stdlib" else Path(room, name))


def describe(directory):
    files = [path.stat().st_size for path in python_files(directory)]
    return "%s: %d files, %d bytes (this python3 is %s)" % (directory, len(files), sum(files), sys.version.split()[0])
