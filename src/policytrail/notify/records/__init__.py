"""What is kept and shown of a delivery: evidence, proofs, reports, returned mail, erasure."""
