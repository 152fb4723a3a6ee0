"""The settings of a server: environment, TOML file, command line; validated before anything starts.

Goals: one table of names with units, limits and defaults (docs/settings.md is made of it); a wrong
or misspelt setting stops the start and names itself. Non-goals: secrets: a store's password comes
to libpq by PGPASSWORD or ~/.pgpass, and a URL that holds one is refused.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from billcore.core.errors import SettingsInvalid
from billcore.server.dialing import DIAL_ENV
from billcore.server.executor_names import PROCESSES
from billcore.server.settings_checks import checked

ENV_PREFIX = "BILLCORE_"
CONFIG_ENV = "BILLCORE_CONFIG"
"""Names the TOML file, as `serve --config` does."""

CLIENT_ENV = ("BILLCORE_ADDRESS", "BILLCORE_KEY", *DIAL_ENV)
"""Of the command line that calls a server; a server that finds them has no use for them."""

UNSHOWN = frozenset(["store", "otel_endpoint"])
"""Whose values no fault tells: passwords may stand in URLs. Nor of what is no setting."""

MIB = 1 << 20

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Every setting; a field's name in capitals behind BILLCORE_ is its environment variable."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address that gRPC listens on.")
    port: Port = Field(50051, description="Port of gRPC; 0 takes a free one.")
    tls_cert: Path | None = Field(
        None, description="File of the certificate and its chain, PEM; empty: no TLS."
    )
    tls_key: Path | None = Field(None, description="File of the key of `tls_cert`, PEM.")
    tls_client_ca: Path | None = Field(
        None,
        description="File of who vouches for clients, PEM; empty: they need no proof.",
    )
    plain_beyond_loopback: bool = Field(
        False, description="Whether others may call without TLS; for a proxy that ends it."
    )
    metrics_host: str = Field(
        "127.0.0.1", min_length=1, description="Address that the metrics page listens on."
    )
    metrics_port: Port = Field(
        9464,
        description="Port of the metrics page; 0 takes a free one; process n of several has this "
        "and n.",
    )
    store: str | None = Field(
        None, description="URL of the store; empty: none, tariffs live in memory, loopback only."
    )
    tariffs: Path | None = Field(
        None, description="Folder of tariff documents, published at start; empty: none."
    )
    threads: int = Field(
        64, ge=2, le=1024, description="Calls handled at a time; each stream holds one."
    )
    calls_max: int = Field(
        256, ge=2, le=100_000, description="Calls accepted at a time; more are refused."
    )
    client_calls_per_second: int = Field(
        5_000, ge=0, le=1_000_000, description="Calls of one client in a second; 0: any number."
    )
    client_burst_seconds: int = Field(
        2, ge=1, le=3600, description="For so long a client may save calls up, to send at once."
    )
    client_calls_max: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Calls of one client at a time, with streams; 0: any.",
    )
    key_warning_days: int = Field(
        14, ge=0, le=366, description="So many days before the end of a client's key it is told."
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
    assessment_streams_max: int = Field(
        1, ge=1, le=1024, description="AssessLateFees streams at a time, beside `streams_max`."
    )
    reports_max: int = Field(
        1,
        ge=1,
        le=1024,
        description="Calls of GetReport, ListWarnings and FixCutOff each, beside `streams_max`.",
    )
    import_streams_max: int = Field(
        1,
        ge=1,
        le=1024,
        description="Imports of reports, statements and debit results each, beside `streams_max`.",
    )
    payments_waiting_max: int = Field(
        8_192, ge=1, le=1_000_000, description="Payments that wait to be posted; more are refused."
    )
    voucher_keys: Path | None = Field(
        None, description="File of the keys of vouchers' secrets; empty: no vouchers are taken."
    )
    receipt_keys: Path | None = Field(
        None, description="File of the keys of receipts; empty: no receipts are issued."
    )
    signing_keys: Path | None = Field(
        None, description="File of the Ed25519 keys that sign events; empty: none is signed."
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
    run_executor: str = Field(
        PROCESSES,
        description="What drives runs: `processes`, or Dask's scheduler as `dask://host:port`.",
    )
    run_resume: bool = Field(
        False, description="Whether runs that were interrupted go on when the server starts."
    )
    processes: int = Field(
        1, ge=1, le=256, description="Processes that serve on the port; more than 1: PostgreSQL."
    )
    reuse_port: bool = Field(
        False, description="Whether other servers may listen on the same port; PostgreSQL alone."
    )
    drain_seconds: float = Field(
        20.0, ge=0, le=3600, description="How long running calls may take after SIGTERM."
    )
    reflection: bool = Field(True, description="Whether clients may ask for the contract.")
    otel_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^\s/@]+:\d{1,5}$",
        description="Where traces go, OTLP over gRPC, as `http://127.0.0.1:4317`; empty: nowhere.",
    )
    otel_share: float = Field(
        1.0, ge=0, le=1, description="Share of the traces that no caller began which are sent."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe events that are logged."
    )

    def shown(self) -> dict[str, object]:
        """The values in JSON's types, for the log."""
        return self.model_dump(mode="json")


def load(config: Path | None = None, **given: object) -> Settings:
    """The settings: `given` (None: not given) over environment over the TOML file over defaults."""
    return sourced(config, **given)[0]


def sourced(config: Path | None = None, **given: object) -> tuple[Settings, Mapping[str, str]]:
    """As `load`, and where each value that is no default comes from. Raises SettingsInvalid."""
    _check_environment(os.environ)
    named = config or (Path(os.environ[CONFIG_ENV]) if CONFIG_ENV in os.environ else None)
    layers = (
        (f"file {named}", toml(named) if named else {}),
        ("environment", _environment()),
        ("option", without_none(given)),
    )
    values = {name: value for _, layer in layers for name, value in layer.items()}
    sources = {name: source for source, layer in layers for name in layer}
    try:
        return checked(Settings.model_validate(values)), sources
    except ValidationError as error:
        raise refused(error, Settings) from None


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
        shown = fault["type"] != "extra_forbidden" and not {*fault["loc"]} & UNSHOWN
        yield name, f"{fault['msg']}, given {fault['input']!r}" if shown else fault["msg"]
