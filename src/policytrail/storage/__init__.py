"""Files, locks, transactions, limits."""
