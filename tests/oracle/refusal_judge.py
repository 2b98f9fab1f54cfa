# SPDX-License-Identifier: Apache-2.0
"""refusal_judge.py cases|verdicts - what the Python that runs this, 3.8 or newer, refuses.

cases: the sources in its own installed test package (snippets.py), as a JSON list; null without one.
verdicts: for a JSON list of sources on standard input, null for each that it compiles, else
[stage, line, message]; stage is "parser" or "compiler". Sources are compiled and never run.
"""
import ast
import json
import os
import sys
import sysconfig
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import snippets  # noqa: E402


def cases():
    stdlib = sysconfig.get_path("stdlib")
    if not os.path.exists(os.path.join(stdlib, "test", "test_syntax.py")):
        return None
    return [source.decode() for _, source in snippets.snippets(stdlib)]


def verdict(source):
    raw = source.encode("utf-8", "surrogateescape")
    stage = "parser"
    try:
        ast.parse(raw, "m.py")
        stage = "compiler"
        compile(raw, "m.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return [stage, error.lineno, str(error.msg)]
    except (ValueError, MemoryError, RecursionError, OverflowError, SystemError) as error:
        return ["none", None, str(error)]  # no verdict on the text
    return None


def main():
    warnings.simplefilter("ignore")
    if sys.argv[1] == "cases":
        json.dump(cases(), sys.stdout)
    else:
        json.dump([verdict(source) for source in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
