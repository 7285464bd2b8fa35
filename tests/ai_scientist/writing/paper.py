"""An example paper over the study of the claims' tests: prose in the markup, figures, references."""

from __future__ import annotations

import io
from pathlib import Path

import yaml

from ai_scientist.claims.build import build
from ai_scientist.records import Claims, Figure, Manuscript, Reference
from ai_scientist.writing.about import About, Material
from ai_scientist.writing.forms import PaperForm, manuscript
from tests.ai_scientist.claims import study

EXPERIMENTS = study.experiments()
CLAIMS: Claims = build(study.IDEA, study.ARMS, EXPERIMENTS)

REFERENCES = (
    Reference(key="zhang2017understanding", title="Understanding deep learning requires rethinking generalization",
              authors=("Chiyuan Zhang", "Samy Bengio", "Moritz Hardt"), venue="ICLR", year=2017, arxiv="1611.03530", source="shelf"),
    Reference(key="arpit2017closer", title="A Closer Look at Memorization in Deep Networks",
              authors=("Devansh Arpit", "Stanisław Jastrzębski"), venue="ICML", year=2017, source="shelf"),
)  # fmt: skip
BIBTEX = """@inproceedings{zhang2017understanding,
  title = {Understanding deep learning requires rethinking generalization},
  author = {Chiyuan Zhang and Samy Bengio and Moritz Hardt and Benjamin Recht and Oriol Vinyals},
  booktitle = {International Conference on Learning Representations}, year = {2017},
  url = {https://arxiv.org/abs/1611.03530}
}
@inproceedings{arpit2017closer,
  title = {A Closer Look at Memorization in Deep Networks},
  author = {Devansh Arpit and Stanisław Jastrzębski and Nicolas Ballas and David Krueger and Emmanuel Bengio},
  booktitle = {Proceedings of the 34th International Conference on Machine Learning}, year = {2017}
}
"""
FIGURES = (
    Figure(name="accuracy-by-images", author="ours", width=5.5, shows="The gain shrinks as images grow in number.",
           caption=r"Test accuracy of both methods on each data set. Points are single seeds, bars the mean over \val{count-seeds} seeds."),
    Figure(name="parts", author="ours", width=4.2, shows="Without shifts the gain is gone.",
           caption=r"Mean test accuracy of the proposed method and of its ablations, averaged over the \val{count-datasets} data sets."),
)  # fmt: skip

FORM = PaperForm.model_validate(yaml.safe_load(Path(__file__).with_name("paper.yaml").read_text(encoding="utf-8")))


def written() -> Manuscript:
    return manuscript(FORM, "ours", "offline")


def material() -> Material:
    about = About(
        date="22 November 2026", run="2026-11-22_shifted-copies_7f3a", models={"ideas": "offline", "prose": "offline"}, seed=0,
        spent={"wall-clock": "74 s", "money": "$0.00"}, unverified=("Whether each cited work supports its sentence was not checked.",),
    )  # fmt: skip
    return Material(idea=study.IDEA, claims=CLAIMS, experiments=EXPERIMENTS, about=about)


def pictures() -> dict[str, bytes]:
    """Figures as vector graphics with numbers in them, drawn from the study's measurements."""
    from matplotlib.figure import Figure as Canvas

    found = {}
    for figure in FIGURES:
        canvas = Canvas(figsize=(figure.width, 2.6), layout="constrained")
        axes = canvas.subplots()
        for place, arm in enumerate(CLAIMS.arms.all[:2] if figure.name != "parts" else CLAIMS.arms.all):
            rows = [e for e in EXPERIMENTS if e.parent == arm and e.confirming]
            for e in rows:
                axes.plot(
                    [m.value or 0.0 for m in e.measurements if m.split == "test" and m.metric == "accuracy"],
                    "o", color=f"C{place}", markersize=3,
                )  # fmt: skip
        axes.set_xticks(range(len(study.DATASETS)), list(study.DATASETS))
        axes.set_ylabel("test accuracy")
        data = io.BytesIO()
        canvas.savefig(data, format="pdf", metadata={"CreationDate": None})
        found[figure.name] = data.getvalue()
    return found
