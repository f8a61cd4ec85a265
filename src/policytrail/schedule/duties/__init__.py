"""What notice is owed: regimes, consent."""
