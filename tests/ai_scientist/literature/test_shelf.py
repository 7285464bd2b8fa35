"""The shelf: its records are whole, and the ranking finds what a study needs."""

import re
from collections import Counter

import pytest

from ai_scientist.literature import bibtex
from ai_scientist.literature.identity import identities, plain
from ai_scientist.literature.shelf import Entry, Shelf
from ai_scientist.offline.studies import studies


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.bundled()


def test_every_record_names_where_it_was_checked(shelf: Shelf):
    assert len(shelf.entries) >= 110
    for entry in shelf.entries:
        assert entry.checked_against, entry.key
        for place in entry.checked_against:
            assert re.match(r"^[\w.-]+\.[a-z0-9]+/\S", place), f"{entry.key}: '{place}' is no address"
        assert entry.reference.checked_against == entry.checked_against


def test_every_record_is_one_work_with_the_key_that_follows_from_it(shelf: Shelf):
    seen = Counter(name for entry in shelf.entries for name in identities(entry.reference))
    assert [name for name, times in seen.items() if times > 1] == []
    assert {entry.key: bibtex.key(entry.reference) for entry in shelf.entries} == {e.key: e.key for e in shelf.entries}


def test_fields_have_their_form(shelf: Shelf):
    for entry in shelf.entries:
        assert not entry.arxiv or re.fullmatch(r"\d{4}\.\d{4,5}", entry.arxiv), entry.key
        assert not entry.doi or re.fullmatch(r"10\.\d{4,}/\S+", entry.doi), entry.key
        assert not entry.url or entry.url.startswith("http"), entry.key
        assert 1930 < entry.year <= entry.checked_on.year, entry.key
        assert all(" " in author and "," not in author for author in entry.authors), entry.key
        assert entry.gist.endswith(".") and entry.title == entry.title.strip(), entry.key
        verb = entry.gist.split()[0]
        assert verb.islower() and verb.endswith("s") == (len(entry.authors) == 1), f"{entry.key}: its authors {verb} …"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("label noise and early stopping", {"li2020gradient", "liu2020early"}),
        ("memorization of noisy labels", {"arpit2017closer", "zhang2017understanding"}),
        ("robust losses for noisy labels", {"ghosh2017robust", "zhang2018generalized", "wang2019symmetric"}),
        ("sample selection noisy labels co-teaching", {"han2018co", "jiang2018mentornet"}),
        ("when to stop training on a validation set", {"prechelt1998early"}),
        ("temperature scaling expected calibration error", {"guo2017calibration", "naeini2015obtaining"}),
        ("Platt scaling and isotonic regression", {"platt1999probabilistic", "niculescu2005predicting"}),
        ("Brier score and proper scoring rules", {"brier1950verification", "gneiting2007strictly"}),
        ("data augmentation with small data", {"shorten2019survey", "brigato2020close"}),
        ("mixup and cutout", {"zhang2018mixup", "devries2017improved"}),
        ("elastic distortions of handwritten digits", {"simard2003best", "alpaydin1998optical"}),
        ("random seeds and statistical tests", {"bouthillier2021accounting", "demsar2006statistical"}),
        ("dropout prevents overfitting", {"srivastava2014dropout", "hinton2012improving"}),
        ("weight decay", {"krogh1991simple", "loshchilov2019decoupled", "zhang2019three"}),
        ("overfitting and early stopping", {"caruana2000overfitting", "prechelt1998early"}),
        ("SMOTE", {"chawla2002smote"}),
        ("class imbalance and decision thresholds", {"buda2018systematic", "goorbergh2022harm", "menon2021long"}),
        ("rare classes", {"cao2019learning", "cui2019class"}),
        ("precision and recall on imbalanced data", {"saito2015precision"}),
        ("magnitude pruning", {"gale2019state", "zhu2017prune", "han2015learning"}),
        ("lottery tickets", {"frankle2019lottery"}),
        ("fine-tuning after pruning", {"renda2020comparing", "liu2019rethinking"}),
        ("warm-up large batch", {"goyal2017accurate", "ma2021adequacy", "keskar2017large"}),
        ("Adam versus SGD", {"kingma2015adam", "wilson2017marginal"}),
        ("optimizers for deep learning", {"choi2019empirical", "schmidt2020descending"}),
        ("feature scaling and normalization", {"singh2020investigating", "lecun1998efficient"}),
        ("ensemble diversity", {"kuncheva2003measures", "krogh1994neural"}),
        ("bagging", {"breiman1996bagging", "breiman2001random"}),
        ("deep ensembles", {"fort2019deep", "lakshminarayanan2017simple"}),
        ("covariate shift", {"shimodaira2000improving", "sugiyama2007covariate"}),
        ("robustness to image corruptions", {"hendrycks2019benchmarking", "schneider2020improving"}),
        ("test-time adaptation", {"wang2021tent"}),
        ("overconfident networks", {"guo2017calibration"}),
        ("few training images", {"shorten2019survey", "brigato2020close"}),
        ("iris flowers", {"fisher1936use"}),
        ("wine data", {"aeberhard1992comparison"}),
        ("breast cancer data", {"street1993nuclear"}),
        ("numpy arrays", {"harris2020array"}),
    ],
)
def test_the_ranking_finds_what_a_study_needs(shelf: Shelf, query: str, wanted: set[str]):
    assert wanted <= {r.key for r in shelf.search(query, limit=6).references}


@pytest.mark.parametrize("topic", sorted(studies()))
def test_every_study_has_related_work(shelf: Shelf, topic: str):
    """As the paper gathers it: what the study's own queries bring, four works each."""
    study = studies()[topic]
    found = {r.key for query in study.queries for r in shelf.search(query, limit=4).references}
    assert len(found) >= 12
    assert all(shelf.search(query, limit=4).references for query in study.queries), study.queries


def test_what_is_not_on_the_shelf_is_nothing_found(shelf: Shelf):
    for query in (
        "protein folding", "", "?!", "the of and", "quantum error correction", "graph neural networks", "stock price prediction",
        "language models", "sourdough bread", "attention is all you need", "medieval history", "diffusion models for images",
    ):  # fmt: skip
        answer = shelf.search(query)
        assert (answer.verdict, [r.key for r in answer.references]) == ("PASS", []), query


def test_the_answer_depends_on_the_query_alone(shelf: Shelf):
    again = Shelf(tuple(reversed(shelf.entries)))
    for query in ("label noise", "calibration", "training"):
        assert [r.key for r in shelf.search(query, 5).references] == [r.key for r in again.search(query, 5).references]
        assert len(shelf.search(query, 5).references) == 5


def test_lookup_by_each_name(shelf: Shelf):
    guo = "On Calibration of Modern Neural Networks"
    assert [r.title for r in shelf.lookup(arxiv="arXiv:1706.04599v2").references] == [guo]
    assert [r.title for r in shelf.lookup(title="on calibration of modern neural networks.").references] == [guo]
    (survey,) = shelf.lookup(doi="https://doi.org/10.1186/S40537-019-0197-0").references
    assert plain(survey.title).startswith("a survey on image data augmentation")
    assert shelf.lookup(title="A work that nobody wrote").references == ()
    assert shelf.lookup().references == ()


def test_a_topic_that_the_shelf_uses(shelf: Shelf):
    assert "guo2017calibration" in {r.key for r in shelf.about("temperature-scaling")}
    assert shelf.about("protein-folding") == ()


def test_a_record_without_a_public_source_is_refused(shelf: Shelf):
    with pytest.raises(ValueError, match="checked_against"):
        Entry.model_validate(shelf.entries[0].model_dump() | {"checked_against": []})
