"""What the published site shows."""
