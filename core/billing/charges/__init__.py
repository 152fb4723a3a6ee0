"""What accounts are charged: what is due, what it is rated from, rated and packed."""
