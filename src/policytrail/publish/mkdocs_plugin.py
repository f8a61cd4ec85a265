"""The one place that knows MkDocs: it is handed finished pages, and its own Markdown never sees a word of the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from policytrail.errors import PolicytrailError, Problem, SourceError
from policytrail.model.dates import parse_date
from policytrail.render.shared import templates
from policytrail.render.site.site_files import Page, SiteView, rendered, site_files
from policytrail.workspace import TEMPLATES, Workspace

from .export import kept, with_documents
from .preview import Preview
from .preview_server import for_this_machine, quicker
from .site_view import view


class Options(Config):  # type: ignore[no-untyped-call]
    """What `mkdocs.yml` may say below `policytrail`: `as_of: YYYY-MM-DD`, the day to build for."""

    as_of = config_options.Optional(config_options.Type(str))


class PolicytrailPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    """Gives MkDocs the site of a policy. `shown` is what to build; None: read it below the folder of `mkdocs.yml`."""

    def __init__(self, shown: SiteView | None = None, root: Path | None = None) -> None:
        super().__init__()
        self.shown = shown
        self._given_root = root
        self.workspace = Workspace(Path())
        self._pages: dict[str, Page] = {}
        self._live = False
        self._preview: Preview | None = None
        self._env_of: list[Path] = []
        self._env: jinja2.Environment | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether this is a live preview: MkDocs then adds a script, and the pages must allow it."""
        self._live = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Our templates only; nothing of MkDocs' own is published."""
        self.workspace = Workspace(self._given_root or Path(config.config_file_path).resolve().parent)
        config.theme.dirs = [str(path) for path in (*self._own(), templates.packaged_templates())]
        config.theme.static_templates = set()
        config.use_directory_urls = True
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Replace everything found in the sources by the pages and files of the site."""
        return Files(self._files(config))

    def on_build_error(self, *, error: Exception) -> None:
        """Under the `mkdocs` command our errors become its own, so that it prints one line and no traceback."""
        if self.shown is None and isinstance(error, PolicytrailError):
            raise PluginError(str(error)) from error

    def _files(self, config: MkDocsConfig) -> list[File]:
        made = site_files(self.shown or self._read(config.strict))
        self._pages = {
            path: page for path, page in made.items() if path.endswith("index.html") and isinstance(page, Page)
        }
        others = {path: file for path, file in made.items() if path not in self._pages}
        static = templates.assets(*self._own()) | rendered(others, self._environment())
        return [_page(config, path) for path in self._pages] + [_static(config, *item) for item in static.items()]

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """No Markdown for MkDocs: the template gets finished HTML."""
        own = self._pages[page.file.dest_uri]
        page.meta = {"title": own.title, "template": own.template}
        return ""

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Our environment: a sandbox that escapes, where MkDocs' own does neither."""
        return self._environment()

    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> Any:
        """The page's own values, and none of MkDocs'."""
        return {**self._pages[page.file.dest_uri].context, "live": self._live}

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> LiveReloadServer:
        """Watch what the site is made from."""
        quick = quicker(server)
        quick.set_app(for_this_machine(quick.serve_request, str(config.dev_addr.host)))
        for folder in (self.workspace.templates, self.workspace.versions):
            if folder.is_dir():
                quick.watch(str(folder))
        return quick

    def _read(self, strict: bool) -> SiteView:
        try:
            day = parse_date(self.config.as_of) if self.config.as_of else None
        except ValueError as wrong:
            raise SourceError(Problem("mkdocs.yml", 0, f"The plugin's as_of isn't a date: {wrong}.")) from wrong
        if not self._live:
            return with_documents(self.workspace, view(self.workspace, day), strict)
        if self._preview is None or self._preview.workspace != self.workspace:
            self._preview = Preview(self.workspace)
        return self._preview.shown(day)

    def _own(self) -> list[Path]:
        """The user's own templates, if there are any."""
        own = self.workspace.templates
        templates.refuse_link(own, TEMPLATES)
        return [own] if own.exists() else []

    def _environment(self) -> jinja2.Environment:
        """One environment for as long as the plugin lives: compiled templates stay, and are renewed when they change."""
        if self._env is None or self._env_of != self._own():
            self._env, self._env_of = templates.environment(*self._own(), once=kept(self.workspace).once), self._own()
        return self._env


def _page(config: MkDocsConfig, path: str) -> File:
    file = File.generated(config, path.removesuffix(".html") + ".md", content="", inclusion=InclusionLevel.INCLUDED)
    file.dest_uri = path
    return file


def _static(config: MkDocsConfig, path: str, content: bytes) -> File:
    # The `.bin` keeps MkDocs from taking `policy.md` for a page.
    file = File.generated(config, f"{path}.bin", content=content, inclusion=InclusionLevel.INCLUDED)
    file.dest_uri = path
    return file
