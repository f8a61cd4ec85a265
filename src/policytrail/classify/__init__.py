"""Differences become changes: rules, proofs, decisions."""
