"""Variables in clause text: parsed, checked, filled in."""
