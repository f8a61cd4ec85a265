"""`mkdocs` itself, with the mkdocs.yml of this repository, makes the same site as our own build."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from places import ROOT, TESTS
from samples import commit, edit

from conftest import Cli
from policytrail.publish.mkdocs_plugin import PolicytrailPlugin

_CONFIG = ROOT / "mkdocs.yml"


@pytest.fixture
def configured(released: Path) -> Path:
    """The sample repository with the shipped mkdocs.yml, built for a fixed day."""
    content = _CONFIG.read_text().replace("  - policytrail\n", "  - policytrail:\n      as_of: 2020-02-01\n")
    (released / "mkdocs.yml").write_text(content.replace("as_of: 2020-02-01", 'as_of: "2020-02-01"'))
    (released / "templates").mkdir(exist_ok=True)
    return released


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_mkdocs_build_makes_the_same_site(configured: Path, cli: Cli) -> None:
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    own = files(configured / "site")
    shutil.rmtree(configured / "site")
    result = CliRunner().invoke(mkdocs, ["build", "--strict", "-q", "-f", str(configured / "mkdocs.yml")])
    assert result.exit_code == 0, result.output
    assert files(configured / "site") == own


@pytest.mark.slow
def test_the_same_tests_pass_on_properdocs(tmp_path: Path) -> None:
    """MkDocs' successor in place of MkDocs: the engine under the site can be changed in a day."""
    stands_in = "import properdocs.replacement, mkdocs.commands.build; print(mkdocs.commands.build.__name__)"
    named = subprocess.run([sys.executable, "-c", stands_in], capture_output=True, text=True, check=True).stdout
    assert named.strip() == "properdocs.commands.build"
    tests = sorted(TESTS.rglob("test_site*.py"))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "properdocs.replacement",
        "-p",
        "no:cacheprovider",
        f"--basetemp={tmp_path / 'inner'}",
        *map(str, tests),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout[-4000:]


def test_our_errors_are_one_line_under_mkdocs(configured: Path) -> None:
    (configured / "templates/404.html").write_text("{{ oops }}")
    result = CliRunner().invoke(mkdocs, ["build", "-q", "-f", str(configured / "mkdocs.yml")])
    assert result.exit_code == 1
    assert "404.html:1: 'oops' is undefined." in str(result.output) and "Traceback" not in result.output


def test_a_day_that_is_none_is_refused(configured: Path) -> None:
    config = configured / "mkdocs.yml"
    config.write_text(config.read_text().replace("2020-02-01", "2020-02-31"))
    result = CliRunner().invoke(mkdocs, ["build", "-q", "-f", str(config)])
    assert result.exit_code == 1 and "mkdocs.yml: The plugin's as_of isn't a date" in result.output


def test_the_preview_watches_sources_templates_and_versions(configured: Path, tmp_path: Path) -> None:
    config = load_config(str(configured / "mkdocs.yml"), site_dir=str(tmp_path / "out"))
    plugin = config.plugins["policytrail"]
    assert isinstance(plugin, PolicytrailPlugin)
    plugin.on_startup(command="serve", dirty=False)
    plugin.on_config(config)
    server = LiveReloadServer(builder=lambda: None, host="127.0.0.1", port=0, root=str(tmp_path))
    quick = plugin.on_serve(server, config=config, builder=None)
    assert {Path(each).name for each in quick._watched_paths} == {"templates", "versions"}
    quick.server_close()


def live(root: Path, out: Path) -> dict[str, bytes]:
    """What `mkdocs serve` would build."""
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(out))
    config.plugins.on_startup(command="serve", dirty=False)
    build(config, serve_url="http://127.0.0.1:8000/")
    return files(out)


def test_the_live_preview_has_the_draft_and_allows_the_reloading_script(configured: Path, tmp_path: Path) -> None:
    made = live(configured, tmp_path / "out")
    assert b"This is a draft." in made["draft/index.html"]
    assert b"default-src 'self' 'unsafe-inline'" in made["index.html"]


def test_the_live_preview_shows_every_mail_banner_and_feed_entry(configured: Path, cli: Cli, tmp_path: Path) -> None:
    edit(configured, "practices/all.yaml", "user.contact.email]", "user.contact.email, user.device.ip_address]")
    commit(configured)
    result = cli("release", "--effective", "2020-04-01", "--as-of", "2020-01-25")
    assert result.exit_code == 0, result.output
    made = live(configured, tmp_path / "out")
    page = made["gallery/index.html"].decode()
    assert (
        'src="../gallery/2020-04-01/mail.html" sandbox' in page and "1 April 2020: our privacy policy changes" in page
    )
    letter = (configured / "versions/2020-04-01/notice/mail.txt").read_bytes()
    assert made["gallery/2020-04-01/mail.txt"] == letter
    assert b"1 April 2020: our privacy policy changes" in made["gallery/2020-04-01/mail.html"]
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    assert not (configured / "site/gallery").exists()


def test_the_live_preview_works_before_the_first_version(repo: Path, tmp_path: Path) -> None:
    shutil.copy(_CONFIG, repo / "mkdocs.yml")
    (repo / "templates").mkdir(exist_ok=True)
    assert b"Read the draft" in live(repo, tmp_path / "out")["index.html"]
