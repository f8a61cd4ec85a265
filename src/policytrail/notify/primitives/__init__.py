"""Pure parts of delivery: states, the Merkle tree, redaction."""
