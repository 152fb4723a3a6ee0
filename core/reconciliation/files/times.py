"""Days and times of whole columns: each different text is read once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.durations import SECOND
from billcore.core.reconciliation.files.forms import TimeForm

DAY_SECONDS = 86_400
QUARTER = 900
"""In every time zone the clock is moved at a multiple of a quarter of an hour."""

_EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def read_times(forms: Sequence[TimeForm], texts: pa.StringArray) -> tuple[Ints, Ints, Bools]:
    """(day ordinals, seconds of the day, which texts are of no form or no such time)."""
    encoded = texts.dictionary_encode()
    words = encoded.dictionary
    day, second = np.zeros((2, max(len(words), 1)), dtype=np.int64)
    bad = np.ones(max(len(words), 1), dtype=np.bool_)
    for form in forms:
        fits = np.flatnonzero(np.asarray(pc.match_substring_regex(words, form.pattern)))
        day[fits], second[fits], good = _read(form, words.take(pa.array(fits)))
        bad[fits] = ~good
    codes = np.asarray(encoded.indices)
    return day[codes], second[codes], bad[codes]


def _read(form: TimeForm, texts: pa.StringArray) -> tuple[Ints, Ints, Bools]:
    """(day ordinals or 0, seconds of the day, which are such) of texts of the form's pattern."""
    nothing = np.zeros(len(texts), dtype=np.int64)
    parts = {
        name: pc.utf8_slice_codeunits(texts, at, at + length).cast(pa.int64()).to_numpy()
        for name, at, length in form.parts
    }
    hour, minute, second = (parts.get(name, nothing) for name in ("hh", "mm", "ss"))
    good: Bools = (hour <= 23) & (minute <= 59) & (second <= 59)
    day = nothing
    if form.has("DD"):
        year = parts["YYYY"] if "YYYY" in parts else parts["YY"] + 2000
        written = (year * 100 + parts["MM"]) * 100 + parts["DD"]
        few, which = np.unique(written, return_inverse=True)
        day = np.array([_ordinal(one) for one in few.tolist()] or [0], dtype=np.int64)[
            which if len(texts) else []
        ]
        good &= (day >= DAY_MIN) & (day <= DAY_MAX)
    return day, (hour * 60 + minute) * 60 + second, good


def _ordinal(written: int) -> int:
    """Of a day written as 20260331; 0: there is no such day."""
    try:
        return date(written // 10_000, written // 100 % 100, written % 100).toordinal()
    except ValueError:
        return 0


def instants(day: Ints, second: Ints, time_zone: str) -> Ints:
    """Microseconds since 1970 in UTC of civil times; of an hour that is twice the first."""
    quarters, which = np.unique((day * DAY_SECONDS + second) // QUARTER, return_inverse=True)
    zone = ZoneInfo(time_zone)
    offsets = np.array([_offset(one, zone) for one in quarters.tolist()] or [0], dtype=np.int64)
    local = (day - _EPOCH_DAY) * DAY_SECONDS + second
    found: Ints = (local - offsets[which if len(day) else []]) * SECOND
    return found


def _offset(quarter: int, zone: ZoneInfo) -> int:
    """Seconds by which civil time is ahead of UTC."""
    days, seconds = divmod(quarter * QUARTER, DAY_SECONDS)
    at = datetime.fromordinal(days) + timedelta(seconds=seconds)
    return _ahead(at.replace(tzinfo=zone))


def _ahead(at: datetime) -> int:
    ahead = at.utcoffset()
    assert ahead is not None, "a zone has offsets"
    return ahead // timedelta(seconds=1)


def civil(times: Ints, time_zone: str) -> tuple[Ints, Ints]:
    """(day ordinals, seconds of the day) of times, microseconds since 1970 in UTC."""
    seconds = times // SECOND
    quarters, which = np.unique(seconds // QUARTER, return_inverse=True)
    zone = ZoneInfo(time_zone)
    ahead = [_ahead(datetime.fromtimestamp(one * QUARTER, zone)) for one in quarters.tolist()]
    local = seconds + np.array(ahead or [0], dtype=np.int64)[which if len(times) else []]
    day, second = np.divmod(local, DAY_SECONDS)
    return day + _EPOCH_DAY, second
