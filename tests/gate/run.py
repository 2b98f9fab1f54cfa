#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - relspec gate end to end: what drifts is named, what does not drift says nothing."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import (NO_NETWORK, PROGRAM, SOURCE, Scratch, Tap, build, readers, relspec,  # noqa: E402
                     small_tree, write_tree)

PACK = """\
pack: house
rules:
- name: call_argument
  doc: The same with a condition.
  kind: filter_project
  inputs: {a: args}
  where: (a.arg_id & 1) = 0 AND a.arg_id <> 4 AND "quoted" = "quoted"
  emit: {edge: ARGUMENT, src: a.call_id, dst: a.arg_id, file: a.file_id}
""".replace('"', "'")

SAME = """\
# What the built-in pack says, written otherwise.
pack: house
rules:
- emit: {file: "a.file_id",
         dst: a.arg_id,   src: (a.call_id), edge: ARGUMENT}
  inputs: {a: args}
  kind: filter_project   # as ever
  doc: A call has its arguments.
  name: call_argument
"""

REJECTING = """\
pack: house
datasets:
- name: rel_twice
  doc: A key that is none.
  key: [file_id]
  columns:
    file_id: {type: id, required: true, doc: the file}
    text: {type: str, required: true, doc: a callee}
rules:
- name: twice
  doc: More than one row a key, and rows that lack what they must have.
  kind: filter_project
  inputs: {c: calls}
  select: {file_id: c.file_id, text: c.callee_text}
  confidence: cst
  output: rel_twice
"""


def gate(*args, **more):
    return relspec("gate", *args, **more)


def report_of(result):
    return json.loads(result.stdout)


def edit(path, change):
    snapshot = json.loads(path.read_text())
    change(snapshot)
    path.write_text(json.dumps(snapshot, indent=2, sort_keys=True) + "\n")


class Place:
    """A small tree with its snapshot."""

    def __init__(self, scratch, *options):
        self.scratch = scratch
        self.tree = small_tree(scratch / "tree")
        self.snapshot = scratch / "snap.json"
        self.made = gate(self.tree, "--once", "-s", self.snapshot, "--update", *options)

    def check(self, *options):
        return gate(self.tree, "--once", "-s", self.snapshot, *options)

    def found(self, *options):
        """The findings, each as (check, object, field)."""
        return [(f["check"], f["object"], f["field"])
                for f in report_of(self.check("--json", *options))["findings"]]


def life(tap, scratch):
    missing = gate(scratch, "-s", scratch / "none.json")
    tap.ok(missing.returncode == 2 and "--update" in missing.stderr, "no snapshot is usage",
           missing.stderr)
    place = Place(scratch)
    tap.ok(place.made.returncode == 0 and place.made.stdout == "", "--update makes one",
           place.made.stderr)
    text = place.snapshot.read_text()
    tap.ok(text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n",
           "which is sorted, a value a line")
    tap.ok(str(scratch) not in text, "and knows no path of this machine")
    whole = gate(place.tree, "-s", place.snapshot, "--threads", "1,2", env={"TMPDIR": str(scratch)})
    tap.ok(whole.returncode == 0 and whole.stdout == "", "nothing drifts, built in four ways",
           whole.stdout + whole.stderr)
    tap.ok(whole.stderr.count("built ") == 4 and "ok    builds" in whole.stderr, "which are told",
           whole.stderr)
    tap.ok(not list(scratch.glob("relspec-gate-*")), "and leave nothing behind")
    place.check("--update")
    tap.ok(place.snapshot.read_text() == text, "--update without a change changes nothing")
    kept = place.check("-o", scratch / "kept")
    bundle = scratch / "kept/build-0/run_bundles/latest"
    tap.ok(kept.returncode == 0 and (bundle / "manifest.json").exists(), "-o keeps the bundle")
    again = gate("--bundle", bundle, "-s", place.snapshot)
    tap.ok(again.returncode == 0, "a bundle can be compared alone", again.stderr)


def rules(tap, scratch):
    place = Place(scratch)
    write_tree(scratch, {"same/p.yaml": SAME, "other/p.yaml": PACK})
    same = place.check("--rules", scratch / "same")
    tap.ok(same.returncode == 0, "form, comments and order of keys are not in a signature",
           same.stdout)
    other = place.check("--rules", scratch / "other", "--junit", scratch / "gate.xml")
    first = other.stdout.splitlines()[0]
    tap.ok(other.returncode == 1 and first.startswith("rule call_argument: where: nothing -> "),
           "a changed rule is named, with its field", other.stdout)
    findings = place.found("--rules", scratch / "other")
    tap.ok([f for f in findings if f[0] == "rules"] == [("rules", "call_argument", "where")],
           "and no other", findings)
    tap.ok(("graph_signature", "graph", "signature") in findings and
           ("datasets", "cpg/edges", "rows") in findings and
           ("counts", "ARGUMENT", "edges") in findings, "with all that follows", findings)
    suites = xml.parse(scratch / "gate.xml").getroot()
    told = {s.get("name"): int(s.get("failures")) for s in suites}
    tap.ok(told["rules"] == 1 and told["policy"] == 0, "as JUnit XML too", told)
    texts = "".join(f.text for f in suites.iter("failure"))
    tap.ok("<>" in texts and "&" in texts and "'quoted'" in texts, "which is escaped", texts)
    missing = place.check("--rules", scratch / "none")
    tap.ok(missing.returncode == 3, "what cannot be built is a failure", missing.stderr)


def policy(tap, scratch):
    place = Place(scratch)
    write_tree(scratch, {"p.yaml": "confidence: {qname_fallback: {base: 0.7}}\n"})
    findings = place.found("--policy", scratch / "p.yaml")
    tap.ok(("policy", "policy", "confidence.qname_fallback.base") in findings,
           "a changed policy is named by its field", findings)
    tap.ok(("rules", "call_to_qname", "emit.select.confidence") in findings,
           "and the rules that it changes", findings)


def content(tap, scratch):
    place = Place(scratch)
    write_tree(place.tree, {"tool.py": "from pkg import run\nfor i in range(9):\n    run(str(i))\n"})
    changed = place.check()
    tap.ok("analysed files: 4 -> 4, other content" in changed.stdout, "other input is named",
           changed.stdout)
    tap.ok("dataset evidence/calls: " in changed.stdout, "with the rows of datasets")
    edit(place.snapshot, lambda s: s.update(content="bands", bands={"default_percent": 100}))
    banded = place.check()
    tap.ok(banded.returncode == 1 and "nodes FOR: 0 -> 1 (new)" in banded.stdout and
           "dataset evidence/calls" not in banded.stdout,
           "in bands only what leaves its band is told", banded.stdout)
    edit(place.snapshot, lambda s: s["counts"]["nodes"].update(FOR=1))
    write_tree(place.tree, {"many.py": "".join("f(%d)\n" % i for i in range(200))})
    exploded = place.check()
    tap.ok("edges CALLEE: " in exploded.stdout and "an explosion" in exploded.stdout,
           "an explosion is one", exploded.stdout)
    bands = {"default_percent": 1e6, "edges": {"CDG": 0}}
    edit(place.snapshot, lambda s: s.update(bands=bands))
    edited = place.check()
    tap.ok(edited.returncode == 0, "the band can be edited", edited.stdout)
    place.check("--update")
    made = json.loads(place.snapshot.read_text())
    tap.ok(made["content"] == "bands" and made["bands"] == bands,
           "and stays when the snapshot is replaced")
    edit(place.snapshot, lambda s: [s.pop(k) for k in ("rules", "datasets")])
    write_tree(scratch, {"other/p.yaml": PACK})
    partial = place.found("--rules", scratch / "other")
    tap.ok(not [f for f in partial if f[0] in ("rules", "datasets")],
           "what a snapshot lacks is not compared", partial)
    place.check("--update")
    tap.ok("rules" not in json.loads(place.snapshot.read_text()), "and stays away")


def rejects(tap, scratch):
    write_tree(scratch, {"rules/p.yaml": REJECTING})
    place = Place(scratch, "--rules", scratch / "rules")
    told = json.loads(place.snapshot.read_text())["rejects"]
    tap.ok(told.get("rel_twice"), "rejects stand in the snapshot by reason", told)
    options = ("--rules", scratch / "rules")
    tap.ok(place.check(*options).returncode == 0, "as many as before are no drift")

    def lower(snapshot):
        reasons = snapshot["rejects"]["rel_twice"]
        name = sorted(reasons)[0]
        reasons[name] -= 1
    edit(place.snapshot, lower)
    more = place.check(*options)
    tap.ok(more.returncode == 1 and more.stdout.startswith("rejects rel_twice: "),
           "one more is", more.stdout)


def refusals(tap, scratch):
    place = Place(scratch)
    good = place.snapshot.read_text()
    cases = [
        ("no JSON", lambda p: p.write_text("{"), "parse"),
        ("not a snapshot", lambda p: p.write_text("{}"), "no snapshot of relspec gate"),
        ("of a later format", lambda p: edit(p, lambda s: s.update(format_version=9)),
         "snapshot format 9"),
        ("a member of another type", lambda p: edit(p, lambda s: s.update(rules=[])),
         "rules is not an object"),
        ("an unknown content", lambda p: edit(p, lambda s: s.update(content="all")),
         "neither exact nor bands"),
        ("a band that is none", lambda p: edit(p, lambda s: s["bands"]["edges"].update(CALL="a")),
         "bands.edges.CALL is not a percent"),
        ("an unknown band", lambda p: edit(p, lambda s: s["bands"].update(nodez={})), "bands has"),
    ]
    for name, damage, words in cases:
        place.snapshot.write_text(good)
        damage(place.snapshot)
        result = place.check()
        tap.ok(result.returncode == 2 and words in result.stderr, name + " is refused",
               "%d %s" % (result.returncode, result.stderr))
    for args, words in [((), "--snapshot"), (("-s", "x", "--threads", "1,,2"), "--threads"),
                        (("-s", "x", "--threads", "0"), "--threads"),
                        (("-s", "x", "--bundle", "b", "--once"), "nothing is built"),
                        (("-s", "x", "--bundle", "b", "tree"), "takes the place of PATH")]:
        result = gate(*args)
        tap.ok(result.returncode == 2 and words in result.stderr, "usage: %s" % (args,),
               result.stderr)


def whole_or_not(tap, scratch):
    """A snapshot is replaced whole, and only when all is well."""
    place = Place(scratch)
    before = place.snapshot.read_text()
    write_tree(place.tree, {"more.py": "x = 1\n"})
    result = relspec("gate", place.tree, "--once", "-s", place.snapshot, "--update",
                     "--junit", scratch / "none/gate.xml")
    tap.ok(result.returncode == 3, "a report that cannot be written is a failure", result.stderr)
    away = gate(place.tree, "--once", "-s", scratch / "none/snap.json", "--update")
    tap.ok(away.returncode == 3 and "none/snap.json" in away.stderr,
           "so is a snapshot that cannot be written", away.stderr)
    tap.ok(place.snapshot.read_text() != before and not list(scratch.glob("*.tmp-*")),
           "the other one is there, and no draft")
    tree = scratch / "large"
    write_tree(tree, {"m%d.py" % i: "def f(x):\n    return x + 1\n" * 3000 for i in range(60)})
    process = subprocess.Popen([PROGRAM, "gate", str(tree), "-s", str(scratch / "l.json"), "-u"],
                               env=dict(os.environ, TMPDIR=str(scratch)), stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    tap.ok(process.returncode == 130 and not list(scratch.glob("relspec-gate-*")) and
           not (scratch / "l.json").exists(), "an interrupt leaves nothing", process.returncode)


def files(tap, scratch):
    """Which files changed; what is left out of a tree is none of them."""
    place = Place(scratch)
    write_tree(place.tree, {".venv/lib/x.py": "", "env/pyvenv.cfg": "", "env/x.py": ""})
    same = place.check()
    tap.ok(same.returncode == 0, "an environment in the tree drifts nothing", same.stdout)
    gone = sorted(p for p in place.tree.glob("pkg/*.py") if p.name != "__init__.py")[0]
    gone.unlink()
    write_tree(place.tree, {"tool.py": "x = 1\n", "new.py": ""})
    told = {f[1:] for f in place.found() if f[0] == "input"}
    tap.ok(told == {("input", "sha256"), ("tool.py", "sha256"), ("new.py", None),
                    (str(gone.relative_to(place.tree)), None)}, "files are named", told)


# Of each member: what it alone still catches of what is changed below, as docs/gates.md says.
MEMBERS = {
    "input": {"source", "comment"},
    "config": {"config", "policy"},
    "policy": {"policy"},
    "rules": {"rules", "policy"},
    "graph_signature": {"rules", "policy"},
    "datasets": {"source", "comment", "rules", "policy"},
    "counts": {"source", "comment", "rules"},
    "rejects": {"rejects"},
}


def members(tap, scratch):
    """Each member of a snapshot by itself, and a snapshot without each."""
    place = Place(scratch)
    whole = json.loads(place.snapshot.read_text())
    write_tree(scratch, {"rules/p.yaml": PACK, "twice/p.yaml": REJECTING,
                         "p.yaml": "confidence: {qname_fallback: {base: 0.7}}\n"})
    write_tree(place.tree, {"more.py": "f(1)\n"})
    source = build(place.tree, scratch / "source")
    (place.tree / "more.py").unlink()
    changes = {
        "source": source,
        "rules": build(place.tree, scratch / "1", "--rules", scratch / "rules"),
        "policy": build(place.tree, scratch / "2", "--policy", scratch / "p.yaml"),
        "config": build(place.tree, scratch / "3", "--exclude", "none/"),
        "rejects": build(place.tree, scratch / "4", "--rules", scratch / "twice"),
    }
    text = (place.tree / "tool.py").read_text()
    write_tree(place.tree, {"tool.py": text + "# a comment\n"})
    changes["comment"] = build(place.tree, scratch / "5")
    frame = {k: whole[k] for k in ("format", "format_version", "content")}
    for member, catches in MEMBERS.items():
        place.snapshot.write_text(json.dumps(dict(frame, **{member: whole[member]})))
        caught = {name for name, bundle in changes.items()
                  if gate("--bundle", bundle, "-s", place.snapshot).returncode == 1}
        # Two more rules are two more rules, also where it is about what they reject.
        caught -= {"rejects"} if member != "rejects" else set()
        tap.ok(caught == catches, "%s alone catches what the page says" % member, caught)
        place.snapshot.write_text(json.dumps({k: v for k, v in whole.items() if k != member}))
        done = report_of(gate("--bundle", source, "-s", place.snapshot, "--json"))
        tap.ok(member not in {c["check"] for c in done["checks"]}, "without %s nothing is said of it"
               % member, done["checks"])
    page = (SOURCE / "docs/gates.md").read_text()
    for member in frame:
        place.snapshot.write_text(json.dumps({k: v for k, v in whole.items() if k != member}))
        result = gate("--bundle", source, "-s", place.snapshot)
        tap.ok(result.returncode == 2, "no snapshot without %s" % member, result.stderr)
    tap.ok(all("| `%s` |" % m in page for m in [*MEMBERS, *frame, "bands", "made_by"]),
           "the page has each")


def order(tap, scratch):
    """Rows out of the order that the footer declares: a bundle that no build makes."""
    python = readers()
    if python is None:
        tap.skip("rows out of order are found", NO_NETWORK, "pyarrow")
        return
    place = Place(scratch)
    bundle = build(place.tree, scratch / "out").resolve()
    path = bundle / "relationships/rel_call_qname/part-00000.parquet"
    subprocess.run([str(python), "-c", "import sys, pyarrow.parquet as p; t = p.read_table("
                    "sys.argv[1]); p.write_table(t.take(list(range(len(t)))[::-1]), sys.argv[1])",
                    str(path)], check=True)
    result = gate("--bundle", bundle, "-s", place.snapshot)
    tap.ok(result.returncode == 1 and "rel_call_qname" in result.stdout and
           "stand elsewhere than its order" in result.stdout, "rows out of order are found",
           result.stdout + result.stderr)


def main():
    tap = Tap()
    for part in (life, rules, policy, content, files, members, rejects, refusals, whole_or_not, order):
        with Scratch() as scratch:
            part(tap, scratch)
    tap.finish()


if __name__ == "__main__":
    main()
