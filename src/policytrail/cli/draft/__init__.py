"""Commands that work on the draft."""
