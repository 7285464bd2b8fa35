from __future__ import annotations

import json
import math

import pytest
from ai_scientist_sandbox import Measured, read_measurements
from ai_scientist_sandbox.results import LONGEST_LINE, MOST_BYTES, MOST_FAULTS, MOST_LINES, Collector, path_fault
from hypothesis import given
from hypothesis import strategies as st

GOOD = {"kind": "measurement", "metric": "a", "value": 1, "better": "higher", "dataset": "d", "split": "validation"}
LINE = json.dumps(GOOD).encode() + b"\n"
READ = Measured("a", 1.0, "higher", "d", "validation")


def line(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode() + b"\n"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (b"not json\n", "not JSON"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[1]\n", "not an object"),
        (b"[" * 50_000 + b"\n", "not JSON"),
        (b'{"a":' * 10_000 + b"\n", "not JSON"),
        (b'{"kind": "measurement", "kind": "seed"}\n', "twice"),
        (LINE.replace(b" 1,", b" NaN,"), "no number"),
        (LINE.replace(b" 1,", b" -Infinity,"), "no number"),
        (LINE.replace(b" 1,", b" 1e999,"), "not finite"),
        (LINE.replace(b" 1,", b" " + b"9" * 400 + b","), "too large"),
        (LINE.replace(b" 1,", b" " + b"9" * 9000 + b","), "not JSON"),
        (line(value=True), "no number"),
        (line(value="1"), "no number"),
        (line(value=[1]), "no number"),
        (line(better="up"), "neither"),
        (line(better="lower"), "direction"),
        (line(metric=""), "no name"),
        (line(metric="a" * 101), "no name"),
        (line(dataset="d\u202e"), "no name"),
        (line(split=None), "no name"),
        (line(step=1.5), "whole"),
        (line(step=2**60), "whole"),
        (line(kind="measure"), "no known kind"),
        (line(kind=["measurement"]), "no known kind"),
        (line(more="x" * LONGEST_LINE), "too long"),
        (b'{"kind": "seed", "seed": "1"}\n', "whole"),
        (b'{"kind": "config", "values": [1]}\n', "no object"),
        (b'{"kind": "config", "values": {"a": 1e999}}\n', "not plain"),
        (b'{"kind": "config", "values": {"a": ' + b"[" * 50 + b"]" * 50 + b"}}\n", "not plain"),
        (b"\n", "not JSON"),
    ],
)
def test_one_bad_line_is_a_fault_and_the_rest_is_read(bad: bytes, fault: str) -> None:
    recorded = read_measurements(LINE + bad + LINE)
    assert recorded.measurements == (READ, READ)
    assert len(recorded.faults) == 1 and recorded.faults[0].startswith("line 2:") and fault in recorded.faults[0]


def test_a_torn_last_line_is_a_fault() -> None:
    recorded = read_measurements(LINE + LINE[:-3])
    assert recorded.measurements == (READ,) and recorded.faults == ("line 2: not finished",)


def test_nothing_is_nothing() -> None:
    recorded = read_measurements(b"")
    assert (recorded.measurements, recorded.seed, dict(recorded.config), recorded.faults) == ((), None, {}, ())


def test_a_missing_value_is_missing() -> None:
    assert read_measurements(line(value=None, not_finite="nan")).measurements[0].value is None


def test_two_seeds_are_the_seed_of_nothing() -> None:
    one, other = b'{"kind": "seed", "seed": 1}\n', b'{"kind": "seed", "seed": 2}\n'
    assert read_measurements(one + one).seed == 1
    recorded = read_measurements(one + other)
    assert recorded.seed is None and recorded.faults == ("line 2: a second seed",)


def test_size_and_count_are_capped() -> None:
    long = line(more="x" * 50_000)
    recorded = read_measurements(long * (MOST_BYTES // len(long) + 10))
    assert len(recorded.measurements) == MOST_BYTES // len(long) and "bytes" in recorded.faults[0]
    recorded = read_measurements(b"{}\n" * (MOST_LINES + 5))
    assert len(recorded.faults) == MOST_FAULTS and "lines" in recorded.faults[0]


@given(
    st.lists(st.one_of(st.binary(max_size=200), st.just(LINE), st.sampled_from([b"{", b'"', b"\n", b"1e9", b"null"])))
)
def test_it_never_raises_and_what_it_gives_is_finite(parts: list[bytes]) -> None:
    recorded = read_measurements(b"".join(parts))
    assert all(found.value is None or math.isfinite(found.value) for found in recorded.measurements)


@pytest.mark.parametrize("path", ["a", "a/b.npy", "a b", "é", "...", "a/..b"])
def test_plain_paths_pass(path: str) -> None:
    assert path_fault(path) is None


@pytest.mark.parametrize(
    "path", ["", "/", "..", "a/../b", "a/", "a//b", "a\0b", "a\\b", "\udcff", "a\u202eb", "a" * 256]
)
def test_other_paths_do_not(path: str) -> None:
    assert path_fault(path)


def test_the_collector_keeps_to_its_caps() -> None:
    collector = Collector(most_bytes=10, most_files=2)
    for name, data in [
        (b"../up", b"x"),
        (b"a", b"1234"),
        (b"big", b"5" * 7),
        (b"b", b"6"),
        (b"a", b"again"),
        (b"c", b"7"),
    ]:
        collector.begin(name)
        collector.add(data)
    assert collector.files() == {"a": b"1234", "b": b"6"}
    assert collector.faults == [
        "../up: climbs out or is not plain",
        "big: too large",
        "a: came twice",
        "c: one file too many",
    ]
