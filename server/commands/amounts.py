"""Amounts as people read them in a table."""

from billcore.core.money import scaled_text


def shown(amount: int, digits: int) -> str:
    """Minor units with the currency's decimals and grouped thousands: 1,234.50."""
    whole, point, decimals = scaled_text(abs(amount), digits).partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}{point}{decimals}"
