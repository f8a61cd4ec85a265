"""A draft becomes a version: plan, refusals, freezing."""
