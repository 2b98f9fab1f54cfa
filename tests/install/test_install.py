# SPDX-License-Identifier: Apache-2.0
"""Stage an installation, move it, and build a consumer of it by pkg-config and by find_package."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BINARY_DIR = Path(os.environ["RS_BINARY_DIR"])
SOURCE_DIR = Path(os.environ["RS_SOURCE_DIR"])
COMPILER = os.environ.get("CC", "cc")


def run(*command, **settings):
    print("$", *command, flush=True)
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, **settings)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        sys.exit("exit code %d" % done.returncode)
    return done.stdout.strip()


def by_pkg_config(stage, scratch):
    settings = dict(os.environ, PKG_CONFIG_PATH=str(stage / "lib/pkgconfig"))
    shared = run("pkg-config", "--cflags", "--libs", "relspec", env=settings).split()
    run(COMPILER, HERE / "consumer/consumer.c", "-o", scratch / "shared", *shared,
        "-Wl,-rpath,%s" % (stage / "lib"))
    static = run("pkg-config", "--static", "--cflags", "--libs", "relspec", env=settings)
    run(COMPILER, HERE / "consumer/consumer.c", "-o", scratch / "static",
        *static.replace("-lrelspec", str(stage / "lib/librelspec.a")).split())
    return [run(scratch / "shared"), run(scratch / "static")]


def try_example(stage, scratch):
    """examples/rows.c, on a bundle of this folder."""
    settings = dict(os.environ, PKG_CONFIG_PATH=str(stage / "lib/pkgconfig"))
    flags = run("pkg-config", "--cflags", "--libs", "relspec", env=settings).split()
    run(COMPILER, "-std=c17", "-Wall", "-Wextra", "-Werror", SOURCE_DIR / "examples/rows.c", "-o",
        scratch / "rows", *flags, "-Wl,-rpath,%s" % (stage / "lib"))
    (scratch / "code").mkdir()
    (scratch / "code/a.py").write_text("def f(a, b=1):\n    return a\n\n\nf(2)\n")
    run(stage / "bin/relspec", "build", scratch / "code", "-o", scratch, "--run", "r", "--quiet")
    said = run(scratch / "rows", scratch / "run_bundles/r", scratch / "graph.jsonl")
    if "f takes 2 parameters: [\"a\", \"b\"]" not in said or "nodes" not in said:
        sys.exit("the example says %s" % said)
    lines = (scratch / "graph.jsonl").read_text(encoding="utf-8").splitlines()
    if len(lines) < 20 or not lines[-1].startswith('{"type": "edge"'):
        sys.exit("the example exports %d lines" % len(lines))


def by_find_package(stage, scratch):
    build = scratch / "build"
    run("cmake", "-G", "Ninja", "-S", HERE / "consumer", "-B", build,
        "-DCMAKE_PREFIX_PATH=%s" % stage)
    run("cmake", "--build", build)
    return [run(build / "consumer_shared"), run(build / "consumer_static")]


def main():
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        run("cmake", "--install", BINARY_DIR, "--prefix", scratch / "first")
        stage = scratch / "moved"
        shutil.move(str(scratch / "first"), str(stage))
        for path in ["include/relspec/relspec.h", "lib/librelspec.a", "lib/librelspec.so"]:
            if not (stage / path).exists():
                sys.exit("not installed: " + path)
        said = set(by_pkg_config(stage, scratch) + by_find_package(stage, scratch))
        if len(said) != 1:
            sys.exit("the consumers say %s" % sorted(said))
        program = stage / "bin/relspec"
        if program.exists():
            try_example(stage, scratch)
            version = run(program, "version")
            if said.pop() not in version:
                sys.exit("the program says " + version)


main()
