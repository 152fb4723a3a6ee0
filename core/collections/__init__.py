"""What becomes of debts that are not paid in time."""
