"""A comparison as a page, a list, a terminal text."""
