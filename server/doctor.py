"""What `billcore doctor` looks at: the store, and the files that a server's settings name.

Goals: every check has its turn, whatever is wrong with another; a store that a server has open is
looked at beside it. Only reads.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from billcore.core.checkup import Found, Level, checkup, fine
from billcore.core.documents.verification import parse_receipt_keys
from billcore.core.durations import DAY, SECOND
from billcore.core.errors import BillcoreError, SettingsInvalid
from billcore.core.payments.vouchers.secret import parse_keys as parse_voucher_keys
from billcore.core.signatures import parse_keys as parse_signing_keys
from billcore.core.store.open import open_reader
from billcore.core.store.vitals import file_of
from billcore.server.settings import Settings

CERTIFICATE_WARN = 14 * DAY
"""So long before its end a certificate should be renewed."""

PARSED: dict[str, Callable[[str], object]] = {
    "voucher_keys": parse_voucher_keys,
    "receipt_keys": parse_receipt_keys,
    "signing_keys": lambda text: parse_signing_keys(text, "signing_keys"),
}

GROUP, OTHERS = stat.S_IRWXG, stat.S_IRWXO


def examined(settings: Settings, now: int) -> Iterator[Found]:
    """Every check of what settings name; now: microseconds since 1970 in UTC."""
    if settings.store is not None:
        yield from _store(settings.store, now)
    for setting, parse in PARSED.items():
        if (file := getattr(settings, setting)) is not None:
            yield _keys(setting, file, parse)
    if settings.tls_key is not None:
        yield _secret("tls_key", settings.tls_key) or fine("tls_key", "nobody else may read it")
        yield _certificate(settings, now)


def _store(url: str, now: int) -> Iterator[Found]:
    path = file_of(url)
    if path is not None and not os.path.exists(path):
        remedy = f"`billcore init --store {url}` makes one; or name the right path."
        yield Found("store", Level.FAIL, f"There is no file {path}.", remedy)
        return
    try:
        store = open_reader(url)
    except BillcoreError as error:
        yield Found("store", Level.FAIL, error.message, "Is it there, and may this user open it?")
        return
    try:
        with store.read() as reader:
            yield from checkup(reader, url, now)
    except BillcoreError as error:
        remedy = "Copy it, run `billcore verify` on the copy, restore a backup if that fails."
        yield Found("store", Level.FAIL, error.message, remedy)
    finally:
        store.close()
    if path is not None:
        yield _secret("file", Path(path)) or fine("file", "nobody else may read it")


def _keys(setting: str, file: Path, parse: Callable[[str], object]) -> Found:
    try:
        parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"{file} cannot be read: {type(error).__name__}."
        return Found(setting, Level.FAIL, what, "Name the right file, which the server may read.")
    except SettingsInvalid as error:
        return Found(setting, Level.FAIL, error.message, "Mend the line; keys are in its backup.")
    return _secret(setting, file) or fine(setting, "it can be read, by nobody else")


def _secret(check: str, file: Path) -> Found | None:
    """What is wrong with who may read a file of secrets; None: nothing is."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        what = f"{file} cannot be looked at: {type(error).__name__}."
        return Found(check, Level.FAIL, what, "Name the right file.")
    if not mode & (GROUP | OTHERS):
        return None
    store = check == "file"
    told = "everybody" if mode & OTHERS else "its group"
    level = Level.FAIL if mode & OTHERS and not store else Level.WARN
    return Found(check, level, f"{file} may be read by {told}.", f"chmod 600 {file}")


def _certificate(settings: Settings, now: int) -> Found:
    from billcore.server import tls  # gRPC is slow to import

    try:
        pair = tls.read(settings)
    except SettingsInvalid as error:
        remedy = "Put the certificate and its key in place together."
        return Found("certificate", Level.FAIL, error.message, remedy)
    left = pair.expires * SECOND - now
    if left > CERTIFICATE_WARN:
        return fine("certificate", f"{left // DAY} days are left")
    what = f"It ends in {left // DAY} days." if left > 0 else f"It ended {-left // DAY} days ago."
    level = Level.WARN if left > 0 else Level.FAIL
    return Found("certificate", level, what, "Renew it in place: the server takes it by itself.")
