"""Make docs/pictures/site.png anew: the site of this repository in Chromium, while a version is pending.

python docs/pictures/make.py
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

from policytrail.publish import build, view

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2013, 12, 10)
SIZE = {"width": 1280, "height": 880}


def main() -> None:
    """Build the site of that day and take its picture."""
    base = view(ROOT, DAY).policy.site_url
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as started:
        site = Path(scratch) / "site"
        build(ROOT, DAY, site)

        def answer(route: Route) -> None:
            path = site / route.request.url.removeprefix(base)
            route.fulfill(path=path / "index.html" if path.is_dir() else path)

        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.route("**/*", answer)
        page.goto(base)
        page.screenshot(path=Path(__file__).with_name("site.png"))
        browser.close()


if __name__ == "__main__":
    main()
