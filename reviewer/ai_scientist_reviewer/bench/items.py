"""What a bench has finished, in a file that is only appended to: each item once, and none again after a restart."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any


class Items:
    """Finished items by id, each a JSON object, one a line. One process writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._done: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        data = path.read_bytes() if path.exists() else b""
        whole = data.rpartition(b"\n")[0]
        for line in whole.splitlines():
            row = json.loads(line)
            self._done[row["id"]] = row
        if len(whole) + bool(whole) < len(data):  # the last line was torn by a kill
            path.write_bytes(whole + b"\n" if whole else b"")

    def get(self, id: str) -> dict[str, Any] | None:
        return self._done.get(id)

    def once(self, id: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """The item, made now unless it is there."""
        row = self._done.get(id)
        if row is None:
            row = {"id": id, **make()}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._done[id] = row
        return row

    def under(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Items whose id begins so, in the order in which they were made."""
        return (row for id, row in self._done.items() if id.startswith(prefix))
