#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - the doctor finds what is wrong with a bundle: every file damaged in several ways."""

import hashlib
import json
import shutil

from harness import Scratch, Tap, build, doctor, query, relspec, small_tree


def flip(data):
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0x20
    return bytes(flipped)


DAMAGES = {
    "truncated": lambda data: data[:len(data) // 2],
    "flipped": flip,
    "longer": lambda data: data + b"\n",
    "deleted": None,
}


def spoil(path, damage):
    """Damage a file; gives back what undoes it."""
    data = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(data))
    return lambda: path.write_bytes(data)


def objects_of(result):
    return {line.split(":")[0] for line in result.stdout.splitlines()}


def check_damage(tap, bundle, files):
    """Each file has its own line, so all are damaged at once; but without a manifest all is lost."""
    manifest = bundle / "manifest.json"
    for name, damage in DAMAGES.items():
        undo = [spoil(path, damage) for path in files if path != manifest]
        found = objects_of(relspec("doctor", bundle))
        for path in files:
            name_of = str(path.relative_to(bundle))
            if path != manifest:
                tap.ok(name_of in found, "%s %s is found" % (name_of, name))
        for restore in undo:
            restore()
        restore = spoil(manifest, damage)
        result = relspec("doctor", bundle)
        found = result.returncode == 2 if damage is None else \
            result.returncode == 1 and "manifest.json" in objects_of(result)
        tap.ok(found, "manifest.json %s is found" % name, result.stdout + result.stderr)
        restore()


def check_strangers(tap, bundle, folders):
    """A good file too many in every folder."""
    strangers = [folder / "part-00077.parquet" for folder in folders]
    for stranger in strangers:
        shutil.copy(bundle / "evidence/defs/part-00000.parquet", stranger)
    found = objects_of(relspec("doctor", bundle))
    for stranger in strangers:
        name = str(stranger.relative_to(bundle))
        tap.ok(name in found, "%s, a file too many, is found" % name)
        stranger.unlink()


# What somebody changes in the manifest, who then makes its hash true -> the check that finds it.
LIES = [
    ("rows", lambda m: m["datasets"][5].update(rows=m["datasets"][5]["rows"] + 1)),
    ("rows", lambda m: m["datasets"][5].update(rows=0)),
    ("fingerprint", lambda m: m["datasets"][5].update(schema_fingerprint="0" * 64)),
    ("version", lambda m: m["datasets"][5].update(version=99)),
    ("kind_counts", lambda m: m["counts"]["nodes"].update(FILE=99)),
    ("listing", lambda m: m["datasets"].pop(5)),
]


def check_lies(tap, bundle):
    path = bundle / "manifest.json"
    text = path.read_text()
    for check, lie in LIES:
        manifest = json.loads(text)
        lie(manifest)
        del manifest["content_hash"]
        compact = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        manifest["content_hash"] = hashlib.sha256(compact.encode()).hexdigest()
        path.write_text(json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n")
        found = {f["check"] for f in json.loads(relspec("doctor", "--json", bundle).stdout)["findings"]}
        tap.ok(check in found and "content_hash" not in found and "spelling" not in found,
               "a manifest that lies about %s is found" % check, found)
    path.write_text(text)


def main():
    tap = Tap()
    with Scratch() as scratch:
        bundle = build(small_tree(scratch / "src"), scratch / "out").resolve()
        tap.ok(True, "a small bundle is sound")
        files = sorted(p for p in bundle.rglob("*") if p.is_file())
        check_damage(tap, bundle, files)
        check_strangers(tap, bundle, sorted({path.parent for path in files}))
        report = json.loads(relspec("doctor", "--json", bundle).stdout)
        tap.ok(report["findings"] == [] and report["n_checks"] > 1000, "the report is JSON too")
        check_lies(tap, bundle)
        manifest = json.loads((bundle / "manifest.json").read_text())
        counted = {row["kind"]: row["n"] for row in
                   query(bundle, "SELECT kind, count(*) AS n FROM nodes GROUP BY kind")}
        tap.ok(counted == manifest["counts"]["nodes"], "the manifest counts the nodes by kind")
        tap.ok(doctor(bundle) == "", "restored, the bundle is sound again", doctor(bundle))
    tap.finish()


main()
