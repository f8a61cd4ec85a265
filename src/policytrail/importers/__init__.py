"""Somebody's text becomes a draft of ours: clauses from its headings, practices proposed from its sentences."""
