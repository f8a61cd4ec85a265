"""Documents and the cache: the PDF's tags and outline, export, a machine without the extra, builds with and without."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from datetime import date
from pathlib import Path

import pytest
from places import ROOT
from samples import commit, edit

from conftest import Cli
from policytrail.publish.build_site import build
from policytrail.render.documents import pdf
from policytrail.storage.render_cache import Cache, user_cache
from policytrail.workspace import Workspace

weasyprint = pytest.importorskip("weasyprint", reason="the extra pdf isn't installed")
pytestmark = pytest.mark.pdf


@pytest.fixture
def pending(released: Path, cli: Cli) -> Path:
    """A first version in force and a second one announced on 2020-06-01."""
    edit(
        released,
        "practices/all.yaml",
        "[user.name, user.contact.email]",
        "[user.name, user.contact.email, user.device.ip_address]",
    )
    commit(released)
    result = cli("release", "--effective", "2020-08-01", "--as-of", "2020-06-01")
    assert result.exit_code == 0, result.output
    return released


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def objects(content: bytes) -> bytes:
    """Everything that a PDF says, with its compressed streams opened."""
    opened = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return content + b"".join(opened)


def test_the_site_has_the_policy_and_the_redline_as_pdf(pending: Path) -> None:
    build(Workspace(pending), date(2020, 6, 10))
    site = pending / "site"
    for name in ("policy.pdf", "versions/2020-08-01/changes.pdf"):
        said = objects((site / name).read_bytes())
        assert (
            said.startswith(b"%PDF-") and b"/StructTreeRoot" in said and b"/Outlines" in said and b"/Lang (en" in said
        )
        assert re.search(rb"/Marked true", said) and b"pdfuaid" in said
    assert (
        'href="../../../versions/2020-08-01/changes.pdf"'
        in (site / "versions/2020-08-01/changes/index.html").read_text()
    )
    assert 'href="./policy.pdf"' in (site / "index.html").read_text()


def test_a_pdf_is_the_same_in_another_process(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html lang=en><head><title>T</title></head><body><h1>T</h1><p>Text.</p></body></html>"
    script = (
        f"import sys; from policytrail.render.documents.pdf import printed; sys.stdout.buffer.write(printed({page!r}))"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=tmp_path).stdout
    assert pdf.printed(page) == other


def test_a_pdf_fetches_nothing(caplog: pytest.LogCaptureFixture) -> None:
    page = '<html lang=en><head><title>T</title></head><body><h1>T</h1><img alt="x" src="https://evil.example/a.png"></body></html>'
    assert b"evil" not in objects(pdf.printed(page))


def test_without_the_extra_the_build_says_what_is_left_out(
    released: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    result = cli("build", "--as-of", "2020-02-01")
    assert result.exit_code == 0 and "policy.pdf is left out: it needs WeasyPrint." in result.output
    assert (
        not (released / "site/policy.pdf").exists() and "policy.pdf" not in (released / "site/index.html").read_text()
    )
    refused = cli("export", "--format", "pdf", "--as-of", "2020-02-01", "--out", "x.pdf")
    assert refused.exit_code == 2 and "pip install 'policytrail[pdf]'" in refused.output
    assert not (released / "x.pdf").exists()


@pytest.mark.slow
def test_a_pdf_that_takes_too_long_is_left_out(
    repo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 1)
    edit(repo, "clauses/contact.md", "Write to", "We keep your name.\n\n" * 3000 + "Write to")
    commit(repo)
    assert cli("release", "--effective", "2020-01-01", "--as-of", "2020-01-01").exit_code == 0
    refused = cli("export", "--format", "pdf", "--as-of", "2020-02-01", "--out", "x.pdf")
    assert refused.exit_code == 1 and "Laying the pages of the PDF out takes longer than 1 seconds." in refused.output
    assert not (repo / "x.pdf").exists()
    strict = cli("build", "--strict", "--as-of", "2020-02-01")
    assert strict.exit_code == 1 and not (repo / "site").exists()
    built = cli("build", "--as-of", "2020-02-01")
    assert built.exit_code == 0 and "policy.pdf of version 2020-01-01 is left out." in caplog.text
    assert (repo / "site/policy.md").exists() and not (repo / "site/policy.pdf").exists()


# Export


@pytest.mark.parametrize("form", ["md", "txt", "jsonld"])
def test_an_export_is_what_the_site_has(released: Path, cli: Cli, form: str) -> None:
    build(Workspace(released), date(2020, 2, 1))
    result = cli("export", "--format", form, "--as-of", "2020-02-01")
    assert result.exit_code == 0
    assert result.stdout_bytes == (released / f"site/policy.{form}").read_bytes()


def test_a_pdf_is_exported_to_a_file(pending: Path, cli: Cli) -> None:
    for words in (("--out", "a.pdf"), ("2020-08-01", "--changes", "--out", "b.pdf"), ("draft", "--out", "c.pdf")):
        result = cli("export", "--format", "pdf", "--as-of", "2020-06-10", *words)
        assert result.exit_code == 0 and result.stdout == "", result.output
        assert (pending / words[-1]).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("1999-01-01", "--format", "md"), "There is no version '1999-01-01'"),
        (("2020-01-01", "--changes", "--format", "pdf"), "2020-01-01 is the first version"),
        (("--changes", "--format", "md"), "--changes goes with --format pdf"),
        (("draft", "--changes", "--format", "pdf"), "--changes is for a frozen version"),
        (("--format", "html"), "'html' is not one of"),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(
    released: Path, cli: Cli, words: tuple[str, ...], sentence: str
) -> None:
    result = cli("export", "--as-of", "2020-02-01", *words)
    assert result.exit_code == 2 and sentence in result.output and result.stdout == ""


def test_the_linked_data_of_a_version_has_its_own_address(released: Path, cli: Cli) -> None:
    found = json.loads(cli("export", "2020-01-01", "--format", "jsonld").stdout)
    assert found["@id"] == "https://policy.post.example/versions/2020-01-01/"
    assert [each["dct:title"] for each in found["dpv:hasProhibition"]] == ["No sharing"]


def test_the_pdf_is_the_same_later_whatever_cuts_the_fonts_down(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<!doctype html><html lang=en><title>Policy</title><p>We ask for your name."
    made = []
    for cutter in (weasyprint.pdf.fonts.harfbuzz_subset, None):  # None: a machine without HarfBuzz's subset library
        monkeypatch.setattr(weasyprint.pdf.fonts, "harfbuzz_subset", cutter)
        made.append(pdf.printed(page))
        time.sleep(1.1)  # a font's date counts whole seconds
        assert pdf.printed(page) == made[-1]
    assert not pdf.subsets_with_harfbuzz() or made[0] != made[1]
    assert "SOURCE_DATE_EPOCH" not in os.environ


# The cache


def built(root: Path, out: Path, cache: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    monkeypatch.setenv("POLICYTRAIL_CACHE", cache)
    build(Workspace(root), date(2020, 6, 10), out)
    return files(out)


def test_builds_with_and_without_the_cache_are_the_same(
    pending: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache"
    fresh = built(pending, tmp_path / "one", "off", monkeypatch)
    assert not folder.exists()
    filled = built(pending, tmp_path / "two", str(folder), monkeypatch)
    kept = files(folder)
    again = built(pending, tmp_path / "three", str(folder), monkeypatch)
    assert len(kept) >= 5 and files(folder) == kept
    assert fresh == filled == again
    shutil.rmtree(folder)
    assert built(pending, tmp_path / "four", str(folder), monkeypatch) == fresh


def test_a_damaged_entry_is_made_anew(pending: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    fresh = built(pending, tmp_path / "one", str(folder), monkeypatch)
    for path in (each for each in folder.rglob("*") if each.is_file()):
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert built(pending, tmp_path / "two", str(folder), monkeypatch) == fresh


def test_another_template_makes_another_page(pending: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path / "cache")
    built(pending, tmp_path / "one", folder, monkeypatch)
    own = pending / "templates"
    own.mkdir()
    packaged = ROOT / "templates/macros.html"
    (own / "macros.html").write_text(packaged.read_text().replace('<div class="clause"', '<div class="clause ours"'))
    assert b'<div class="clause ours"' in built(pending, tmp_path / "two", folder, monkeypatch)["index.html"]


def test_a_folder_that_can_not_be_written_to_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "below")
    assert cache.once(("a",), lambda: b"made") == b"made"
    cache.tidy()


def test_what_no_build_asked_for_is_taken_out(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.once(("old",), lambda: b"1")
    (old,) = (each for each in tmp_path.rglob("*") if each.is_file())
    os.utime(old, (0, 0))
    cache.once(("new",), lambda: b"2")
    cache.tidy()
    assert not old.exists() and len(files(tmp_path)) == 1


def test_a_key_of_two_parts_is_not_the_key_of_both_in_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert [cache.once(key, lambda key=key: repr(key).encode()) for key in (("ab", "c"), ("a", "bc"))] == [
        b"('ab', 'c')",
        b"('a', 'bc')",
    ]


def test_the_cache_is_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("POLICYTRAIL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache().folder == tmp_path / "policytrail/render"


def test_a_build_changes_nothing_in_the_repository_but_the_site(pending: Path) -> None:
    before = {name: content for name, content in files(pending).items() if not name.startswith((".git/", "site/"))}
    build(Workspace(pending), date(2020, 6, 10))
    assert {
        name: content for name, content in files(pending).items() if not name.startswith((".git/", "site/"))
    } == before
