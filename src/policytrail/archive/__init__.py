"""Frozen versions as files: manifest, chain, records; read, checked and repaired."""
