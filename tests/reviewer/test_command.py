"""`check` as a command: what it prints in each format, and what it ends with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_reviewer.checking import Checks
from ai_scientist_reviewer.checks import RULES
from ai_scientist_reviewer.command import main

TODO = {"We state a hypothesis that can fail and report what was measured.": "TODO state 100% of it."}
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs the command; its exit code, and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        code = main([str(argument) for argument in arguments])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def spoilt(write_pdf, sample_pages) -> Path:
    return write_pdf(sample_pages(TODO), name="a paper.pdf")


def test_a_clean_paper_ends_with_0_and_says_what_was_not_checked(say: Say, sample: Path) -> None:
    code, said = say(sample)
    assert code == 0
    assert "Nothing found in 1 paper; " in said
    assert "could not be checked [margins, page-limit]: no venue was named (--venue)" in said


def test_a_finding_has_place_quote_and_fix_and_ends_with_9(say: Say, spoilt: Path) -> None:
    code, said = say(spoilt)
    assert code == 9
    first, quote, fix = said.splitlines()[:3]
    assert first.startswith(f"{spoilt}:1 (")
    assert 'error [placeholder] "TODO" looks like' in first
    assert quote == "    > TODO state 100% of it."
    assert fix.startswith("    = ")
    assert said.splitlines()[-1].startswith("1 error in 1 paper; ")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "never"], 0),
        (["--ignore", "placeholder"], 0),
        (["--ignore", "residue,pages"], 0),
        (["--select", "figures", "--fail-on", "warn"], 0),
        (["--select", "residue"], 9),
        (["--select", "resdue"], 2),
        (["--venue", "nowhere"], 2),
        (["--online"], 2),  # the library brings no sources
    ],
)
def test_options_and_exit_codes(options, code, say: Say, spoilt: Path) -> None:
    assert say(spoilt, *options)[0] == code


def test_one_that_cannot_be_read_ends_with_2_and_the_others_are_checked(say: Say, spoilt: Path, tmp_path: Path) -> None:
    code, said = say(tmp_path / "none.pdf", spoilt)
    assert code == 2
    assert "none.pdf: cannot be opened" in said
    assert "1 error in 1 paper" in said
    assert "; 1 paper could not be read." in said
    assert say()[0] == 2


def test_json_is_the_schema(say: Say, spoilt: Path) -> None:
    done = Checks.model_validate_json(say(spoilt, "--format", "json")[1])
    (paper,) = done.papers
    assert [finding.rule for finding in paper.findings] == ["placeholder"]
    assert "page-limit" in {finding.rule for finding in paper.unchecked}
    assert (paper.pages, paper.title) == (2, "Early Stopping Under Label Noise")


def test_sarif_has_the_shape_of_the_standard(say: Say, spoilt: Path, tmp_path: Path) -> None:
    log = json.loads(say(spoilt, tmp_path / "none.pdf", "--format", "sarif")[1])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert (result.get("kind", "fail") == "fail") == (result["level"] != "none")
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/a%20paper.pdf")
    (error,) = [result for result in run["results"] if result["level"] == "error"]
    assert error["properties"]["page"] == 1
    assert len(error["properties"]["box"]) == 4
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "none.pdf" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_of_source_has_lines(say: Say, tmp_path: Path) -> None:
    source = tmp_path / "paper.tex"
    source.write_text("\\documentclass{article}\\begin{document}\nWords.\nSee \\ref{gone}.\n\\end{document}\n")
    log = json.loads(say(source, "--format", "sarif", "--select", "references")[1])
    (result,) = [one for one in log["runs"][0]["results"] if one["level"] == "error"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": str(source)}, "region": {"startLine": 3}}


def test_annotations_for_github_are_escaped(say: Say, spoilt: Path) -> None:
    said = say(spoilt, "--format", "github")[1]
    (line,) = [line for line in said.splitlines() if line.startswith("::error ")]
    assert "title=placeholder" in line
    assert "TODO state 100%25 of it." in line


def test_output_goes_to_a_file(say: Say, spoilt: Path, tmp_path: Path) -> None:
    code, said = say(spoilt, "--format", "json", "--output", tmp_path / "out.json")
    assert code == 9
    assert said.startswith(f"{tmp_path / 'out.json'}: 1 error in 1 paper")
    assert Checks.model_validate_json((tmp_path / "out.json").read_text()).worst() == 3
    assert say(spoilt, "--output", tmp_path / "no" / "out.json")[0] == 2


def test_rules_are_listed_and_explained(say: Say) -> None:
    code, said = say("--list-rules")
    assert code == 0
    assert {line.split()[0] for line in said.splitlines()} == set(RULES)
    code, said = say("--explain", "citation-mismatch")
    assert said.startswith("citation-mismatch (bibliography)\n\nA citation whose author or year")
    assert say("--explain", "nothing")[0] == 2


def project(folder: Path, ending: str = "") -> Path:
    source = folder / "paper.tex"
    source.write_text(
        f"\\documentclass{{article}}\\begin{{document}}\nWords.\nSee \\ref{{gone}}.{ending}\n\\end{{document}}\n"
    )
    return source


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("", 9),
        (" % check: ignore unresolved-reference", 0),
        (" % check: ignore", 0),
        (" % check: ignore placeholder", 9),
        ("\n% check: ignore-file unresolved-reference", 0),
    ],
)
def test_a_comment_leaves_a_finding_out(ending: str, code: int, say: Say, tmp_path: Path) -> None:
    found, said = say(project(tmp_path, ending), "--select", "references")
    assert found == code
    assert ("left out as the paper's own files ask" in said) == (code == 0)
    assert say(project(tmp_path, ending), "--select", "references", "--isolated")[0] == 9


def test_a_file_beside_the_paper_says_what_is_asked(say: Say, tmp_path: Path) -> None:
    wishes = tmp_path / "check.yaml"
    wishes.write_text("venue: icml\nignore: [unresolved-reference]\n")
    code, said = say(project(tmp_path))
    assert (code, "[unresolved-reference]" in said) == (0, False)
    assert "no venue was named" not in said
    assert "[unresolved-reference]" in say(project(tmp_path), "--isolated")[1]
    wishes.write_text("venues: icml\n")
    assert say(project(tmp_path))[0] == 2
