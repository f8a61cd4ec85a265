"""What frozen files, git and time stamps prove."""
