"""The site and the documents are built and swapped in whole; the live preview."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from policytrail.model.version import Status
from policytrail.render.state.site_view import SiteView
from policytrail.workspace import Workspace

from . import build_site, site_view


def build(
    root: Path, as_of: date | None, out: Path | None = None, strict: bool = False, documents: bool = True
) -> Status:
    """Build the site of the policy repository at `root`; see `build_site.build`."""
    return build_site.build(Workspace(root), as_of, out, strict, documents)


def view(root: Path, as_of: date | None) -> SiteView:
    """What the site of the policy repository at `root` shows on a day; see `site_view.view`."""
    return site_view.view(Workspace(root), as_of)


__all__ = ["build", "view"]
