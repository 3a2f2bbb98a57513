"""Reads values as the actor does, writes them again, and does the same with values that Python made up."""

import random
import struct
import sys

sys.path.insert(0, sys.argv[1])
import sage_actor  # noqa: E402

FRAME = struct.Struct(">i")
sys.setrecursionlimit(10_000)  # to say what is nested deep; the actor needs no more than it has
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
source, target = sys.stdin.buffer, sys.stdout.buffer


def made_up(dice, depth=4):
    kind = dice.randrange(10)
    if depth and kind > 7:
        # A dict of one key: what two of them are to Java, is Java's to test.
        return {scalar(dice): made_up(dice, depth - 1)}
    if depth and kind > 5:
        return [made_up(dice, depth - 1) for _ in range(dice.randrange(6))]
    return scalar(dice)


def scalar(dice):
    return dice.choice([
        lambda: None,
        lambda: dice.random() < 0.5,
        lambda: dice.getrandbits(dice.randrange(1, 200)) * dice.choice([1, -1]),
        lambda: dice.choice([1, -1]) * (2 ** dice.choice([31, 32, 63, 64])) + dice.randrange(-1, 2),
        lambda: dice.choice([dice.gauss(0, 1e10), float("inf"), float("-inf"), 0.0, -0.0, float("nan")]),
        lambda: "".join(chr(dice.choice([dice.randrange(128), dice.randrange(0xE000, 0x110000)])) for _ in range(dice.randrange(12))),
        lambda: dice.randbytes(dice.randrange(50)),
    ])()


def said(value):
    """As the test says it of the same value in Java; a NaN is no key that is found again, but said all the same."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"bool:{str(value).lower()}"
    if isinstance(value, int):
        return f"int:{value}"
    if isinstance(value, float):
        return "float:nan" if value != value else f"float:{struct.pack('>d', value).hex()}"
    if isinstance(value, str):
        return f"text:{value.encode().hex()}"
    if isinstance(value, bytes):
        return f"bytes:{value.hex()}"
    if isinstance(value, dict):
        return "map(" + ",".join(f"{said(key)}={said(each)}" for key, each in value.items()) + ")"
    return "list(" + ",".join(said(each) for each in value) + ")"


def send(data):
    target.write(FRAME.pack(len(data)) + data)


while head := source.read(FRAME.size):
    payload = source.read(FRAME.unpack(head)[0])
    value = sage_actor.unpack(payload)
    send(sage_actor.pack(value))
    send(said(value).encode())
    own = made_up(random.Random(payload))
    send(sage_actor.pack(own))
    send(said(own).encode())
    target.flush()
