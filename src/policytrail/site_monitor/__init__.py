"""The published site is fetched and compared with what it should show."""
