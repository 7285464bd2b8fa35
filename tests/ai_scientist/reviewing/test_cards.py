import json
from pathlib import Path

import pytest

from ai_scientist.config import Config, Review
from ai_scientist.reviewing.cards import cards_of, measured


def test_a_review_carries_the_card_of_each_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    own = tmp_path / "config" / "ai-scientist" / "cards"
    own.mkdir(parents=True)
    (own / "b.json").write_text(json.dumps({"model": "b", "date": "2026-01-01", "summary": "AUC 0.61 (n = 500)"}))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "card.json").write_text(json.dumps({"model": "a", "date": "2026-02-02"}))
    config = Config(review=Review(cards=(str(tmp_path / "a"),)))
    cards = cards_of(["a", "b"], config)
    assert measured(cards) == "measured 2026-02-02, see its card below; AUC 0.61 (n = 500)"
    assert measured(cards_of(["a", "c"], config)) == "not measured for c"
    assert measured(cards_of(["c"], config)) == "not measured"
    assert measured({}) == "not measured"
