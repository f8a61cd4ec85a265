"""Two snapshots become differences."""
