#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""releases.py - relspec diff over two releases of Flask, against what a reader finds in the sources.

The releases come from PyPI; without a way there the test is skipped.
"""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import NO_NETWORK, Scratch, Tap, build_unseen, relspec, skip  # noqa: E402

RELEASES = ("3.0.3", "3.1.0")


def fetch(scratch, version):
    folder = scratch / version
    done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                           "--disable-pip-version-check", "flask==" + version, "-d", str(folder)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=300)
    if done.returncode != 0:
        skip(NO_NETWORK, "Flask %s: %s" % (version, done.stdout.strip().splitlines()[-1:]))
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "src")
    return folder / "src"


def main():
    tap = Tap()
    with Scratch() as scratch:
        before, after = (build_unseen(fetch(scratch, v), scratch / ("out " + v)) for v in RELEASES)
        found = json.loads(relspec("diff", "--json", before, after).stdout)
    files = {(f["change"], f["path"].partition("/")[2]) for f in found["files"]}
    definitions = {(d["change"], d["kind"], (d["after"] or d["before"]).partition(".")[2])
                   for d in found["definitions"]}
    edges = {(e["kind"], e["change"], e["src"], e["dst"]) for e in found["edges"]}
    tap.ok(files == {("changed", name + ".py") for name in (
        "app", "blueprints", "cli", "config", "helpers", "json/provider", "sansio/app",
        "sansio/scaffold", "sessions", "testing", "typing", "views", "wrappers")},
        "thirteen files were changed, none came or went", files)
    for change, kind, name in (
            ("added", "METHOD", "sessions.SessionInterface.get_cookie_partitioned"),
            ("added", "METHOD", "wrappers.Request.max_form_memory_size"),
            ("removed", "METHOD", "sansio.scaffold._path_is_relative_to"),
            ("changed", "METHOD", "app.Flask.create_url_adapter"),
            ("changed", "METHOD", "config.Config.from_prefixed_env")):
        tap.ok((change, kind, name) in definitions, "%s: %s" % (name, change), sorted(definitions))
    tap.ok(not [d for d in definitions if d[2].startswith("signals")], "flask.signals is as it was")
    tap.ok(("CALLS_QNAME", "added", "CALL in flask.app.Flask.create_url_adapter",
            "QUALIFIED_NAME werkzeug.wsgi.get_host") in edges, "create_url_adapter calls get_host")
    tap.ok({("DECLARES_IMPORT", "removed", "MODULE flask.helpers", "IMPORT lru_cache in flask.helpers"),
            ("DECLARES_IMPORT", "added", "MODULE flask.helpers", "IMPORT cache in flask.helpers")}
           <= edges, "flask.helpers imports cache, not lru_cache")
    tap.ok({("HAS_BASE", "removed", "TYPE_DECL flask.sessions.SecureCookieSession",
             "IDENTIFIER CallbackDict in flask.sessions.SecureCookieSession"),
            ("HAS_BASE", "added", "TYPE_DECL flask.sessions.SecureCookieSession",
             "SUBSCRIPT in flask.sessions.SecureCookieSession")} <= edges,
           "SecureCookieSession's base has parameters now")
    tap.finish()


main()
