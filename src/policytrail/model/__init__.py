"""Frozen values: what a policy, a version, a change is. Nothing here imports anything else of ours but `text`."""
