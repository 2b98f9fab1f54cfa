# SPDX-License-Identifier: Apache-2.0
"""recipe.py - the signature of a param table by the recipe of docs/params.md, without relspec.

As a program: prints the golden values of tests/unit/test_param_signature.c.
"""

import hashlib
import struct

MASK = (1 << 64) - 1
P1, P2, P3, P4, P5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
                      0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)


def turn(number, bits):
    return ((number << bits) | (number >> (64 - bits))) & MASK


def lane(number, block):
    return turn((number + block * P2) & MASK, 31) * P1 & MASK


def xxh64(data, seed=0):
    at = 0
    if len(data) >= 32:
        lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        for at in range(0, len(data) - 31, 32):
            lanes = [lane(n, b) for n, b in zip(lanes, struct.unpack_from("<4Q", data, at))]
        at += 32
        value = sum(turn(n, bits) for n, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for number in lanes:
            value = ((value ^ lane(0, number)) * P1 + P4) & MASK
    else:
        value = (seed + P5) & MASK
    value = (value + len(data)) & MASK
    for at in range(at, len(data) - 7, 8):
        value = (turn(value ^ lane(0, struct.unpack_from("<Q", data, at)[0]), 27) * P1 + P4) & MASK
    at = len(data) & ~7
    if len(data) - at >= 4:
        value ^= struct.unpack_from("<I", data, at)[0] * P1 & MASK
        value = (turn(value, 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        value = turn(value ^ (byte * P5 & MASK), 11) * P1 & MASK
    value = (value ^ (value >> 33)) * P2 & MASK
    value = (value ^ (value >> 29)) * P3 & MASK
    return value ^ (value >> 32)


def value_bytes(type_name, value):
    forms = {"i64": "<q", "i32": "<q", "id": "<q", "gid": "<q", "bool": "<?", "f64": "<d",
             "f32": "<f"}
    if type_name not in forms:
        return value.encode()
    return struct.pack(forms[type_name], value + 0.0 if type_name[0] == "f" else value)


def signature(name, type_name, values):
    """values: a list with None for a null; None for a table that was given nothing."""
    whole = hashlib.sha256("relspec.param.1\n{}\n{}\n".format(name, type_name).encode())
    if values is None:
        whole.update(b"missing\n")
        return whole.hexdigest()
    hashes = sorted(xxh64(b"", 1) if v is None else xxh64(value_bytes(type_name, v))
                    for v in values)
    whole.update(b"given\n" + struct.pack("<QQ", len(hashes), sum(v is None for v in values)))
    whole.update(struct.pack("<%dQ" % len(hashes), *hashes))
    return whole.hexdigest()


GOLDEN = [
    ("str", None), ("str", []), ("str", [None]),
    ("str", ["api", "core", "api", None,
             "a text of more than thirty-two bytes, so that all lanes run"]),
    ("i64", [3, -1, 3]), ("bool", [True, False]), ("f64", [0.5, -0.0]), ("f32", [0.5, 0.25]),
]

if __name__ == "__main__":
    for golden_type, golden_values in GOLDEN:
        print(signature("layers", golden_type, golden_values), golden_type, golden_values)
