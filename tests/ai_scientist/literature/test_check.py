"""The three verdicts on a citation."""

from ai_scientist.literature.base import Found
from ai_scientist.literature.check import Judgement, check, exists, metadata, supports
from ai_scientist.literature.shelf import Shelf
from ai_scientist.records import Reference

SHELF = Shelf.bundled()
(GUO,) = SHELF.lookup(arxiv="1706.04599").references


class Down:
    name = "far"

    def search(self, query: str, limit: int = 10) -> Found:
        return Found(verdict="UNKNOWN", why="timed out")

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        return Found(verdict="UNKNOWN", why="timed out")


def changed(**fields: object) -> Reference:
    return Reference.model_validate(GUO.model_dump() | fields)


def test_a_work_that_a_source_has():
    verdicts = check(GUO, [SHELF])
    assert (verdicts.exists.verdict, verdicts.metadata.verdict, verdicts.supports.verdict) == (
        "PASS",
        "PASS",
        "UNKNOWN",
    )


def test_an_invented_work_fails_only_where_every_source_answered():
    invented = changed(title="Calibration of Imaginary Networks", arxiv="", doi="")
    assert exists(invented, [SHELF])[1].verdict == "FAIL"
    record, found = exists(invented, [SHELF, Down()])
    assert record is None and found.verdict == "UNKNOWN" and "timed out" in found.why
    assert exists(invented, [])[1].verdict == "UNKNOWN"
    assert check(invented, [SHELF]).metadata.verdict == "UNKNOWN"


def test_an_outage_before_does_not_hide_a_record_after():
    assert exists(GUO, [Down(), SHELF])[1].verdict == "PASS"


def test_each_wrong_field_fails_and_is_named():
    for field, value in {
        "title": "On Calibration of Ancient Networks",
        "authors": ("Chuan Guo", "Yu Sun"),
        "year": 2018,
        "arxiv": "1706.00000",
    }.items():
        verdict = metadata(changed(**{field: value}), GUO)
        assert verdict.verdict == "FAIL" and verdict.why.startswith(field), field
    assert check(changed(year=2018), [SHELF]).metadata.verdict == "FAIL"


def test_writing_a_name_or_a_number_another_way_is_not_wrong():
    authors = ("C. Guo", "G. Pleiss", "Y. Sun", "K. WEINBERGER")
    assert metadata(changed(authors=authors, arxiv="arXiv:1706.04599v2", doi=""), GUO).verdict == "PASS"


def test_a_real_number_does_not_lend_an_invented_title_its_existence():
    verdicts = check(changed(title="Calibration of Imaginary Networks"), [SHELF])
    assert verdicts.metadata.verdict == "FAIL" and "title" in verdicts.metadata.why


def test_support_needs_a_quotation_that_is_in_the_record():
    said = "Modern networks are badly calibrated."
    good = Judgement(supports=True, span="Modern neural networks are poorly  calibrated", judge="m")
    assert supports(GUO, said, good).verdict == "PASS"
    assert supports(GUO, said, good.model_copy(update={"supports": False})).verdict == "FAIL"
    assert supports(GUO, said, good.model_copy(update={"span": "all networks are perfect"})).verdict == "UNKNOWN"
    assert supports(GUO, said, good.model_copy(update={"span": " "})).verdict == "UNKNOWN"
    assert supports(GUO, said, None).verdict == "UNKNOWN"
    assert supports(GUO, "", good).verdict == "UNKNOWN"
