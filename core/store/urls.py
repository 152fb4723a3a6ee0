"""URLs of stores: which engine, which file, what of them may be shown."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from billcore.core.store.errors import StoreUrlInvalid

SQLITE = "sqlite"
POSTGRES = ("postgresql", "postgres")
_USER = re.compile(r"[^:/?#@]*")
_USER_AND_PASSWORD = re.compile(r"([^:/?#@]*):[^:/?#@]*")


def sqlite_path(url: str) -> str:
    """The path of a store of SQLite; "" of one of PostgreSQL. Raises StoreUrlInvalid."""
    try:
        parts = urlsplit(url)
    except ValueError:  # whose words are of the URL, so perhaps of a password
        raise StoreUrlInvalid(masked(url), "it cannot be read.") from None
    if parts.scheme not in (SQLITE, *POSTGRES):
        raise StoreUrlInvalid(masked(url), "it names no store.")
    if "#" in url:
        raise StoreUrlInvalid(masked(url), "a URL of a store has no fragment: write # as %23.")
    if parts.scheme in POSTGRES:
        return ""
    if parts.netloc:
        host = f"{parts.netloc!r} stands where the path begins"
        raise StoreUrlInvalid(url, f"{host}: use three slashes.")
    if len(parts.path) < 2:
        raise StoreUrlInvalid(url, "it has no path.")
    return parts.path[1:]


def is_shared(url: str | None) -> bool:
    """Whether a URL is that of a store that several processes may write."""
    return url is not None and url.partition(":")[0] in POSTGRES


def masked(url: str) -> str:
    """The URL without its password, for messages and logs.

    What stands before the last @ is taken for user and password, whatever libpq would make of a
    password with characters that have a meaning in URLs: where one may be, nothing is shown.
    """
    scheme, mark, rest = url.partition("://")
    if scheme == SQLITE:
        return url
    if not mark:  # no URL; libpq's other way of writing them has words
        return "…" if "@" in url or "password" in url.lower() else url
    told, at, place = rest.rpartition("@")
    user = told
    if not _USER.fullmatch(told):
        login = _USER_AND_PASSWORD.fullmatch(told)
        if login is None:
            return f"{scheme}://…"
        user = login[1]
    place, asks, query = place.partition("?")
    try:
        given = parse_qsl(query, keep_blank_values=True)
    except ValueError:
        return f"{scheme}://…"
    shown = [(name, value) for name, value in given if "password" not in name.lower()]
    if shown != given:
        query = urlencode(shown, safe="/")
        asks = "?" if query else ""
    return f"{scheme}://{user}{at}{place}{asks}{query}"


def has_password(url: str) -> bool:
    """Whether a URL shows a password, or what may be one."""
    return masked(url) != url
