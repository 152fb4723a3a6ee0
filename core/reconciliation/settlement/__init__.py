"""What channels pay at once, beside what banks credit: the third side of reconciliation."""
