"""One run of `notify`, from its refusals to its evidence."""
