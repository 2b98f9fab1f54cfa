#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""repo_ignore.py [SEED [ROUNDS]] - which files a walk lists, compared with git ls-files.

Random .gitignore files in a tree of odd names; the seed is printed, so that a difference can be
had again.
"""
import os
import random
import subprocess
import sys
import tempfile

NAMES = ["a", "b", "ab", "a b", "a]", "#x", "!y", "[a]", "a-b", "out", "x*", "\u00e9", "-", "\\z"]
PIECES = ["a", "b", "ab", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[^a]", "[a-c]", "[]a]", "[]",
          "[a", "[[:alpha:]]", "[[:digit:]-]", "[[:foo:]]", "[a/b]", "\\a", "\\*", "\\", "\\/",
          "\\ ", " ", ".py", ".py", "*.py", "!", "#", "\\!", "\\#", "out", "**/", "/**", "***",
          "a*", "\u00e9", "[\\]]", "[a\\-z]", "[--a]", "\t", "[[:]", "[[:]]", "\r"]
ROUNDS_A_TREE = 40


def make_tree(pick, folder, depth):
    os.makedirs(folder, exist_ok=True)
    for name in NAMES:
        if pick.random() < 0.75:
            open(os.path.join(folder, name + ".py"), "w").close()
        if depth > 0 and pick.random() < 0.45:
            make_tree(pick, os.path.join(folder, name), depth - 1)


def pattern(pick):
    text = "".join(pick.choice(PIECES) for _ in range(pick.randint(1, 5)))
    text = "!" + text if pick.random() < 0.3 else text
    return text + "/" if pick.random() < 0.2 else text


def write_patterns(pick, path, n_most):
    text = "\n".join(pattern(pick) for _ in range(pick.randint(1, n_most)))
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(text + pick.choice(["", "\n"]))
    return text


def listed(command):
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return {name for name in out.split(b"\0") if name.endswith(b".py")}


def compare(pick, tree, folders, probe):
    """None, or what differs."""
    written = {}
    for folder in [tree] + pick.sample(folders, min(3, len(folders))):
        path = os.path.join(folder, ".gitignore")
        written[path] = write_patterns(pick, path, 5)
    exclude = os.path.join(tree, ".git", "info", "exclude")
    written[exclude] = write_patterns(pick, exclude, 1)
    git = listed(["git", "-C", tree, "ls-files", "-o", "--exclude-standard", "-z"])
    ours = listed([probe, "walk", tree])
    for path in written:
        os.unlink(path)
    if git == ours:
        return None
    return "only git %r, only relspec %r, patterns %r" % (
        sorted(git - ours)[:5], sorted(ours - git)[:5], written)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20240229
    n_rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    # Neither a user's nor the system's excludes.
    os.environ.update({"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
                       "XDG_CONFIG_HOME": os.devnull})
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "repo_probe")
    pick = random.Random(seed)
    n_failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for i in range(n_rounds):
            if i % ROUNDS_A_TREE == 0:
                tree = os.path.join(scratch, str(i))
                make_tree(pick, tree, 2)
                subprocess.run(["git", "init", "-q", tree], check=True)
                folders = sorted(d for d, _, _ in os.walk(tree) if "/.git" not in d)
            difference = compare(pick, tree, folders, probe)
            if difference is not None:
                n_failed += 1
                print("not ok - seed %d, round %d: %s" % (seed, i, difference))
    print("%d passed, %d failed" % (n_rounds - n_failed, n_failed))
    sys.exit(n_failed > 0)


if __name__ == "__main__":
    main()
