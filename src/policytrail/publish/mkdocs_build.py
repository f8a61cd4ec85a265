"""One run of MkDocs into an empty folder, without a `mkdocs.yml`."""

from __future__ import annotations

import logging
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from policytrail.errors import TemplateError
from policytrail.render.shared import templates
from policytrail.render.state.site_view import SiteView
from policytrail.workspace import Workspace

from .mkdocs_plugin import PolicytrailPlugin


def render(workspace: Workspace, shown: SiteView, staging: Path, strict: bool) -> None:
    """Build the site into an empty folder. In: the repository's root (for its templates/), what to show.

    `mkdocs.yml` isn't read: it can run code, and the site doesn't need it. Raises TemplateError; with `strict`,
    also where MkDocs only warns.
    """
    config = MkDocsConfig()
    config.load_dict(
        {
            "site_name": shown.policy.title,
            "docs_dir": str(templates.packaged_templates()),
            "site_dir": str(staging),
            "theme": {"name": None, "custom_dir": str(templates.packaged_templates())},
            "plugins": [],
            "strict": strict,
        }
    )
    config.validate()
    plugin = PolicytrailPlugin(shown, workspace.root)
    plugin.load_config({})
    config.plugins["policytrail"] = plugin
    told = logging.getLogger("mkdocs.commands.build")
    told.addFilter(_only_warnings)
    try:
        build(config)
    except Abort as wrong:
        # MkDocs logs what went wrong and says only that it did: the cause is what a person needs.
        raise TemplateError(str(wrong.__context__ or f"The site can't be built: {wrong}")) from wrong
    finally:
        told.removeFilter(_only_warnings)


def _only_warnings(record: logging.LogRecord) -> bool:
    """What MkDocs logs as an error it raises, too, and the command says it once."""
    return record.levelno < logging.ERROR
