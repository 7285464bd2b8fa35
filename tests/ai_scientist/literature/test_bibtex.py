"""BibTeX: keys that stay, capitals that stay, and text from outside that stays text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ai_scientist.literature import bibtex
from ai_scientist.literature.shelf import Shelf
from ai_scientist.records import Reference


def work(**fields: object) -> Reference:
    given = {
        "key": "",
        "title": "A Title",
        "authors": ("Ann Author",),
        "venue": "Journal of X",
        "year": 2020,
        "source": "s",
    }
    return Reference.model_validate(given | fields)


def depth(text: str) -> int:
    """Braces as BibTeX counts them: a backslash before one changes nothing. Fails where a closing one comes first."""
    level = 0
    for char in text:
        level += (char == "{") - (char == "}")
        assert level >= 0
    return level


def test_the_entry_of_a_known_paper():
    (guo,) = Shelf.bundled().lookup(arxiv="1706.04599").references
    assert bibtex.entry(guo) == (
        "@inproceedings{guo2017calibration,\n"
        "  title = {{On Calibration of Modern Neural Networks}},\n"
        "  author = {Chuan Guo and Geoff Pleiss and Yu Sun and Kilian Q. Weinberger},\n"
        "  booktitle = {Proceedings of the 34th International Conference on Machine Learning},\n"
        "  year = {2017},\n"
        "  url = {http://proceedings.mlr.press/v70/guo17a.html},\n"
        "  eprint = {1706.04599},\n"
        "  archiveprefix = {arXiv},\n"
        "}\n"
    )


def test_the_type_follows_from_the_venue():
    kinds = {
        "Advances in Neural Information Processing Systems 31": "inproceedings",
        "Proceedings of the IEEE": "article",
        "Proceedings of the AAAI Conference on Artificial Intelligence": "inproceedings",
        "IEEE Transactions on Neural Networks and Learning Systems": "article",
        "Advances in Large Margin Classifiers": "incollection",
        "arXiv preprint": "misc",
        "UCI Machine Learning Repository": "misc",
        "Neural Computation": "article",
        "": "misc",
    }
    for venue, kind in kinds.items():
        assert bibtex.entry(work(venue=venue)).startswith(f"@{kind}{{"), venue


def test_specials_and_accents():
    assert bibtex.text("50% of A&B_c # $x$ {y}") == (r"50\% of A\&B\_c \# \$x\$ \textbraceleft{}y\textbraceright{}")
    assert bibtex.text("Jochen Bröcker") == r"Jochen Br{\"{o}}cker"
    assert bibtex.text("Stanisław Jastrzębski, Demšar") == r"Stanis{\l}aw Jastrz{\k{e}}bski, Dem{\v{s}}ar"
    assert bibtex.text("naïve – “so”") == r"na{\"{\i}}ve -- ``so''"
    assert bibtex.text("語\x07") == "?"


def test_text_from_outside_stays_text():
    hostile = work(
        key="a}{b,c",
        title=r"\input{/etc/passwd} } @misc{x,",
        authors=(r"Ann \write18{rm} and Bob", "Last, First"),
        url="https://e.org/a}\\b {c}",
        doi="10.1/a}b",
    )
    made = bibtex.entry(hostile)
    assert depth(made) == 0
    assert made.startswith("@article{abc,")
    assert made.count("\n@") == 0 and not re.search(r"\\(input|write)", made)
    assert r"{Ann \textbackslash{}write18\textbraceleft{}rm\textbraceright{} and Bob}" in made
    assert "url = {https://e.org/a%7D%5Cb%20%7Bc%7D}" in made and "doi = {10.1/a%7Db}" in made
    assert "url" not in bibtex.entry(work(url="javascript:alert(1)"))


def test_an_address_that_only_repeats_the_doi_is_left_out():
    assert "url" not in bibtex.entry(work(url="https://doi.org/10.1/AB", doi="10.1/ab"))
    assert "url = {https://e.org}" in bibtex.entry(work(url="https://e.org", doi="10.1/ab"))


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3), st.text(max_size=30))
def test_any_text_gives_one_balanced_ascii_entry(title: str, authors: list[str], address: str):
    made = bibtex.entry(work(title=title, authors=tuple(authors), venue=title, url="http://" + address, doi=address))
    assert depth(made) == 0
    assert made.isascii() and made.startswith("@") and made.endswith("}\n")
    assert not re.search(r"(?<!\\)[%#&$_]", bibtex.text(title))


def test_keys_are_made_unique_in_order():
    twice = work(title="The Title of It")
    assert bibtex.key(twice) == "author2020title"
    assert [r.key for r in bibtex.keyed([twice, twice, twice])] == [
        "author2020title",
        "author2020titleb",
        "author2020titlec",
    ]
    assert len({r.key for r in bibtex.keyed([twice] * 40)}) == 40
    assert bibtex.key(work(title="?", authors=())) == "anonymous2020"


def test_the_whole_shelf_is_a_bibliography():
    references = [entry.reference for entry in Shelf.bundled().entries]
    made = bibtex.bibliography(references)
    assert depth(made) == 0
    assert len(re.findall(r"^@\w+\{", made, re.MULTILINE)) == len(references)
    assert "?" not in re.sub(r"title = .*|url = .*", "", made), "a letter that could not be written"
