#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""queries.py - docs/queries.sql has three queries for each registered dataset and built-in relationship; each runs.

They run over a bundle of a small tree that has something of everything; most must find rows in it.
"""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import SOURCE, Scratch, Tap, build, relspec, small_tree, write_tree  # noqa: E402

WANTED = 3
LEAST_ANSWERED = 0.75  # of the queries whose dataset has rows in this tree


def read_queries(text):
    """(dataset, question, SQL) in the order of the file."""
    dataset = question = None
    for part in re.split(r"^(-- dataset: .*|-- \? .*)$", text, flags=re.MULTILINE):
        if part.startswith("-- dataset: "):
            dataset = part[len("-- dataset: "):].strip()
        elif part.startswith("-- ? "):
            question = part[len("-- ? "):].strip()
        elif question is not None and part.strip():
            yield dataset, question, part.strip()
            question = None


TREE = {
    "more/shapes.py": "import abc\nfrom typing import Any  # noqa\n\n\nclass Base(metaclass=abc.ABCMeta):\n"
                      "    '''A base.'''\n\n    @property\n    def area(self) -> int:\n"
                      "        def inner():\n            return self\n        return inner()\n\n\n"
                      "class Square(Base):  # TODO: sides\n"
                      "    def walk(self, side: int = 2, *rest: Any, **more):\n"
                      "        import os\n        for x in range(side):\n            yield x\n"
                      "        if side:\n            y = 1\n        try:\n            run(y, 'a')\n"
                      "        except ValueError:\n            raise\n        return None\n        z = 1\n",
    "more/__init__.py": "",
    "more/empty.py": "",
    "refused.py": "return 1\n",
}


def main():
    tap = Tap()
    registry = json.loads(relspec("schema", "--json").stdout)
    queries = list(read_queries((SOURCE / "docs/queries.sql").read_text(encoding="utf-8")))
    for dataset in registry:
        n_found = sum(q[0] == dataset["name"] for q in queries)
        tap.ok(n_found == WANTED, "%s has its queries in docs/queries.sql" % dataset["name"],
               "%d, should be %d" % (n_found, WANTED))
    strangers = {q[0] for q in queries} - {d["name"] for d in registry}
    tap.ok(not strangers, "docs/queries.sql asks of no other dataset", strangers)
    with Scratch() as scratch:
        tree = write_tree(small_tree(scratch / "src"), TREE)
        (tree / "dangling.py").symlink_to("nowhere.py")
        bundle = build(tree, scratch / "out").resolve()
        n_rows = {d["name"]: d["rows"] for d in
                  json.loads((bundle / "manifest.json").read_text())["datasets"]
                  if d["group"] != "rejects"}
        asked, unanswered = 0, []
        for dataset, question, sql in queries:
            done = relspec("query", bundle, "--format", "json", sql)
            if not tap.ok(done.returncode == 0, "%s: %s" % (dataset, question), done.stderr):
                continue
            if n_rows.get(dataset):
                asked += 1
                unanswered += [] if json.loads(done.stdout) else ["%s: %s" % (dataset, question)]
        tap.ok(asked - len(unanswered) >= LEAST_ANSWERED * asked, "most queries find something",
               "\n".join(unanswered))
    tap.finish()


main()
