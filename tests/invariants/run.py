#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - the doctor finds what is wrong with a bundle: every file damaged in four ways."""

import json
import shutil

from harness import Scratch, Tap, build, doctor, query, relspec, small_tree

UNCHECKED = {"environment.json"}  # differs between equal runs, so no hash of it can be kept


def damages(path):
    """(name, what to do) for each way to spoil a file."""
    data = path.read_bytes()
    yield "truncated", lambda: path.write_bytes(data[:len(data) // 2])
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0x20
    yield "flipped", lambda: path.write_bytes(bytes(flipped))
    yield "emptied", lambda: path.write_bytes(b"")
    yield "deleted", path.unlink


def main():
    tap = Tap()
    with Scratch() as scratch:
        bundle = build(small_tree(scratch / "src"), scratch / "out").resolve()
        tap.ok(True, "a small bundle is sound")
        files = sorted(p for p in bundle.rglob("*") if p.is_file())
        for path in files:
            name = str(path.relative_to(bundle))
            if name in UNCHECKED:
                continue
            data = path.read_bytes()
            missed = []
            for damage, spoil in damages(path):
                spoil()
                result = relspec("doctor", bundle)
                gone = damage == "deleted" and name == "manifest.json"  # then it is no bundle
                if result.returncode != (2 if gone else 1) or result.stdout.count(name) < (not gone):
                    missed.append("%s: exit %d\n%s%s" % (damage, result.returncode, result.stdout,
                                                         result.stderr))
                path.write_bytes(data)
            tap.ok(not missed, "damage to %s is found" % name, "\n".join(missed))
        stranger = bundle / "evidence/defs/part-00077.parquet"
        shutil.copy(bundle / "evidence/defs/part-00000.parquet", stranger)
        tap.ok("part-00077" in doctor(bundle), "a file too many is found")
        stranger.unlink()
        manifest = json.loads((bundle / "manifest.json").read_text())
        counted = {row["kind"]: row["n"] for row in
                   query(bundle, "SELECT kind, count(*) AS n FROM nodes GROUP BY kind")}
        tap.ok(counted == manifest["counts"]["nodes"], "the manifest counts the nodes by kind")
        tap.ok(doctor(bundle) == "", "restored, the bundle is sound again", doctor(bundle))
    tap.finish()


main()
