"""The JSON schema of review.json. `python -m ai_scientist_reviewer.schema` prints it, as it is kept in the documentation."""

from __future__ import annotations

import json
import sys
from typing import Any

from ai_scientist_reviewer.records import Review


def schema() -> dict[str, Any]:
    made = Review.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "review.schema.json", **made}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n")
