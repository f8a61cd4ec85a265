"""Two snapshots become differences, each with its sentence."""
