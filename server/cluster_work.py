"""What a worker of a cluster does with a chunk: first of all it makes sure that it is one of ours.

A chunk goes as bytes that call `done` when they are unpickled, and Dask is told to unpickle them: a
worker that cannot import this module answers so. Had it our functions themselves to unpickle, it
would end at that, and so would the next one. It is imported on workers, which have no server:
nothing of gRPC may be imported here.
"""

import hashlib
import pickle
import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from billcore.server.refusals import WorkerUnfit

OF_A_BUILD = (".py", ".so", ".sql", ".json", ".yaml", ".typ")
"""The files of a build that are installed everywhere."""

ROOMS = ("billcore.core", "billcore.ext")


@lru_cache(1)
def build() -> str:
    """SHA-256 over rules, kernels and schema as they are installed here, in hex."""
    found = hashlib.sha256()
    for room in ROOMS:
        spec = find_spec(room)
        assert spec is not None
        assert spec.submodule_search_locations
        folder = Path(spec.submodule_search_locations[0])
        files = [file for file in folder.rglob("*") if file.suffix in OF_A_BUILD]
        for file in sorted(files):
            name = f"{room}/{file.relative_to(folder).as_posix()}"
            found.update(f"{name}\0{file.stat().st_size}\0".encode())
            found.update(file.read_bytes())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class _Call:
    """Unpickled it is what `done` answers."""

    build: str
    content: bytes

    def __reduce__(self) -> tuple[object, ...]:
        return done, (self.build, self.content)


def packed(wanted: str, act: Callable[..., object], *given: object) -> bytes:
    """What `pickle.loads` makes into what `act` makes of what it is given, on a worker."""
    return pickle.dumps(_Call(wanted, pickle.dumps((act, given))))


def done(wanted: str, content: bytes) -> object:
    """What is made of a chunk, if this is the build that is wanted.

    Raises WorkerUnfit, having done nothing, and what the work raises.
    """
    if build() != wanted:
        raise WorkerUnfit(
            platform.node(),
            f"it has billcore of build {build()[:12]}, this server of {wanted[:12]}.",
        )
    act, given = pickle.loads(content)  # noqa: S301 - as the scheduler, of our own settings
    return act(*given)
