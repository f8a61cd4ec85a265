"""Versions, evidence and a day become a status: regimes, calendar, duties."""
