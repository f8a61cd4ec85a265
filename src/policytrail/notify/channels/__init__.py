"""Ways to hand a message to a provider: SMTP is one; each is a file, registered by one line in registry.py."""
