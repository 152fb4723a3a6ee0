"""Backups of a store: made beside its server, proved whole, restored into nothing."""
