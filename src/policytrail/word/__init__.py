"""An edited Word copy of the policy, read back and worked into clause files."""
