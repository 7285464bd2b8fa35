from ai_scientist_reviewer.latex.bibliography import entries_of, reference
from ai_scientist_reviewer.latex.marked import Marked


def read(text: str):
    return list(entries_of(Marked.of_file("a.bib", text)))


def test_entries_after_a_broken_one_are_read() -> None:
    entries = read(
        "@article{a title={No comma}}\n@misc{b, title=}\n\n@misc{c, title={C}, title={D}, year=1999 }\n@misc{c, title={C2}}"
    )
    said = [(entry.key, entry.fields.get("title"), entry.spot.line) for entry in entries]
    assert said[-2:] == [("c", "C", 4), ("c", "C2", 5)]


def test_values_lose_their_markup_and_addresses_keep_theirs() -> None:
    (entry,) = read(
        r"@misc{a, title={The {\em Great} $\beta$-test: {BERT} \& co}, url={https://x.org/a_b%20~c}, month = jan}"
    )
    assert entry.fields["title"] == "The Great β-test: BERT & co"
    assert entry.fields["url"] == "https://x.org/a_b%20~c"
    assert entry.fields["month"] == "January"


def test_parentheses_comments_and_concatenation() -> None:
    entries = read('@comment{x}@string(v = "Vol. ")\nfree text @article(k1, journal = v # 7 # {b}, year = "2001")')
    assert [(entry.key, entry.fields) for entry in entries] == [("k1", {"journal": "Vol. 7b", "year": "2001"})]


def test_databases_do_not_share_their_strings() -> None:
    read("@string{v = {first}}")
    assert read("@misc{a, journal = v}")[0].fields == {"journal": ""}


def test_a_reference_is_written_out() -> None:
    (entry,) = read(
        "@article{a, author={Ho, J. and Li, K. and others}, title={On It.}, journal={JMLR}, volume=3, number=2, pages={1--9}, year=2020}"
    )
    assert reference(entry) == "J. Ho, K. Li and et al. On It. JMLR, 3(2):1–9, 2020."
