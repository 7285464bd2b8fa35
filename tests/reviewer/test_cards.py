import json
from pathlib import Path

from ai_scientist_reviewer.cards import find


def put(file: Path, **card: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(card))


def test_the_newest_card_of_the_model_is_found_wherever_it_lies(tmp_path: Path) -> None:
    put(tmp_path / "a" / "old.json", model="openai:m", date="2026-01-02")
    put(
        tmp_path / "a" / "new" / "card.json",
        model="openai:m",
        date="2026-03-04",
        tracks={"C": {"auc": 0.61234}},
        made_by="bench",
    )
    put(tmp_path / "b" / "other.json", model="openai:n", date="2026-09-09")
    put(tmp_path / "b" / "no-card.json", something="else")
    (tmp_path / "b" / "damaged.json").write_text("{")
    card = find("openai:m", [tmp_path / "b", tmp_path / "a", tmp_path / "nowhere"])
    assert card is not None
    assert (card.date, card.figures()) == ("2026-03-04", [("C, auc", "0.6123")])
    assert card.model_dump()["made_by"] == "bench"  # kept as it is
    assert find("openai:unknown", [tmp_path / "a"]) is None


def test_a_card_of_other_prompts_is_of_another_reviewer(tmp_path: Path) -> None:
    put(tmp_path / "old.json", model="openai:m", date="2026-03-04", prompts="aaaa")
    put(tmp_path / "new.json", model="openai:m", date="2026-01-02", prompts="bbbb")
    card = find("openai:m", [tmp_path], "bbbb")
    assert card is not None and card.date == "2026-01-02"
    assert find("openai:m", [tmp_path], "cccc") is None
    put(tmp_path / "by-hand.json", model="openai:n", date="2026-01-02")
    assert find("openai:n", [tmp_path], "cccc") is not None
