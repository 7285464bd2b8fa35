"""What the offline model can study: all of it in a list, or one study whole."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from ai_scientist.cli.tables import labelled, width
from ai_scientist.errors import InputError
from ai_scientist.offline.studies import Study, studies

ALL = 4000
"""Characters of a text that is shown whole."""


def answer(slug: str | None, as_json: bool) -> str:
    """What `topics` says.

    Raises:
        InputError: no study has that slug.
    """
    known = studies()
    if slug is None:
        return as_text([brief(study) for study in known.values()]) if as_json else listing(list(known.values()))
    if slug not in known:
        raise InputError(f"There is no study '{slug}'. There are: {', '.join(known)}.")
    return as_text(whole(known[slug])) if as_json else page(known[slug])


def as_text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def brief(study: Study) -> dict[str, Any]:
    """A study in a few fields."""
    return {
        "slug": study.slug,
        "title": study.title,
        "question": study.question,
        "metric": study.metric.metric.model_dump(),
        "baseline": study.baseline.name,
        "compared": [variant.change for variant in study.explore],
        "data": dict(study.datasets),
        "own_data": study.own_data is not None,
        "example": example(study),
    }


def whole(study: Study) -> dict[str, Any]:
    """A study in full, the text of its mechanisms with the default settings in it."""
    return brief(study) | {
        "hypothesis": study.hypothesis,
        "secondary": [metric.metric.model_dump() for metric in study.secondary],
        "predictions": [prediction.model_dump() for prediction in study.predictions],
        "mechanisms": {part.label: filled(study, part.describe) for part in study.parts.values()},
        "settings": {name: setting.model_dump() for name, setting in study.settings.items()},
        "figures": {figure["name"]: figure["text"] for figure in study.figures},
        "limitations": list(study.limitations),
        "phrases": list(study.phrases),
    }


def example(study: Study) -> str:
    """The command that runs it."""
    return f'ai-scientist run "{study.keywords[0]}" --model offline'


def listing(known: Sequence[Study]) -> str:
    """A few lines for each study."""
    blocks = [
        "\n".join(
            (
                labelled(study.slug, study.title)
                if len(study.slug) < 14
                else f"{study.slug}\n{labelled('', study.title)}",
                labelled("  asks", study.question, ALL),
                labelled("  measures", measured(study)),
                labelled(
                    "  compares", f"{study.baseline.name} with: {'; '.join(v.change for v in study.explore)}", ALL
                ),
                labelled("  data", "; ".join(study.datasets), ALL),
                f"{'  example':14}{example(study)}",
            )
        )
        for study in known
    ]
    end = (
        "`ai-scientist topics SLUG` shows one whole. Put a topic in your own words: it is matched by what it means. For other topics set up a "
        "model: `ai-scientist doctor` says how."
    )
    return "\n\n".join([*blocks, textwrap.fill(end, width())])


def page(study: Study) -> str:
    """One study whole."""
    return "\n".join(lines(study))


def lines(study: Study) -> Iterator[str]:
    yield from (study.slug, textwrap.fill(study.title, width()), "")
    yield labelled("question", study.question, ALL)
    yield labelled("hypothesis", study.hypothesis, ALL)
    yield labelled("measures", measured(study))
    for number, prediction in enumerate(study.predictions):
        yield labelled("predictions" if not number else "", f"{prediction.role}: {prediction.text}", ALL)
    yield labelled(
        "own data", "--data NAME=FOLDER with a table" if study.own_data is not None else "only its own data sets"
    )
    yield f"{'example':14}{example(study)}"
    yield from ("", "Data")
    yield from items(study.datasets.items())
    yield from ("", "Compared with the baseline")
    yield from items([(study.baseline.name, study.baseline.plan), *((v.change, v.plan) for v in study.explore)])
    yield from ("", "Mechanisms")
    yield from items((part.label, filled(study, part.describe)) for part in study.parts.values())
    yield ""
    yield from settings(study)
    yield from ("", "Figures")
    yield from items((figure["name"], figure["text"]) for figure in study.figures)
    yield from ("", "Limitations")
    for text in study.limitations:
        yield textwrap.fill(text, width(), initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def items(told: Any) -> Iterator[str]:
    """A line for each name and its text, which goes on beneath it."""
    for name, text in told:
        yield textwrap.fill(
            f"{name}: {text}", width(), initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
        )


def settings(study: Study) -> Iterator[str]:
    """A table whose last column goes on beneath itself."""
    rows = [("setting", "default", "meaning")]
    rows += [(name, str(setting.default), setting.text) for name, setting in study.settings.items()]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, default, text in rows:
        yield textwrap.fill(
            text,
            width(),
            initial_indent=f"{name:{first}}  {default:>{second}}  ",
            subsequent_indent=" " * (first + second + 4),
            break_on_hyphens=False,
        )


def measured(study: Study) -> str:
    metric = study.metric
    more = f"; also {listed([one.label for one in study.secondary])}" if study.secondary else ""
    return f"{metric.label} ({metric.better} is better){more}"


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def filled(study: Study, text: str) -> str:
    """A text with the default settings in place of their names."""

    def value(found: re.Match[str]) -> str:
        setting = study.settings.get(found[1])
        return found[0] if setting is None else str(setting.default)

    return re.sub(r"\{(\w+)\}", value, text)
