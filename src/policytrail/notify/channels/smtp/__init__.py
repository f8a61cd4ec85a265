"""Mail over SMTP: connections, the exchange, the message."""
