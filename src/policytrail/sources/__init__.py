"""`policy/` becomes a snapshot: vocabulary, clause templates, translations, checks."""
