"""The policy in short: glance, data flow."""
