"""What settings must be beside one another: streams below threads, TLS whole, nobody unasked in.

Goals: each rule names the setting that breaks it, and what to do. Non-goals: limits of single
values; they stand beside the values.
"""

from typing import TYPE_CHECKING

from billcore.core.errors import SettingsInvalid
from billcore.core.store.urls import has_password, is_shared
from billcore.server.executor_names import check_executor, is_loopback
from billcore.server.streams import of_server

if TYPE_CHECKING:
    from billcore.server.settings import Settings

PORT_MAX = 65_535


def checked(settings: "Settings") -> "Settings":
    """The settings, which fit one another. Raises SettingsInvalid."""
    _check_streams(settings)
    _check_processes(settings)
    if settings.tariffs is not None and not settings.tariffs.is_dir():
        raise SettingsInvalid("tariffs", f"{settings.tariffs} is not a folder.")
    if settings.store is not None:
        check_store_url(settings.store)
    check_executor(settings.run_executor, settings.store)
    _check_tls(settings)
    if is_loopback(settings.host):
        return settings
    if settings.store is None:
        raise SettingsInvalid(
            "host",
            f"{settings.host} is not loopback, and without a store there are no clients whose "
            "keys could be asked for: name a `store`, or listen on 127.0.0.1.",
        )
    if settings.tls_cert is None and not settings.plain_beyond_loopback:
        raise SettingsInvalid(
            "host",
            f"{settings.host} is not loopback, and without TLS keys would travel in the clear: set "
            "`tls_cert` and `tls_key`, or `plain_beyond_loopback` behind a proxy that ends TLS.",
        )
    return settings


def _check_tls(settings: "Settings") -> None:
    if (settings.tls_cert is None) != (settings.tls_key is None):
        missing = "tls_key" if settings.tls_key is None else "tls_cert"
        raise SettingsInvalid(missing, "a certificate needs its key.")
    if settings.tls_client_ca is not None and settings.tls_cert is None:
        raise SettingsInvalid("tls_client_ca", "clients are asked within TLS: set `tls_cert`.")


def _check_streams(settings: "Settings") -> None:
    held = of_server(settings.store is not None)
    streams = sum(int(getattr(settings, one.setting)) for one in held)
    if streams >= settings.threads:
        raise SettingsInvalid(
            "streams_max",
            f"{streams} streams would hold all {settings.threads} threads: keep them below "
            "`threads`.",
        )


def _check_processes(settings: "Settings") -> None:
    """Only a store that is shared keeps several servers in step."""
    wanted = "processes" if settings.processes > 1 else "reuse_port" * settings.reuse_port
    if wanted and not is_shared(settings.store):
        kept = "without a store each would have tariffs of its own"
        if settings.store is not None:
            kept = "a file of SQLite is one process's"
        raise SettingsInvalid(
            wanted, f"{kept}: several processes serve a store of PostgreSQL together."
        )
    last = settings.metrics_port + settings.processes
    if settings.processes > 1 and settings.metrics_port and last > PORT_MAX:
        raise SettingsInvalid("metrics_port", f"the last process's would be {last}.")


def check_store_url(url: str) -> None:
    """Raises SettingsInvalid for a URL with a password: logs and process lists would show it."""
    if has_password(url):
        raise SettingsInvalid(
            "store",
            "a password has no place in the URL: set PGPASSWORD, or write it to ~/.pgpass. An @ "
            "that is of no password is written %40.",
        )
