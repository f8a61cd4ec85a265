"""A text of somebody else as clauses and files of a draft."""
