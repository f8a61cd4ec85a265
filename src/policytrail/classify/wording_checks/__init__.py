"""Words of force and links inside a changed sentence."""
