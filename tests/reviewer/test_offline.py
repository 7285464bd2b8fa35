import pytest
from ai_scientist_reviewer.checks import RULES
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.offline import LENSES, OfflineReferee, _strengths
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import Prompt


def test_it_scores_only_what_it_can_justify(sample_paper) -> None:
    done = review(sample_paper, [OfflineReferee()], form="iclr")
    given = {name: spread.mean for name, spread in done.scores.items() if spread is not None}
    assert given == {"presentation": 3, "confidence": 1}
    assert done.reports[0].decision == "not assessed"
    assert done.chair is not None
    assert done.chair.decision == "not assessed"
    assert "without a language model" in done.reports[0].summary
    assert done.points == ()


def test_it_tells_strengths_with_the_words_that_show_them(sample_paper) -> None:
    (report,) = review(sample_paper, [OfflineReferee()], form="iclr").reports
    told = " ".join(report.strengths)
    assert "five seeds" in told
    assert "Limitations have a section of their own (page 2)." in report.strengths


def test_a_row_of_a_table_is_not_quoted_as_a_sentence() -> None:
    values = {
        "sections": [
            {
                "title": "Results",
                "page": 3,
                "text": "The ablation: ablate 1 1 1 0 and 24 24 0 3 2 1. Ablations of it are shown here.",
            }
        ]
    }
    assert [one for one in _strengths(values, "") if "blat" in one] == [
        'An ablation is reported: "Ablations of it are shown here."'
    ]


def test_defects_become_weaknesses_and_cost_presentation(write_pdf, sample_pages) -> None:
    last = "Table 1 lists all runs. The gain is largest at forty percent noise."
    path = write_pdf(sample_pages({last: "Table 1 and Section ?? list all runs. TODO write more."}))
    done = review(Paper.read(path), [OfflineReferee()] * 2, form="iclr")
    presentation = done.scores["presentation"]
    assert presentation is not None
    assert presentation.mean == 1
    assert {one.severity for one in done.points} == {"major", "minor"}
    assert done.dropped == ()
    assert not any(one.verified for one in done.points)  # rules found the quote again, and know no more
    assert done.chair and not done.chair.agreement  # the same rules, asked twice, are no second opinion


def test_a_gain_without_seeds_is_told(write_pdf, sample_pages) -> None:
    changes = {
        "The effect was seen for five seeds and vanishes without noise.": "Stopping early outperforms training on.",
        "We train for 80 epochs with five seeds and report mean and standard deviation.": "We train for 80 epochs.",
        "The test error falls from 14.2 to 9.6 percent with a standard deviation of 0.4.": "It falls from 14.2 to 9.6.",
        "Figure 1: Test error against epochs for five seeds.": "Figure 1: Test error against epochs.",
        "Table 1: Test error in percent, mean over five seeds.": "Table 1: Test error in percent.",
    }
    done = review(Paper.read(write_pdf(sample_pages(changes))), [OfflineReferee()])
    (one,) = (one for one in done.points if one.severity == "major")
    assert "seeds" in one.claim
    assert one.quote == "On the digits data it lowers the test error from 14.2 to 9.6 percent."


def test_it_is_the_same_every_time_and_lenses_divide_the_work(write_pdf, sample_pages) -> None:
    last = "Table 1 lists all runs. The gain is largest at forty percent noise."
    paper = Paper.read(write_pdf(sample_pages({last: "Table 1 and Section ?? list all runs, as Table 7 does."})))
    panel = [OfflineReferee(1, "evidence"), OfflineReferee(1, "presentation")]
    first, again = review(paper, panel, form="iclr"), review(paper, panel, form="iclr")
    assert first == again
    evidence, presentation = first.reports
    assert evidence.scores["presentation"] is None
    assert presentation.scores["presentation"] is not None
    assert [one.claim for one in evidence.weaknesses] != [one.claim for one in presentation.weaknesses]
    with pytest.raises(ValueError, match="no lens"):
        OfflineReferee(lens="novelty")


def test_each_rule_is_raised_by_one_lens() -> None:
    """A new group of rules has to be given to one of them."""
    for rule in RULES.values():
        assert [name for name, groups in LENSES.items() if rule.group in groups] != [], rule.group
    assert sum(map(len, LENSES.values())) == len({rule.group for rule in RULES.values()})


def test_an_error_in_a_number_is_major_and_one_of_the_page_is_not(sample_paper) -> None:
    quotes = {"number-contradicted": "it lowers the test error from 14.2 to 9.6", "margins": "We train for 80 epochs"}
    found = [Finding(rule=rule, severity="error", message=rule, quote=quote) for rule, quote in quotes.items()]
    done = review(sample_paper, [OfflineReferee()], findings=found)
    assert {one.claim: one.severity for one in done.points} == {"number-contradicted": "major", "margins": "minor"}


def test_it_answers_from_values_alone(sample_paper) -> None:
    class Adapter:
        name = "adapter"

        def fill(self, prompt, form, pictures=()):
            return OfflineReferee().fill(Prompt(prompt.name, prompt.values), form)

    done = review(sample_paper, [Adapter()])
    assert done.failures == ()
    assert done.reports[0].author == "adapter"
