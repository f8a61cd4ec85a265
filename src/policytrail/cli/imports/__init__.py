"""Commands that bring an existing policy in."""
