"""An edited Word copy is worked into clause files."""
