"""Agents: who takes cash for us, up to a limit, hands it over counted, and earns a commission."""
