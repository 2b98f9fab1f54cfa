#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_stubs.py DIR RELEASE OUTPUT - the stubs below DIR as C, what src/modules/stubs.h declares."""

import re
import sys
from pathlib import Path

SPECIAL = {ord("\n"): b"\\n", ord('"'): b'\\"', ord("\\"): b"\\\\", ord("\r"): b"\\r", ord("\t"): b"\\t",
           ord("?"): b"\\?"}


def literal(data):
    """A text of C, a line of it a line of the data."""
    lines = data.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    quoted = []
    for line in lines or [b""]:
        text = b"".join(SPECIAL.get(c) or (bytes([c]) if 0x20 <= c < 0x7f else b"\\%03o" % c) for c in line)
        quoted.append(b'    "' + text + b'"')
    return b"\n".join(quoted)


def main():
    root, release, output = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    # A package before what is in it.
    paths = sorted((path.relative_to(root).as_posix() for path in root.rglob("*.pyi")),
                   key=lambda path: path.replace("__init__.pyi", ""))
    paths = [path for path in paths if re.fullmatch(r"[A-Za-z0-9_/]+\.pyi", path)]
    parts = [b'/* Made by cmake/embed_stubs.py from typeshed. */\n#include "modules/stubs.h"\n']
    rows = []
    for n, path in enumerate(paths):
        data = (root / path).read_bytes()
        parts.append(b"static const char stub_%d[] =\n%s;\n" % (n, literal(data)))
        rows.append(b'    {"%s", stub_%d, %d},' % (path.encode(), n, len(data)))
    parts.append(b"const rs_stub_file rs_stub_files[] = {\n" + b"\n".join(rows) + b"\n    {0}};\n")
    parts.append(b"const char rs_stub_versions[] =\n%s;\n" % literal((root / "VERSIONS").read_bytes()))
    parts.append(b'const char rs_stub_release[] = "%s";\n' % release.encode())
    output.write_bytes(b"\n".join(parts))


main()
