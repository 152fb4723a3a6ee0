"""Settings as people read them: the values in use with where each comes from, and the reference.

Goals: what is printed is a file that `--config` takes, and holds no secret; docs/settings.md is
made of the settings' own fields, so that it cannot differ from them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from billcore.core.store.urls import masked
from billcore.server.settings import ENV_PREFIX, Settings

DEFAULT = "default"

HEAD = """\
# Settings

What `billcore serve` can be told: as an option where it has one, over the variable in the
environment, over a TOML file (`--config FILE`, or BILLCORE_CONFIG), over the default. All are
checked before anything starts; a misspelt name stops the start and is named. `billcore serve
--show-config` prints the values in use with where each comes from, and starts nothing; what it
prints is such a file. No setting is a secret: passwords come to libpq by PGPASSWORD or
`~/.pgpass`, keys from the files that settings name.

This page is made by `make reference` of `server/settings.py`; a test compares them. What the
settings are for: [operations.md](operations.md), [deployment.md](deployment.md).

| setting | variable | allowed | default | what |
|---|---|---|---|---|
"""


def toml(settings: Settings, sources: Mapping[str, str]) -> str:
    """Every setting as a line of TOML with its source; those that are not set as a comment."""
    lines = [(_line(name, value), name) for name, value in _shown(settings).items()]
    width = max(len(line) for line, _ in lines)
    told = ((line.ljust(width), sources.get(name, DEFAULT)) for line, name in lines)
    return "\n".join(f"{line}  # {source}" for line, source in told) + "\n"


def reference() -> str:
    """The page of docs that lists every setting."""
    return HEAD + "".join(_rows())


def _shown(settings: Settings) -> dict[str, Any]:
    values = settings.model_dump(mode="json")
    if settings.store is not None:
        values["store"] = masked(settings.store)
    return values


def _line(name: str, value: object) -> str:
    if value is None:
        return f"# {name} ="
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        variable = f"{ENV_PREFIX}{name.upper()}"
        default = "" if field.default is None else json.dumps(field.default).strip('"')
        allowed = _allowed(field)
        yield f"| `{name}` | `{variable}` | {allowed} | `{default}` | {field.description} |\n"


def _allowed(field: FieldInfo) -> str:
    limits = [(getattr(m, "ge", None), getattr(m, "le", None)) for m in field.metadata]
    least = next((ge for ge, _ in limits if ge is not None), None)
    most = next((le for _, le in limits if le is not None), None)
    if least is not None:
        return f"{least}..{most}"
    kinds = get_args(field.annotation) or (field.annotation,)
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{kind}`" for kind in kinds)
    if bool in kinds:
        return "`true`, `false`"
    return "path" if Path in kinds else "text"
