"""Starter files of a new policy repository: what `policytrail init` writes."""
