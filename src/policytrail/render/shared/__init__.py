"""What all pages and mails are made with."""
