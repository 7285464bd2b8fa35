"""An example paper over the study of the claims' tests: prose in the markup, figures, references."""

from __future__ import annotations

import io

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

FORM = PaperForm(
    title="Do shifted copies help where labelled digits are few?",
    abstract=[
        r"Small training sets leave a network little to tell accident from rule. We ask whether copies of each image, shifted by one pixel, raise "
        r"the accuracy of a small network on hand-written digits, and fixed beforehand what would count as an answer. On fresh seeds, "
        r"\compare{accuracy-proposed-vs-baseline-digits-20-per-class}. Where all images are used, the predicted gain did not show: "
        r"\compare{accuracy-proposed-vs-baseline-digits-all}. Every number is the result of \val{count-seeds} seeds that the search "
        r"did not use, and \val{count-variants} variants were tried before them."
    ],
    introduction=[
        r"Networks fit whatever labels they are given, accidental ones included \cite{zhang2017understanding}, although they tend to take up simple "
        r"regularities first \cite{arpit2017closer}. The fewer the images, the less there is to tell one from the other. Augmentation is the plainest "
        r"remedy: a digit that moves by one pixel is the same digit, so that its copies are true examples at no cost of labelling.",
        r"That augmentation helps is folklore; how much of it is left as labelled images grow in number, and which part of a recipe does the work, is "
        r"less often measured with its uncertainty. We state the predictions before the experiments, compare with a tuned baseline on seeds and on a split that "
        r"the search did not touch, and report what came out, the absence of an effect included.",
    ],
    related_work=[
        r"\citet{arpit2017closer} find that networks learn simple patterns first and that explicit regularisation can slow the fitting of noise. "
        r"The capacity to fit at random is shown by \cite{zhang2017understanding}; our question is the opposite end of it, where few labels are all that there is. "
        r"Both works study larger networks than ours, and neither is about augmentation as such.",
    ],
    method=[
        r"The baseline is a network with one hidden layer of \val{setting-baseline-hidden} units, trained on the images as they are for "
        r"\val{setting-baseline-epochs} epochs by stochastic gradient descent with a learning rate of \val{setting-baseline-learning-rate}. With inputs $x$ and "
        r"one-hot labels $y$ it minimises $L(\theta) = -\sum_{i} y_i^{\top} \log f_\theta(x_i)$.".replace(r"^{\top}", ""),
        r"The proposed method trains the same network on each image and on \val{setting-proposed-copies} copies that are shifted by one pixel, the edges "
        r"filled by a slight blur. Nothing else is changed, so that a difference can be put down to the copies.",
    ],
    experiments=[
        r"We use hand-written digits of 8 by 8 pixels in \val{count-datasets} conditions: “digits, 20 per class”, “digits, 50 per class” and “digits, all”, "
        r"named by the training images of each class. The baseline was selected among \val{count-tuned} variants and the proposed method among \val{count-explored}, "
        r"by validation accuracy. The search ran \val{count-experiments} experiments, of which \val{count-failed} did not work. "
        r"Arms were then run again on \val{count-seeds} fresh seeds with the test split opened.",
        r"The primary prediction was that accuracy would be higher with shifted copies where images are few; the secondary one, that a gain of "
        r"some size would remain where all images are used. \emph{No effect} was named beforehand as a possible answer to both.",
    ],
    results=[
        r"\tabref{main} gives the accuracy of both methods, and \figref{accuracy-by-images} the single seeds. The primary prediction is supported: "
        r"\compare{accuracy-proposed-vs-baseline-digits-20-per-class}. With more images, \compare{accuracy-proposed-vs-baseline-digits-50-per-class}.",
        r"The secondary prediction is not: \compare{accuracy-proposed-vs-baseline-digits-all}, an interval that leaves no room for the "
        r"difference that was said to matter. The copies stand in for images that are missing, and where none are missing they add nothing that we can measure.",
        r"Calibration agrees. As \tabref{secondary-log-loss} shows, \compare{log-loss-proposed-vs-baseline-all}.",
    ],
    ablation=[
        r"\tabref{ablation} and \figref{parts} take the recipe apart. Without the shifts the gain is gone: "
        r"\compare{accuracy-proposed-vs-ablation-1-digits-20-per-class}. The blur does no work that we can see: "
        r"\compare{accuracy-proposed-vs-ablation-2-all}.",
    ],
    limitations=[
        r"The study uses a single collection of small images and a single small network, so that it says nothing about others. Seeds vary the division into training and validation "
        r"images, the weights and the order, and the test images are the same throughout: intervals are over seeds and not over test images. Comparisons were corrected for their number, yet the variants that "
        r"the search tried were few and alike, and a stronger baseline than the tuned one may exist.",
    ],
    conclusion=[
        r"Shifted copies help where labelled digits are few, and where they are many no effect was seen. The shifts do the work and the blur does none that we could measure. "
        r"Whoever has labels enough can leave both out.",
    ],
)  # fmt: skip


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
                    [m.value for m in e.measurements if m.split == "test" and m.metric == "accuracy"],
                    "o", color=f"C{place}", markersize=3,
                )  # fmt: skip
        axes.set_xticks(range(len(study.DATASETS)), list(study.DATASETS))
        axes.set_ylabel("test accuracy")
        data = io.BytesIO()
        canvas.savefig(data, format="pdf", metadata={"CreationDate": None})
        found[figure.name] = data.getvalue()
    return found
