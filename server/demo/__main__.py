"""Runs the demo; ends with 1 if an amount differs or a check finds something."""

import argparse
import sys
import tempfile
from pathlib import Path

from billcore.server.demo import bank_file, books, checks, month, paying, rating, settling
from billcore.server.demo.process import connected, initialised
from billcore.server.demo.province import ACCOUNTS_MIN, Province
from billcore.server.demo.screen import console


def main() -> int:
    """The parts, one after the other; 0: everything agrees."""
    sizes = _sizes()
    console.rule("Rating: a tariff, five printed bills, and as many as fit into a second")
    agree = rating.show(sizes.rated)
    with tempfile.TemporaryDirectory(prefix="billcore-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'billcore.db'}"
        house = initialised(url)
        with connected(f"--store={url}") as server:
            console.rule("The books: an account from its readings to its statement")
            company = books.founded(server.channel, house)
            agree &= books.show(company)
            console.rule(f"A province: {sizes.accounts:,} accounts under four tariffs")
            province = Province(sizes.accounts)
            key = settling.show(server, house, province)
            agree &= month.show(server, key, province)
            console.rule("Payments: a kiosk, and a bank's file")
            agree &= paying.show(company)
            agree &= bank_file.show(server, key, province)
            console.rule("The books of everybody: every invariant")
            agree &= checks.show(server.channel, house)
    return 0 if agree else 1


def _sizes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="billcore.server.demo", description=__doc__)
    parser.add_argument("--rated", type=int, default=1_000_000, help="bills of the first part")
    parser.add_argument(
        "--accounts", type=int, default=100_000, help=f"of the province, at least {ACCOUNTS_MIN}"
    )
    sizes = parser.parse_args()
    if sizes.accounts < ACCOUNTS_MIN or sizes.rated < 1:
        parser.error(f"--accounts is at least {ACCOUNTS_MIN}, --rated at least 1")
    return sizes


if __name__ == "__main__":
    sys.exit(main())
