"""A Word file is read."""
