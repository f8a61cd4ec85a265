"""The notice by mail: recipients, ledger, SMTP, evidence."""
