"""Intake: payments recognised, checked, posted and answered, one by one or in bulk."""
