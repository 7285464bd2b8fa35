"""What counts as having found an error: a finding of the right kind that the clean twin does not have, and its place."""

from __future__ import annotations

from ai_scientist_reviewer.bench.seeded.base import Where
from ai_scientist_reviewer.bench.seeded.hits import found, fresh, quoted
from ai_scientist_reviewer.bench.seeded.known import KnownWorks
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.ports import Cited

PLACE = (Where(MAIN, 40, "the error is 0.142 on the noisy data"),)
RULES = frozenset(("wrong-number",))


def finding(rule: str = "wrong-number", **told: object) -> Finding:
    return Finding.model_validate({"rule": rule, "severity": "error", "message": "It differs.", **told})


def test_what_the_clean_twin_has_too_is_no_hit() -> None:
    old = finding(quote="a known number 0.5", message="0.5 on page 3 differs.", page=3)
    moved = finding(quote="a known number 0.5", message="0.5 on page 4 differs.", page=4)
    assert fresh([moved], [old]) == ()
    assert fresh([moved, moved], [old]) == (moved,)
    assert fresh([finding(checked=False)], []) == ()
    assert len(fresh([finding(quote="another number 0.7")], [old])) == 1


def test_a_false_alarm_that_was_there_before_is_no_hit_when_its_number_or_direction_changes() -> None:
    before = finding(quote="the error is 0.124 and lower than before", message="0.124 is not explained.")
    after = finding(quote="the error is 0.142 and higher than before", message="0.142 is not explained.")
    assert fresh([after], [before]) == ()
    elsewhere = finding(quote="0.5", message="0.5 is not explained.")
    added = finding(quote="0.7", message="0.7 is not explained.")
    assert fresh([added, elsewhere], [elsewhere]) == (added,)


def test_a_hit_is_of_an_accepted_rule_and_loud() -> None:
    assert found([finding(quote="error is 0.142 on the noisy")], PLACE, RULES).hit
    other = found([finding("another-rule")], PLACE, RULES)
    assert not other.hit and other.others == ("another-rule",)
    quiet = found([finding(severity="info")], PLACE, RULES)
    assert not quiet.hit and quiet.mentioned


def test_the_place_is_told_by_quote_line_or_page() -> None:
    assert found([finding(quote="error is 0.142 on the noisy")], PLACE, RULES).quote
    assert not found([finding(quote="a sentence that stands elsewhere")], PLACE, RULES).placed
    assert found([finding(file=MAIN, line=42)], PLACE, RULES).line
    assert not found([finding(file=MAIN, line=43)], PLACE, RULES).placed
    assert not found([finding(file="other.tex", line=40)], PLACE, RULES).placed
    assert found([finding(page=3)], PLACE, RULES, {0: 3}).page
    assert not found([finding(page=2)], PLACE, RULES, {0: 3}).placed


def test_quotes_match_over_line_breaks_and_need_more_than_a_word() -> None:
    assert quoted("the er-\nror is 0.142 on", "the error is 0.142 on the noisy data")
    assert quoted("0.142", "the error is 0.142")
    assert not quoted("the error of the baseline", "the error is 0.142")
    assert not quoted("", "the error")


def test_the_clean_papers_works_are_known_and_no_others() -> None:
    bib = "@article{a, title={Understanding {Deep} Learning}, author={Zhang, Chiyuan and Samy Bengio}, year={2017}}"
    known = KnownWorks(Project("p", {MAIN: b"\\cite{a}", "r.bib": bib.encode()}))
    there, invented, mute = known.look_up(
        [
            Cited(text="[1] C. Zhang. Understanding deep learn-\ning. ICLR, 2015."),
            Cited(text="x", title="A Unified View of Nothing in Particular"),
            Cited(text="[3]"),
        ]
    )
    assert (there.verdict, there.year, there.authors) == ("found", "2017", ("Zhang", "Bengio"))
    assert invented.verdict == "absent"
    assert mute.verdict == "unknown"


def test_a_title_within_another_entry_does_not_stand_for_that_work() -> None:
    bib = "@book{a, title={Deep learning}, year={2016}}\n@article{b, title={PyTorch: high-performance deep learning library}, year={2019}}"
    known = KnownWorks(Project("p", {MAIN: b"\\cite{a,b}", "r.bib": bib.encode()}))
    text = "Adam Paszke. PyTorch: high-performance deep learning library. 2019."
    (found,) = known.look_up([Cited(text=text, title="PyTorch: high-performance deep learning library")])
    assert found.year == "2019"
