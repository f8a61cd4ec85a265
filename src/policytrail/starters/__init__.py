"""The files that `policytrail init` writes."""
