"""What an executor of runs is called, and whether a server of these settings can use it.

Goals: light to import, as settings are read by every command. `executors` has the workers.
"""

import importlib.util
import ipaddress
from urllib.parse import parse_qs, urlsplit

from billcore.core.errors import SettingsInvalid
from billcore.core.store.urls import is_shared

PROCESSES = "processes"
"""The executor that every server has."""

SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
"""Of the URL of a scheduler, and what Dask calls them."""

ALLOWED = (PROCESSES, *(f"{scheme}://host:port" for scheme in SCHEMES))


def address(url: str) -> str:
    """The scheduler's address as Dask writes it. Raises SettingsInvalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsInvalid("run_executor", f"{url!r}: {error}.", ALLOWED) from None
    plain = f"{parts.scheme}://{parts.netloc}" == url and "@" not in parts.netloc
    if parts.scheme not in SCHEMES or not plain or not parts.hostname or not port:
        raise SettingsInvalid("run_executor", f"{url!r} is no executor.", ALLOWED)
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}"


def check_executor(executor: str, store: str | None) -> None:
    """Whether runs can be driven by it. Raises SettingsInvalid."""
    if executor == PROCESSES:
        return
    address(executor)
    if store is None or not is_shared(store):
        raise SettingsInvalid(
            "run_executor",
            f"workers of {executor} read and write the store themselves, which only PostgreSQL "
            "lets them: name such a `store`, or take processes.",
            ALLOWED,
        )
    _check_reach(executor, store)
    if importlib.util.find_spec("distributed") is None:
        raise SettingsInvalid("run_executor", "Dask is missing: pip install 'billcore[scale]'.")


def _check_reach(executor: str, store: str) -> None:
    """Workers elsewhere would look for a store on this machine on their own."""
    parts = urlsplit(store)
    hosts = parse_qs(parts.query).get("host") or [parts.hostname or ""]
    near = all(not host or host.startswith("/") or is_loopback(host) for host in hosts)
    if near and not is_loopback(urlsplit(executor).hostname or ""):
        raise SettingsInvalid(
            "store",
            f"{store} is a place on this machine, and workers of {executor} may be on others, "
            "where it is another: name a host that is the same everywhere.",
        )


def is_loopback(host: str) -> bool:
    """Whether nobody else reaches a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
