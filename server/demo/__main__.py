"""Runs the demo; ends with 1 if an amount differs or a check finds something."""

import sys

from billcore.server.demo import books, rating
from billcore.server.demo.screen import console


def main() -> int:
    """The two parts, one after the other; 0: everything agrees."""
    console.rule("Rating: a tariff, five printed bills, a million accounts")
    agree = rating.show()
    console.rule("The books: an account from its readings to its statement")
    agree &= books.show()
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
