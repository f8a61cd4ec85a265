"""What practices of each type say: one file a family of types."""
