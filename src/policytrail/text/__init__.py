"""Plain text becomes sentences, words, alignments and redlines."""
