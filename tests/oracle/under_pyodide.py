#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""under_pyodide.py PACKAGE - whole_tree.py with the CPython of an unpacked npm package `pyodide`.

A newer CPython than the machine has, as WebAssembly under node. What is compared: its own standard
library, this interpreter's, and the snippets of this interpreter's test suite. See docs/parser.md.
"""
import os
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

import snippets
import whole_tree

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = r"""
import { pathToFileURL } from "url";
const [directory, here, recorded] = process.argv.slice(-3);
const { loadPyodide } = await import(pathToFileURL(directory + "/pyodide.mjs").href);
const python = await loadPyodide({ indexURL: directory + "/" });
for (const [name, path] of [["/here", here], ["/recorded", recorded]]) {
  python.FS.mkdir(name);
  python.mountNodeFS(name, path);
}
process.exitCode = await python.runPythonAsync(`
import sys
sys.path.insert(0, "/here")
import whole_tree
whole_tree.main(["--replay", "/recorded"])
`);
"""


def corpus(package, directory):
    with zipfile.ZipFile(os.path.join(package, "python_stdlib.zip")) as archive:
        archive.extractall(directory)
    stdlib = sysconfig.get_path("stdlib")
    yield from whole_tree.read(whole_tree.files_below(directory))
    yield from whole_tree.read(whole_tree.files_below(stdlib))
    yield from snippets.snippets(stdlib)


def main():
    if len(sys.argv) != 2 or not os.path.exists(os.path.join(sys.argv[1], "pyodide.mjs")):
        sys.exit(__doc__)
    package = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="relspec-pyodide-") as scratch:
        recorded = os.path.join(scratch, "recorded")
        os.mkdir(recorded)
        whole_tree.record(recorded, corpus(package, os.path.join(scratch, "stdlib")))
        script = os.path.join(scratch, "judge.mjs")
        with open(script, "w") as stream:
            stream.write(SCRIPT)
        command = ["node", "--stack-size=50000", script, package, HERE, recorded]
        sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
