"""What may be called editorial in a plain text, and why."""
