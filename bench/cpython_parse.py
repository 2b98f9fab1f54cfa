# SPDX-License-Identifier: Apache-2.0
"""cpython_parse.py DIR - ast.parse over the same files as the other parsers; one JSON line."""

import ast
import json
import os
import resource
import sys
import time
import warnings

SKIPPED = {"site-packages", "dist-packages", "__pycache__"}


def sources(directory):
    for path, folders, names in os.walk(directory):
        folders[:] = sorted(n for n in folders if n not in SKIPPED and not n.startswith("."))
        for name in sorted(names):
            file = os.path.join(path, name)
            if name.endswith(".py") and not name.startswith(".") and not os.path.islink(file):
                with open(file, "rb") as stream:
                    yield stream.read()


def main():
    warnings.simplefilter("ignore")
    texts = list(sources(sys.argv[1]))
    n_refused = 0
    started = time.perf_counter()
    for text in texts:
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            n_refused += 1
    seconds = time.perf_counter() - started
    n_bytes = sum(map(len, texts))
    print(json.dumps({
        "name": "cpython", "version": "%d.%d.%d" % sys.version_info[:3], "threads": 1,
        "files": len(texts), "refused": n_refused, "bytes": n_bytes, "seconds": round(seconds, 6),
        "mb_per_second": round(n_bytes / 1e6 / seconds, 3),
        "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


main()
