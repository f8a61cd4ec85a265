"""What frozen files, git, kept copies and time stamps prove."""
