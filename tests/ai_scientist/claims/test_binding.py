"""What counts as a bare number or a bare comparison, and what does not."""

from __future__ import annotations

import pytest

from ai_scientist.claims.binding import BOUND, COMPARED, names_of, unbound
from tests.ai_scientist.claims import study
from tests.ai_scientist.writing import paper

NAMES = names_of(study.IDEA, paper.CLAIMS)


@pytest.mark.parametrize(
    "text",
    [
        "It reaches 0.91.", "It gains 5%.", "It gains 12 percent.", "Four of the runs failed.", "It is twice as fast.", "A tenfold gain.",
        "It reaches .9 at best.", "Between -3 and 3.", "Accuracy of 1e-3.", f"It gains {BOUND}%.", f"It gains {BOUND} percent.",
        f"A change of −{BOUND}.", "On digits, 200 per class, it helps.", f"1{BOUND} is a larger number.", "It gains ½.", "It reaches ９３.", "An accuracy of ٩٣.",
        "Half of the runs failed.", "It removes a third of the errors.", "It halved the error; the speed doubles.", "Orders of magnitude faster.", "It reaches zero point one.", "It is right on93%.", "About 10⁻³.",
    ],
)  # fmt: skip
def test_a_number_that_stands_for_itself_is_found(text: str) -> None:
    assert [fault.rule for fault in unbound(text, NAMES, True, "results")][:1] == ["bare-number"]


@pytest.mark.parametrize(
    "text",
    [
        f"It reaches {BOUND} on {BOUND} seeds.", "On “digits, 20 per class” it helps; on digits, 50 per\nclass too.", "One layer and two parts.",
        "The F1 score and the L2 norm.", "With half-pixel shifts, in double precision, on the third data set.", f"Here {BOUND}, which is all.", "We predicted that it would be better than the baseline.",
        "The baseline (learning rate 0.1) is the tuned one.",
    ],
)  # fmt: skip
def test_names_and_what_is_bound_pass(text: str) -> None:
    assert not unbound(text, NAMES, True, "results")


def test_a_comparison_needs_a_claim_in_its_sentence() -> None:
    assert [f.rule for f in unbound("It outperforms the baseline.", NAMES, True, "results")] == ["bare-comparison"]
    assert [f.rule for f in unbound("It is better than that.", NAMES, True, "results")] == ["bare-comparison"]
    assert not unbound(f"It outperforms the baseline: {COMPARED}.", NAMES, True, "results")
    assert unbound("As we expected, it outperforms the baseline.", NAMES, True, "results")
    # Two numbers side by side do not say which is whose.
    assert unbound(f"The baseline outperforms it ({BOUND} against {BOUND}).", NAMES, True, "results")


def test_parts_that_report_nothing_may_say_what_the_idea_states() -> None:
    assert not unbound("Images of 8 by 8 pixels, 20 of each class, layer 1.", NAMES, False, "method")
    assert unbound("Images of 28 by 28 pixels.", NAMES, False, "method")
    assert unbound("It reaches 0.93.", NAMES, False, "introduction")
    for text in ("It gains 7 percent.", "It gains 7 %.", "It gains seven percentage points.", "It gains two points."):
        assert [fault.rule for fault in unbound(text, NAMES, False, "introduction")] == ["bare-number"], text
    assert not unbound("The seven parts of two networks.", NAMES, False, "introduction")


@pytest.mark.parametrize(
    "text",
    [
        f"It is not true that {COMPARED}.", f"We found no sign that {COMPARED}.", f"It would be wrong to say that {COMPARED}.",
        f"One may read that {COMPARED}, which is not the case.", f"The accuracy is not {BOUND}.",
    ],
)  # fmt: skip
def test_a_claim_that_its_sentence_takes_back_is_found(text: str) -> None:
    assert [f.rule for f in unbound(text, NAMES, True, "results")] == ["turned-claim"]
    assert [f.rule for f in unbound(text, NAMES, False, "discussion and limitations")] == ["turned-claim"]


@pytest.mark.parametrize(
    "text",
    [
        f"The gain is not confined to few images: {COMPARED}.", f"We see that {COMPARED}, which is not what we predicted.",
        f"Not all agree; on others we see that {COMPARED}.",
    ],
)  # fmt: skip
def test_a_negation_beside_a_claim_passes(text: str) -> None:
    assert not unbound(text, NAMES, True, "results")
