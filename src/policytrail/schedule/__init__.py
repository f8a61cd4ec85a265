"""Versions, evidence and a day become a status. Pure."""
