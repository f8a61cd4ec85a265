"""Somebody else's text becomes a draft: one file a format, clauses from headings, practices proposed from sentences."""
