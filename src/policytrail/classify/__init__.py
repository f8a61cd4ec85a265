"""Differences become changes with a severity: one file a family of rules; the judge of plain text; decisions."""
