"""Frozen values: practice, clause, policy, snapshot, change, version; the record class that reads them from data."""
