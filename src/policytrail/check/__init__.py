"""The review of a draft: problems, changes, what a person must decide, the first lawful day; one file an output format."""
