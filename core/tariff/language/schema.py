"""The published JSON Schema of tariff documents: completion and hover help in editors.

Goals: find most mistakes while typing. Non-goals: names, sums and proofs; those are the
loader's and the checker's, whose word is final.
"""

import json
from functools import lru_cache
from importlib import resources
from typing import Any

FILE = "tariff.schema.json"


def text() -> str:
    """The schema as it is published."""
    return (resources.files(__package__) / FILE).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The schema as JSON's types. Not to be changed by its readers."""
    found: dict[str, Any] = json.loads(text())
    return found
