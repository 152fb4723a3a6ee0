"""Amounts as people read them in a table."""

from fractions import Fraction

from billcore.core.money import decimal_text


def shown(amount: int, digits: int) -> str:
    """Minor units with the currency's decimals and grouped thousands: 1,234.50."""
    whole, point, decimals = decimal_text(Fraction(abs(amount), 10**digits), digits).partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}{point}{decimals}"
