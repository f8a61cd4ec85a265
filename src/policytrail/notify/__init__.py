"""The notice by mail."""
