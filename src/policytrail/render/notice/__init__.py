"""The notice and its mail."""
