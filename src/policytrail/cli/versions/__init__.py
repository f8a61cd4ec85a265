"""Commands about frozen versions and their record."""
