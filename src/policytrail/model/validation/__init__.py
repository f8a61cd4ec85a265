"""Values with declared fields, read from untrusted data."""
