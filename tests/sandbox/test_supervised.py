from __future__ import annotations

from ai_scientist_sandbox.supervised import HeadAndTail
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.binary(max_size=300)), st.integers(0, 400))
def test_head_and_tail_keep_within_the_cap(parts: list[bytes], most: int) -> None:
    kept = HeadAndTail(most)
    for part in parts:
        kept.add(part)
    whole = b"".join(parts)
    text = kept.text()
    assert len(text.encode()) <= most and kept.total == len(whole)
    if len(whole.decode("utf-8", "replace").encode()) <= most:
        assert text == whole.decode("utf-8", "replace")


def test_the_middle_goes_and_it_is_said() -> None:
    kept = HeadAndTail(200)
    for number in range(1000):
        kept.add(b"%d " % number)
    assert kept.text().startswith("0 1 2 ") and kept.text().endswith(" 998 999 ") and "3890 bytes" in kept.text()
