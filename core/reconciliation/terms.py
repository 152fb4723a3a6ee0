"""The terms by which a channel is reconciled: one JSON object, every key known.

    {
      "report_format": "osmp", "time_zone": "Europe/Moscow", "cut_off_minute": 0,
      "report_minutes": 600, "prevails": "channel",
      "match_documents": false, "target_kind": "account",
      "transit_days": 1, "cycle_days": 1, "settlement_days": 2, "unfunded_days": 2,
      "bank_account": "DE02120300000000202051", "bank_text": "KIOSK AG",
      "fees": {"fixed": 0, "per_10000": 80, "least": 0, "most": 0}, "fees_deducted": true
    }

What is left out has the default of its class below.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from billcore.core.accounts.acting import Write
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.keeping import keep
from billcore.core.accounts.policy_json import field_names, json_tree, known_object, shown
from billcore.core.accounts.policy_text import TEXT_MAX, leaf, leaves
from billcore.core.payments.channel_policies import ConvenienceFee
from billcore.core.payments.codes import TargetKind
from billcore.core.store.channels import Channel
from billcore.core.store.kept import CHANNEL_TERMS
from billcore.core.store.port import Reader

FIELD = "terms"

TARGET_KINDS = {
    "account": TargetKind.ACCOUNT,
    "bill": TargetKind.BILL,
    "document": TargetKind.DOCUMENT,
}


class Prevails(StrEnum):
    """Whose word counts where the two differ, by contract."""

    CHANNEL = "channel"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Terms:
    """report_format: how its reports look. time_zone: of its business days, '' is the provider's.

    cut_off_minute: from this minute of a day on a payment is of the next business day; 0: none is.
    report_minutes: so long after the end of a day its report is due.
    prevails: whose amount is right by contract; nothing is netted either way.
    match_documents: where references differ, what was paid, amount and day may pair two lines.
    target_kind: what its reports call what was paid: account, bill or document.
    transit_days: for so many days a payment may be missing in the reports.
    cycle_days: so many days are settled together, weeks from Monday; settlement_days: the bank's
    credit is due so many days after the last of them; unfunded_days: and so much later at most.
    bank_account: where it pays, '': nothing is compared with banks. bank_text: words in what the
    bank tells of its credits.
    fees: what the channel keeps of a payment; fees_deducted: before it pays.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "cut_off_minute": (0, 1_439),
        "report_minutes": (0, 20_160),
        "transit_days": (0, 60),
        "cycle_days": (1, 31),
        "settlement_days": (0, 60),
        "unfunded_days": (0, 60),
    }
    TEXTS: ClassVar[Mapping[str, int]] = {
        "report_format": 40,
        "time_zone": 60,
        "bank_account": 100,
        "bank_text": 100,
    }

    report_format: str = "csv"
    time_zone: str = ""
    cut_off_minute: int = 0
    report_minutes: int = 720
    prevails: Prevails = Prevails.CHANNEL
    match_documents: bool = False
    target_kind: str = "account"
    transit_days: int = 1
    cycle_days: int = 1
    settlement_days: int = 1
    unfunded_days: int = 2
    bank_account: str = ""
    bank_text: str = ""
    fees: ConvenienceFee = field(default_factory=ConvenienceFee)
    fees_deducted: bool = True

    @property
    def reach(self) -> int:
        """Reports of so many days before and behind may tell a day's payments."""
        return self.transit_days + 1

    @property
    def text(self) -> str:
        """The canonical JSON: every key, sorted, no spaces."""
        return json.dumps(
            dataclasses.asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )


@lru_cache(maxsize=1_000)
def parse_terms(text: str) -> Terms:
    """The terms of a JSON text; "" has every default. Raises PolicyInvalid with the place."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    told = known_object(json_tree(text or "{}", FIELD), FIELD, field_names(Terms))
    found = Terms(**{key: _value(key, value) for key, value in told.items()})
    fees = found.fees
    if fees.most and fees.most < fees.least:
        raise PolicyInvalid(f"{FIELD}.fees.most", f"{fees.most} is below least, {fees.least}.")
    return found


def _value(key: str, value: object) -> Any:
    place = f"{FIELD}.{key}"
    if key == "fees":
        return ConvenienceFee(**leaves(value, place, ConvenienceFee))
    if key == "prevails":
        if value not in tuple(Prevails):
            raise PolicyInvalid(place, f"{shown(value)} does not prevail.", tuple(Prevails))
        return Prevails(str(value))
    if key == "target_kind":
        if value not in TARGET_KINDS:
            raise PolicyInvalid(place, f"{shown(value)} is not paid.", list(TARGET_KINDS))
        return value
    if key not in Terms.TEXTS:
        return leaf(value, place, Terms, key)
    most = Terms.TEXTS[key]
    if not isinstance(value, str) or len(value) > most or not (value.isprintable()):
        raise PolicyInvalid(place, f"{shown(value)} is no text of at most {most} characters.")
    if key == "time_zone" and value:
        _check_zone(place, value)
    return value


def _check_zone(place: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PolicyInvalid(place, f"{shown(name)} is no time zone, as Europe/Moscow.") from None


def terms_of(reader: Reader, provider_id: int, channel: Channel) -> tuple[Terms, int]:
    """A provider's terms with a channel, and their revision; 0: the defaults."""
    text, revision = CHANNEL_TERMS.one(reader, provider_id, channel.channel_no)
    return parse_terms(text), revision


def set_terms(write: Write, channel: Channel, text: str, revision: int, reason: str = "") -> Terms:
    """Sets the terms whose revision the caller has seen; 0: none were set before.

    Raises PolicyInvalid, RevisionConflict.
    """
    made, key = parse_terms(text), channel.channel_no
    told = "channel.terms_set", f"channel {key} terms", reason
    keep(write, CHANNEL_TERMS, key, made.text, revision, *told, channel=channel.channel)
    return made
