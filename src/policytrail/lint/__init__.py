"""Remarks on a draft: one file a family of rules."""
