"""The site and the documents are built and swapped in whole; the live preview."""

from .build_site import build
from .site_view import view

__all__ = ["build", "view"]
