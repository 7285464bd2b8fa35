"""The topic, as a user gives it: a sentence, or a Markdown file with a title, keywords, a TL;DR and an abstract."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ai_scientist.errors import InputError, cause

LONGEST = 20_000
"""Characters of a topic. More than that is a paper."""


def read_topic(given: str) -> str:
    """The topic's text. What ends like a Markdown or text file is read as one.

    Raises:
        InputError: it is empty, too long, or a file that cannot be read.
    """
    text = given
    if given.endswith((".md", ".markdown", ".txt")):
        path = Path(given)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise InputError(
                f"There is no file {path}: give a topic as a sentence, or the path of a Markdown file."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"The topic file {path} cannot be read ({cause(error)}).") from None
    elif "/" in given and os.path.exists(given):  # noqa: PTH110 - pathlib's raises on a long sentence
        raise InputError(
            f"{given} is no Markdown or text file (.md, .txt): give a topic as a sentence, or the path of one."
        )
    text = text.strip()
    if not re.search(r"\w", text):
        raise InputError(
            'The topic is empty: say what to look into, for instance ai-scientist run "early stopping under label noise".'
        )
    if len(text) > LONGEST:
        raise InputError(
            f"The topic has {len(text):,} characters; at most {LONGEST:,} fit. Give its title, keywords and abstract."
        )
    return text


def headline(topic: str) -> str:
    """The topic in one line: the first heading of a Markdown file that is not a mere label, else the first line."""
    for line in topic.splitlines():
        plain = re.sub(r"^#+\s*", "", line).strip()
        plain = re.sub(r"^(title|topic)\s*:\s*", "", plain, flags=re.IGNORECASE)
        if plain and plain.lower() not in ("title", "topic"):
            return plain[:200]
    return topic[:200]


def slug(topic: str) -> str:
    """The topic as a folder name: at most six words of it."""
    words = re.findall(r"[a-z0-9]+", headline(topic).lower())
    return "-".join(words[:6])[:60].strip("-") or "topic"
