"""Building the site: all that `policytrail build` writes, and what its live preview shows."""

from .build_site import build
from .site_view import view

__all__ = ["build", "view"]
