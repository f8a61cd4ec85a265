"""Frozen versions as files: manifest, chain, evidence, snapshots; read, checked and repaired after a killed write."""
