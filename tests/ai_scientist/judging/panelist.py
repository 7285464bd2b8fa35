"""A model behind an API that sits on panels: it fills each form in from what the prompt says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.ai_scientist.models.server import Answer, Asked, Refuse, Say
from tests.reviewer.conftest import paper_pages, pdf_bytes

FIRST = "Networks fit wrong labels late in training [1], so stopping early may help."
LAST = "Table 1 lists all runs. The gain is largest at forty percent noise."
ADDED = "A second data set, wine, shows the same gain in all five runs."
PRICES = "models.prices={openai:one: {input: 10, output: 10}, openai:two: {input: 10, output: 10}}"
"""US dollars for a million tokens."""
MODELS = ("models.default=openai:one", "models.max_output_tokens=1000", "models.attempts=2", PRICES)


def paper(folder: Path, name: str = "draft.pdf", changes: dict[str, str] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(pdf_bytes(paper_pages(changes)))
    return file


class Panelist:
    """A script for the server. What it was asked is kept; a form can be refused, and a hook is called before each answer."""

    def __init__(
        self,
        *,
        refuse: dict[str, int] | None = None,
        before: Callable[[str], None] | None = None,
        tokens: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        self.refuse = refuse or {}
        """Model to the status that it is refused with."""
        self.tokens = tokens or {}
        """Form to what a reply says it took, in and out."""
        self.before = before
        self.asked: list[tuple[str, str, str]] = []
        """Model, form and prompt of each request, in order."""
        self._guard = threading.Lock()

    def __call__(self, asked: Asked) -> Answer:
        body = asked.body
        tool = body["tools"][0]
        form = tool.get("name") or tool["function"]["name"]
        content = body["messages"][-1]["content"]
        text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
        with self._guard:
            self.asked.append((body["model"], form, text))
        if self.before:
            self.before(form)
        if body["model"] in self.refuse:
            return Refuse(self.refuse[body["model"]], "the key is not valid", "invalid_api_key")
        filled = self.fill(form, text, body["model"])
        return Say(form=filled, tokens=self.tokens.get(form, (len(text) // 4, len(json.dumps(filled)) // 4)))

    def forms(self) -> list[str]:
        return sorted(form for _, form, _ in self.asked)

    def fill(self, form: str, text: str, model: str) -> dict[str, Any]:
        if form == "Verdicts":
            return {"verdicts": [{"number": n, "reason": "It is so.", "answer": "holds"} for n in (1, 2, 3)]}
        if form == "SecondReading":
            return {"answers": [{"number": n, "reason": "It is so.", "answer": "holds"} for n in (1, 2, 3)]}
        if form == "ChairSheet":
            return {"summary": "The panel sees one fault.", "decision": "Reject", "first_steps": ["Say so."]}
        if form == "QueriesForm":
            return {"queries": ["memorization of wrong labels"]}
        if form == "FollowUpSheet":
            promise = {
                "letter": "we added a second data set",
                "claim": "c",
                "reason": "r",
                "quote": ADDED,
                "kept": "kept",
            }
            status = {"number": 1, "reason": "It was added.", "quote": ADDED, "status": "resolved"}
            return {"points": [status], "changes": [], "promises": [promise] if "second data set in" in text else []}
        point = {
            "claim": f"{model} misses a second data set.",
            "quote": LAST if LAST in text else FIRST,
            "severity": "major",
        }
        return {
            "summary": "About noise.",
            "weaknesses": [point],
            "overall": 3,
            "rating": 4,
            "quality": 2,
            "decision": "Reject",
        }
