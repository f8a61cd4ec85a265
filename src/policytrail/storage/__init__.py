"""Files, locks, transactions, YAML with line numbers, the cache, limits on time and memory."""
