"""Bills corrected: credit notes and bills in their place; nothing that was issued changes."""
