"""The filter, run here as the kernel runs it; that the kernel takes it and holds it is what the back end's tests show."""

from __future__ import annotations

import errno
import struct

import pytest
from ai_scientist_sandbox.seccomp import compiled

ALLOWED = "allowed"
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {"read": 0, "clone": 56, "clone3": 435, "socket": 41, "ioctl": 16, "personality": 135, "ptrace": 101, "prlimit64": 302, "openat2": 437},
    "aarch64": {"read": 63, "clone": 220, "clone3": 435, "socket": 198, "ioctl": 29, "personality": 92, "ptrace": 117, "prlimit64": 261, "openat2": 437},
}  # fmt: skip


def verdict(code: bytes, number: int, audit: int, arguments: tuple[int, ...] = ()) -> str:
    """What the kernel would answer: "allowed", or the name of the error."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number, audit, 0, *padded)
    steps = list(struct.iter_unpack("=HBBI", code))
    at, word = 0, 0
    while True:
        operation, if_so, if_not, value = steps[at]
        at += 1
        if operation == 0x20:
            (word,) = struct.unpack_from("=I", data, value)
        elif operation == 0x06:
            return ALLOWED if value == 0x7FFF0000 else errno.errorcode[value & 0xFFFF]
        else:
            holds = {0x15: word == value, 0x25: word > value, 0x45: bool(word & value)}[operation]
            at += if_so if holds else if_not


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize(
    ("call", "arguments", "answer"),
    [
        ("read", (0, 1, 2), ALLOWED),
        ("openat2", (), ALLOWED),
        ("ptrace", (16, 1), "EPERM"),
        ("clone3", (), "ENOSYS"),  # the C library then takes clone
        ("clone", (0x003D0F00,), ALLOWED),  # a thread
        ("clone", (0x10000000 | 17,), "EPERM"),  # a user namespace
        ("clone", (0x80 | 17,), "EPERM"),  # a time namespace
        ("socket", (1, 1, 0), ALLOWED),
        ("socket", (2, 1, 0), ALLOWED),
        ("socket", (10, 2, 0), ALLOWED),
        ("socket", (16, 3, 0), ALLOWED),  # netlink, routes
        ("socket", (16, 3, 9), "EPERM"),  # netlink, audit
        ("socket", (17, 3, 0), "EPERM"),  # packets
        ("socket", (38, 5, 0), "EPERM"),  # the kernel's cryptography
        ("socket", (40, 1, 0), "EPERM"),  # the machine below
        ("ioctl", (0, 0x5413), ALLOWED),
        ("ioctl", (0, 0x5412), "EPERM"),
        (
            "ioctl",
            (0, 0xFFFFFFFF_00005412),
            "EPERM",
        ),  # the kernel looks at the lower half alone, and so has the filter to
        ("personality", (0xFFFFFFFF,), ALLOWED),
        ("prlimit64", (0, 7), ALLOWED),
        ("prlimit64", (1, 7), "EPERM"),  # the supervisor's
        ("personality", (0x40000,), "EPERM"),
    ],
)
def test_calls_are_answered(machine: str, call: str, arguments: tuple[int, ...], answer: str) -> None:
    code = compiled(machine)
    assert code is not None
    assert verdict(code, NUMBERS[machine][call], AUDIT[machine], arguments) == answer


def test_other_ways_of_calling_are_as_if_they_were_not_there() -> None:
    code = compiled("x86_64")
    assert code is not None
    assert verdict(code, 451, AUDIT["x86_64"]) == "ENOSYS"  # newer than the list
    assert verdict(code, 0x40000000, AUDIT["x86_64"]) == "ENOSYS"  # x32
    assert verdict(code, 3, 0x40000003) == "ENOSYS"  # i386


def test_a_machine_whose_numbers_are_not_known_has_no_filter() -> None:
    assert compiled("riscv64") is None
