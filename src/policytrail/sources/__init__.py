"""`policy/` becomes a snapshot."""
