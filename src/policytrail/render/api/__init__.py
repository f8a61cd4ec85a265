"""What machines read: JSON and feeds."""
