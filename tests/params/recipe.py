# SPDX-License-Identifier: Apache-2.0
"""recipe.py - the signature of a param table by the recipe of docs/params.md, without relspec.

As a program: prints the golden values of tests/unit/test_param_signature.c.
"""

import hashlib
import struct


def hash_of(encoded):
    """An id of docs/conventions.md, unsigned."""
    return int.from_bytes(hashlib.sha256(encoded).digest()[:8], "big")


def value_bytes(type_name, value):
    forms = {"i64": "<q", "i32": "<q", "id": "<q", "gid": "<q", "bool": "<?", "f64": "<d",
             "f32": "<f"}
    if type_name not in forms:
        return value.encode()
    return struct.pack(forms[type_name], value + 0.0 if type_name[0] == "f" else value)


def signature(name, type_name, values):
    """values: a list with None for a null; None for a table that was given nothing."""
    whole = hashlib.sha256("relspec.param.2\n{}\n{}\n".format(name, type_name).encode())
    if values is None:
        whole.update(b"missing\n")
        return whole.hexdigest()
    encoded = [b"n" if v is None else b"%d:%b" % (len(value_bytes(type_name, v)),
                                                  value_bytes(type_name, v)) for v in values]
    hashes = sorted(map(hash_of, encoded))
    whole.update(b"given\n" + struct.pack("<QQ", len(hashes), sum(v is None for v in values)))
    whole.update(struct.pack("<%dQ" % len(hashes), *hashes))
    return whole.hexdigest()


GOLDEN = [
    ("str", None), ("str", []), ("str", [None]),
    ("str", ["api", "core", "api", None,
             "a text of more than sixty-four bytes, which is more than one block of the digest"]),
    ("i64", [3, -1, 3]), ("bool", [True, False]), ("f64", [0.5, -0.0]), ("f32", [0.5, 0.25]),
]

if __name__ == "__main__":
    for golden_type, golden_values in GOLDEN:
        print(signature("layers", golden_type, golden_values), golden_type, golden_values)
