"""The settings of an adapter: TOML file, command line; validated before anything starts.

Goals: as `server/settings.py`; docs/kiosks.md repeats the table, a test compares. The key is no
setting: it comes from a file that is named here, or from BILLCORE_KEY.
"""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    ValidationError,
)

from billcore.core.client_errors import KeyMissing
from billcore.core.errors import MoneyInvalid, SettingsInvalid
from billcore.core.money import minor_digits
from billcore.core.payments.codes import TargetKind
from billcore.server.settings import Port, refused, toml, without_none

KEY_ENV = "BILLCORE_KEY"

ACCOUNT_MAX = 200
"""An account has at most so many characters, whatever the pattern says."""


def _currency(code: str) -> str:
    try:
        minor_digits(code)
    except MoneyInvalid as error:
        raise ValueError(error.message) from None
    return code


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # unknown, a folder, or no name at all
        raise ValueError(f"no time zone {name!r} is known, as Europe/Moscow is") from None
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"it is no regular expression: {error}") from None
    return text


def _template(*names: str) -> AfterValidator:
    """A text in which these names stand in braces, and no others."""

    def checked(text: str) -> str:
        try:
            found = [(name, spec, how) for _, name, spec, how in Formatter().parse(text)]
        except ValueError as error:
            raise ValueError(f"its braces do not fit: {error}") from None
        for name, spec, how in found:
            if name is not None and (name not in names or spec or how):
                allowed = ", ".join(f"{{{one}}}" for one in names)
                raise ValueError(f"in braces it may have {allowed}")
        return text

    return AfterValidator(checked)


def _file_name(text: str) -> str:
    if not text or "/" in text or "\0" in text or text in (".", ".."):
        raise ValueError("it is the name of a file, without a folder")
    return text


class Labels(BaseModel):
    """What a kiosk shows beside what there is to pay; an empty one leaves it out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("Name", max_length=100, description="Of the masked name.")
    address: str = Field("Address", max_length=100, description="Of the masked address.")
    due: str = Field("Due", max_length=100, description="Of the amount.")
    due_day: str = Field("Due on", max_length=100, description="Of the oldest document's due day.")


class Settings(BaseModel):
    """Every setting of an adapter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address that HTTP listens on.")
    port: Port = Field(8090, description="Port of HTTP; 0 takes a free one.")
    path: str = Field("/osmp", pattern=r"^/[\w./-]*$", description="Path of the requests.")
    metrics_host: str = Field(
        "127.0.0.1", min_length=1, description="Address that the metrics page listens on."
    )
    metrics_port: Port = Field(9465, description="Port of the metrics page; 0 takes a free one.")
    address: str = Field("127.0.0.1:50051", min_length=1, description="Host and port of gRPC.")
    key_file: Path | None = Field(
        None, description="File of the client's key; empty: BILLCORE_KEY has it."
    )
    provider: str = Field("", description="Code of the provider; empty: the key's own.")
    channel: str = Field(min_length=1, description="Code of the channel.")
    currency: Annotated[str, AfterValidator(_currency)] = Field(
        description="Currency of the provider (ISO 4217)."
    )
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        description="Time zone of `txn_date` and of the register's days."
    )
    account: Literal["account", "bill", "document"] = Field(
        "account", description="What the parameter `account` is; see TargetKind."
    )
    account_pattern: Annotated[str, AfterValidator(_pattern)] = Field(
        r"\S+", description="Regular expression that all of `account` fits, or its format is wrong."
    )
    terminal: Annotated[str, _template("trm_id")] = Field(
        "", description="Terminal of the channel, with {trm_id}; empty: none is told."
    )
    terminals: dict[str, str] = Field({}, description="Terminals by `trm_id`, before `terminal`.")
    labels: Labels = Field(Labels(), description="What a kiosk shows: name, address, due, due_day.")
    sources: tuple[IPvAnyNetwork, ...] = Field(
        ("127.0.0.0/8", "::1/128"),
        description="Networks that may call.",
        validate_default=True,
    )
    proxies: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks whose X-Forwarded-For says who calls."
    )
    answer_seconds: int = Field(
        20, ge=1, le=55, description="A request is answered after so long at the latest."
    )
    drain_seconds: int = Field(
        25, ge=0, le=3600, description="How long requests may take after SIGTERM."
    )
    connections_max: int = Field(
        64, ge=1, le=10_000, description="Connections at a time; more are answered 503."
    )
    query_bytes_max: int = Field(4096, ge=64, le=32_768, description="Bytes of a query.")
    body_bytes_max: int = Field(16_384, ge=64, le=1 << 20, description="Bytes of a body.")
    parameters_max: int = Field(64, ge=8, le=1000, description="Parameters of a request.")
    register_name: Annotated[
        str, _template("channel", "day", "next_day"), AfterValidator(_file_name)
    ] = Field(
        "OSMP_{channel}_{day}1.csv", description="Name of a day's register; days are YYYYMMDD."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe events that are logged."
    )

    @property
    def digits(self) -> int:
        """Decimal digits of the currency's minor unit."""
        return minor_digits(self.currency)

    @property
    def zone(self) -> ZoneInfo:
        """Of `txn_date`."""
        return ZoneInfo(self.time_zone)

    @property
    def kind(self) -> TargetKind:
        """What accounts are."""
        return TargetKind[self.account.upper()]

    def register_of(self, day: date) -> str:
        """The name of a day's register."""
        next_day = day + timedelta(days=1)
        days = {"day": f"{day:%Y%m%d}", "next_day": f"{next_day:%Y%m%d}"}
        return self.register_name.format(channel=self.channel, **days)

    def shown(self) -> dict[str, object]:
        """The values in JSON's types, for the log."""
        return self.model_dump(mode="json")


def load(config: Path | None, **given: object) -> Settings:
    """The settings: `given` (None: not given) over the TOML file. Raises SettingsInvalid."""
    values = (toml(config) if config else {}) | without_none(given)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise refused(error, Settings) from None


def key(settings: Settings) -> str:
    """The client's key. Raises SettingsInvalid, KeyMissing."""
    if settings.key_file is None:
        found = os.environ.get(KEY_ENV, "")
    else:
        try:
            found = settings.key_file.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            why = f"{settings.key_file} cannot be read: {type(error).__name__}."
            raise SettingsInvalid("key_file", why) from None
    if not found.strip():
        raise KeyMissing
    return found.strip()
