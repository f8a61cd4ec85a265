"""The draft becomes a version: what would be frozen, why it may not be, the freezing itself."""
