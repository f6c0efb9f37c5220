"""Sub-accounts (sites) and locations (SIP peers)."""
