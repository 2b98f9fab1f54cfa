# SPDX-License-Identifier: Apache-2.0
"""What a user would pick instead, each with what it computes: another thing, which its time pays for.

A program that is not on the PATH is left out. Where they come from:
`npm install @optave/codegraph`, `pip install pyrefly`.
"""

import os
import shutil
import subprocess
import tempfile
import time

# Name of the program; what it computes; its command for a directory and room for what it writes.
PEERS = [
    ("codegraph", "codegraph: names of calls and imports, no values",
     lambda tree, room: ["codegraph", "build", tree, "-d", room + "/graph.db", "--no-incremental"]),
    ("pyrefly", "pyrefly: types and who calls whom, nothing else",
     lambda tree, room: ["pyrefly", "check", "--report-pysa", room + "/report", "--threads", "{threads}", tree]),
]


def measured(command, label, n_threads):
    """Its exit code says what it found in the tree, not how it went: one that wrote nothing failed."""
    with tempfile.TemporaryDirectory(prefix="relspec-bench-") as room:
        words = [word.replace("{threads}", str(n_threads)) for word in command(room)]
        started = time.perf_counter()
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=room)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
        return {"name": label, "threads": n_threads, "seconds": seconds, "peak_kb": usage.ru_maxrss,
                "cpu_seconds": usage.ru_utime + usage.ru_stime, "wrote": bool(os.listdir(room))}


def peers(directory, n_threads):
    """(label, measure) of each; one that has no option for threads takes those it wants, once."""
    found = []
    for program, label, command in PEERS:
        has_threads = "{threads}" in command(directory, "")
        if shutil.which(program) and (has_threads or n_threads == 1):
            found.append(("%s, %d" % (label, n_threads),
                          lambda command=command, label=label:
                          measured(lambda room: command(directory, room), label, n_threads)))
    return found
