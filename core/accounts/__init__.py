"""Master data: providers, customers, accounts, service points, agreements and their history."""
