"""An edited Word copy is read back and worked into the clause files."""
