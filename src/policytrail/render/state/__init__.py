"""How the versions stand, in values for pages and in sentences."""
