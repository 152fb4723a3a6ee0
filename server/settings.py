"""The settings of a server: environment, TOML file, command line; validated before anything starts.

Goals: one table of names with units, limits and defaults (docs/operations.md repeats it, a test
compares); a wrong or misspelt setting stops the start and names itself. Non-goals: secrets: a
store's password comes to libpq by PGPASSWORD or ~/.pgpass, and a URL that holds one is refused.
"""

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from billcore.core.errors import SettingsInvalid

ENV_PREFIX = "BILLCORE_"
CONFIG_ENV = "BILLCORE_CONFIG"
"""Names the TOML file, as `serve --config` does."""

CLIENT_ENV = ("BILLCORE_ADDRESS", "BILLCORE_KEY")
"""Of the command line that calls a server; a server that finds them has no use for them."""

MIB = 1 << 20

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Every setting; a field's name in capitals behind BILLCORE_ is its environment variable."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address that gRPC listens on.")
    port: Port = Field(50051, description="Port of gRPC; 0 takes a free one.")
    metrics_host: str = Field(
        "127.0.0.1", min_length=1, description="Address that the metrics page listens on."
    )
    metrics_port: Port = Field(9464, description="Port of the metrics page; 0 takes a free one.")
    store: str | None = Field(
        None, description="URL of the store; empty: none, tariffs live in memory, loopback only."
    )
    tariffs: Path | None = Field(
        None, description="Folder of tariff documents, published at start; empty: none."
    )
    threads: int = Field(
        32, ge=2, le=1024, description="Calls handled at a time; each stream holds one."
    )
    calls_max: int = Field(
        256, ge=2, le=100_000, description="Calls accepted at a time; more are refused."
    )
    streams_max: int = Field(
        8, ge=1, le=1024, description="RateBatch streams at a time; fewer than `threads`."
    )
    event_streams_max: int = Field(
        4, ge=1, le=1024, description="StreamEvents streams at a time, beside `streams_max`."
    )
    load_streams_max: int = Field(
        2, ge=1, le=1024, description="Load streams at a time, beside `streams_max`."
    )
    run_streams_max: int = Field(
        4, ge=1, le=1024, description="WatchRun streams at a time, beside `streams_max`."
    )
    export_streams_max: int = Field(
        2, ge=1, le=1024, description="ExportRun streams at a time, beside `streams_max`."
    )
    payment_streams_max: int = Field(
        2, ge=1, le=1024, description="PostPayments streams at a time, beside `streams_max`."
    )
    payments_waiting_max: int = Field(
        8_192, ge=1, le=1_000_000, description="Payments that wait to be posted; more are refused."
    )
    voucher_keys: Path | None = Field(
        None, description="File of the keys of vouchers' secrets; empty: no vouchers are taken."
    )
    batch_rows_max: int = Field(
        262_144, ge=1, le=4_194_304, description="Bills in one batch of a stream."
    )
    message_bytes_max: int = Field(
        16 * MIB, ge=2 * MIB, le=512 * MIB, description="Bytes of one request message."
    )
    rating_threads: int = Field(
        1, ge=1, le=256, description="Threads that rate one batch; streams run beside one another."
    )
    run_workers: int = Field(
        1, ge=0, le=256, description="Worker processes of a run; 0: a thread of the server."
    )
    run_resume: bool = Field(
        False, description="Whether runs that were interrupted go on when the server starts."
    )
    drain_seconds: float = Field(
        20.0, ge=0, le=3600, description="How long running calls may take after SIGTERM."
    )
    reflection: bool = Field(True, description="Whether clients may ask for the contract.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe events that are logged."
    )

    def shown(self) -> dict[str, object]:
        """The values in JSON's types, for the log."""
        return self.model_dump(mode="json")


def load(config: Path | None = None, **given: object) -> Settings:
    """The settings: `given` (None: not given) over environment over the TOML file over defaults."""
    _check_environment(os.environ)
    named = config or (Path(os.environ[CONFIG_ENV]) if CONFIG_ENV in os.environ else None)
    values = (toml(named) if named else {}) | _environment() | without_none(given)
    try:
        return _checked(Settings.model_validate(values))
    except ValidationError as error:
        raise refused(error, Settings) from None


def _checked(settings: Settings) -> Settings:
    _check_streams(settings)
    if settings.tariffs is not None and not settings.tariffs.is_dir():
        raise SettingsInvalid("tariffs", f"{settings.tariffs} is not a folder.")
    if settings.store is not None:
        check_store_url(settings.store)
    elif not _is_loopback(settings.host):
        raise SettingsInvalid(
            "host",
            f"{settings.host} is not loopback, and without a store there are no clients whose "
            "keys could be asked for: name a `store`, or listen on 127.0.0.1.",
        )
    return settings


def _check_streams(settings: Settings) -> None:
    streams = settings.streams_max
    if settings.store is not None:
        streams += settings.event_streams_max + settings.load_streams_max
        streams += settings.run_streams_max + settings.export_streams_max
        streams += settings.payment_streams_max
    if streams >= settings.threads:
        raise SettingsInvalid(
            "streams_max",
            f"{streams} streams would hold all {settings.threads} threads: keep them below "
            "`threads`.",
        )


def check_store_url(url: str) -> None:
    """Raises SettingsInvalid for a URL with a password: logs and process lists would show it."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return  # the store says what is wrong with it
    if password is not None:
        raise SettingsInvalid(
            "store", "a password has no place in the URL: set PGPASSWORD, or write it to ~/.pgpass."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_none(given: Mapping[str, object]) -> dict[str, object]:
    """What was given at all."""
    return {name: value for name, value in given.items() if value is not None}


def _environment() -> dict[str, Any]:
    names = {ENV_PREFIX + name.upper(): name for name in Settings.model_fields}
    return {names[key]: value for key, value in os.environ.items() if key in names}


def _check_environment(environment: Mapping[str, str]) -> None:
    known = [
        CONFIG_ENV,
        *CLIENT_ENV,
        *(ENV_PREFIX + name.upper() for name in Settings.model_fields),
    ]
    for name in sorted(environment):
        if name.startswith(ENV_PREFIX) and name not in known:
            raise SettingsInvalid(name, "it is in the environment but is no setting.", known)


def toml(file: Path) -> dict[str, Any]:
    """The values of a file of settings. Raises SettingsInvalid."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid("config", f"{file}: {error}") from None


def refused(error: ValidationError, model: type[BaseModel]) -> SettingsInvalid:
    """What is wrong with given settings, each fault by its name."""
    names, messages = zip(*_faults(error), strict=True)
    known = list(model.model_fields) if "extra_forbidden" in str(error) else []
    return SettingsInvalid(", ".join(names), "; ".join(messages) + ".", known)


def _faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    for fault in error.errors():
        name = ".".join(str(part) for part in fault["loc"]) or "settings"
        yield name, f"{fault['msg']}, given {fault['input']!r}"
