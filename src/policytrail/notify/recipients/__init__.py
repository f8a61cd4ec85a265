"""Who is told: lists, addresses, identifiers."""
