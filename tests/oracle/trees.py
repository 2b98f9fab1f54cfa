# SPDX-License-Identifier: Apache-2.0
"""trees.py - what tree_dump says of a source: our tree, errors and names."""
import os
import struct
import subprocess
import threading

NONE = 0xffffffff
# As tree_dump.c lists them.
(CLASS, FIELD, ORDER, CONTEXT, PARENT, N_SUBTREE, START, END, START_LINE, START_COLUMN, END_LINE,
 END_COLUMN, DAMAGED, NAME) = range(14)
(E_CODE, E_START, E_END, E_LINE, E_REGION, E_MESSAGE) = range(6)


class Tree:
    """nodes and errors are tuples of numbers, indexed by the names above."""

    def __init__(self, nodes, errors, strings):
        self.nodes = nodes
        self.errors = errors
        self.strings = strings

    def name(self, node):
        return None if node[NAME] == NONE else self.strings[node[NAME]].decode()

    def message(self, error):
        return self.strings[error[E_MESSAGE]].decode()

    def children(self):
        """For each node {(field, order): number of the child}."""
        below = [{} for _ in self.nodes]
        for number, node in enumerate(self.nodes):
            if node[PARENT] != NONE:
                below[node[PARENT]][node[FIELD], node[ORDER]] = number
        return below


def program():
    return os.path.join(os.environ["RS_BINARY_DIR"], "tests", "tree_dump")


def names():
    """What `tree_dump names` prints."""
    return subprocess.run([program(), "names"], stdout=subprocess.PIPE, check=True).stdout


class Words:
    """classes, fields, codes: the words behind the numbers; class_number: the way back."""

    def __init__(self, printed):
        self.classes, self.fields, self.codes = (
            line.split(" ") for line in printed.decode().splitlines())
        self.class_number = {name: number for number, name in enumerate(self.classes)}
        self.field_number = {name: number for number, name in enumerate(self.fields)}


class DumpFailed(Exception):
    """tree_dump ended early: index is the number of the source that it read last."""

    def __init__(self, index, status):
        super().__init__("tree_dump ended with %d at source %d" % (status, index))
        self.index = index


def read_tree(stream):
    head = stream.read(16)
    if len(head) < 16:
        return None
    n_nodes, n_errors, n_strings, n_bytes = struct.unpack("=4I", head)
    nodes = list(struct.iter_unpack("=14I", stream.read(n_nodes * 56)))
    errors = list(struct.iter_unpack("=6I", stream.read(n_errors * 24)))
    sizes = struct.unpack("=%dI" % n_strings, stream.read(4 * n_strings))
    text = stream.read(n_bytes)
    strings = []
    at = 0
    for size in sizes:
        strings.append(text[at:at + size])
        at += size
    return Tree(nodes, errors, strings) if at == n_bytes == len(text) else None


def dump(sources):
    """The tree of each source, in order; sources is any iterable of bytes."""
    child = subprocess.Popen([program()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    counted = [0]

    def feed():
        try:
            for source in sources:
                counted[0] += 1
                child.stdin.write(struct.pack("=I", len(source)) + source)
            child.stdin.close()
        except BrokenPipeError:
            pass

    feeder = threading.Thread(target=feed)
    feeder.start()
    n_read = 0
    try:
        while True:
            tree = read_tree(child.stdout)
            if tree is None:
                break
            yield tree
            n_read += 1
    finally:
        child.stdout.close()
        feeder.join()
        status = child.wait()
    if status != 0 or n_read != counted[0]:
        raise DumpFailed(n_read, status)


def record(sources, stream):
    """The same, unread, into an open file."""
    child = subprocess.Popen([program()], stdin=subprocess.PIPE, stdout=stream)
    for source in sources:
        child.stdin.write(struct.pack("=I", len(source)) + source)
    child.stdin.close()
    if child.wait() != 0:
        raise DumpFailed(0, child.returncode)
