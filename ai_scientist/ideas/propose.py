"""Ask a model for an idea on a topic, and for another where it does not hang together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ai_scientist.config import Config
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.errors import ModelError
from ai_scientist.ideas.forms import IdeaForm
from ai_scientist.models.base import ChatModel
from ai_scientist.prompts import render
from ai_scientist.records import Idea, Reference


def propose(
    topic: str,
    references: Sequence[Reference],
    model: ChatModel,
    config: Config,
    *,
    literature: str = "",
    note: str = "",
    earlier: Idea | None = None,
    data: Sequence[DataSummary] = (),
    packages: Mapping[str, str] | None = None,
) -> Idea:
    """An idea whose predictions are about what will be measured.

    `literature`: why there are no references, where a source could not be asked. `note`: what a person said of `earlier`.
    `data`: what the user gave, which the idea is to be about. `packages`: what programs may import, with versions.

    Raises:
        ModelError: no consistent idea came within `config.models.attempts`.
        TopicRefused: the offline model does not know the topic.
    """
    faults: list[str] = []
    for _ in range(config.models.attempts):
        prompt = render(
            "propose_idea",
            topic=topic,
            references=references,
            literature=literature,
            note="\n".join([note, *faults]).strip(),
            earlier=earlier,
            limits=config.experiment,
            confirm_seeds=config.search.confirm_seeds,
            data=data,
            packages=packages or {},
        )
        form = model.fill(prompt, IdeaForm).value
        faults = form.faults()
        if not faults:
            return form.idea()
    raise ModelError(
        f"{model.name} gave no idea that hangs together: {' '.join(faults)} Try another model for the role 'ideas'."
    )
