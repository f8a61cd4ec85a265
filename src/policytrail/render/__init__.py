"""Values become pages, mails, feeds and documents."""
