"""A policy in other languages: what can be translated, and its translations."""
