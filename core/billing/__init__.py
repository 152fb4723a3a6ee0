"""Bills: rated from what the store knows, carried forward, posted, and never changed."""
