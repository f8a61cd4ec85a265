"""`policytrail observe` against a real web server: what is really up, and what a gap costs."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from world import JOB, PURPOSE, World

from policytrail.errors import UsageError
from policytrail.site_monitor.fetch import MAX_PAGE, fetch_site


class Site(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; `answers` overrules paths with a status, bytes, or a pause in seconds between bytes."""

    answers: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        planned = self.answers.get(self.path, self.answers.get("*"))
        if planned is None:
            super().do_GET()
        elif isinstance(planned, int):
            self.send_error(planned)
        elif isinstance(planned, str):
            self.send_response(302)
            self.send_header("Location", planned)
            self.end_headers()
        elif isinstance(planned, float):
            self._drip(planned)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(planned)

    def _drip(self, pause: float) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    """A pending version, and the address of a server for its site as built on 2020-03-05."""
    made = World(tmp_path / "repo").edit(JOB)
    made.release("2020-04-01", "2020-03-01")
    Site.answers = {}
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Site, directory=str(made.site("2020-03-05")))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_is_up_is_recorded_with_time_status_and_hash(served: tuple[World, str]) -> None:
    made, url = served
    said = made.run("observe", url, "--as-of", "2020-03-05")
    assert "the notice of 2020-04-01 is up" in said.stderr
    found = made.records("2020-04-01")[-1]
    assert (found["kind"], found["on"]) == ("observed", "2020-03-05")
    record = found["record"]
    assert (record["verdict"], record["missing"], record["source"]) == ("shown", [], url)
    assert record["at"].endswith("+00:00")
    front = (made.root / "site/index.html").read_bytes()
    assert record["pages"][""] == {"status": 200, "sha256": hashlib.sha256(front).hexdigest()}
    assert set(record["pages"]) == {"", "upcoming/", "api/v1/notice.json", "notice.js"}
    assert made.head().startswith("Observe the notice of 2020-04-01")
    assert made.pending("2020-03-05", "2020-04-01")["remarks"] == []
    made.run("verify", "--as-of", "2020-04-01")


@pytest.mark.parametrize(
    ("path", "answer", "what"),
    [
        ("/", b"<h1>Our policy</h1>", "the banner on the front page"),
        ("/upcoming/", 404, "the page /upcoming/"),
        ("/upcoming/", b"<h1>The new text</h1>", "the version's manifest hash"),
    ],
)
def test_a_live_site_without_the_notice_breaks_the_window(
    served: tuple[World, str], path: str, answer: Any, what: str
) -> None:
    made, url = served
    made.run("observe", url, "--as-of", "2020-03-05")
    Site.answers = {path: answer}
    refused = made.run("observe", url, "--as-of", "2020-03-09", status=3)
    assert what in refused.stderr
    assert made.records("2020-04-01")[-1]["record"]["verdict"] == "missing"
    found = made.pending("2020-03-09", "2020-04-01")
    assert (found["notice_complete"], found["gaps"]) == (None, ["2020-03-09"])
    Site.answers = {}
    made.run("observe", url, "--as-of", "2020-03-09")  # put back the same day
    assert made.pending("2020-03-10", "2020-04-01")["earliest_effective"] == "2020-04-09"
    assert made.status("2020-04-01", 3)["current"] == "2020-01-01"


def test_an_outage_of_the_whole_site_does_not_break_it(served: tuple[World, str]) -> None:
    made, url = served
    for answer in (503, 403):
        Site.answers = {"*": answer}
        assert "doesn't answer" in made.run("observe", url, "--as-of", "2020-03-09", status=1).stderr
    made.run("observe", "http://127.0.0.1:9", "--as-of", "2020-03-09", status=1)
    assert [each["record"]["verdict"] for each in made.records("2020-04-01")[1:]] == ["outage"] * 3
    assert made.pending("2020-03-10", "2020-04-01")["notice_complete"] == "2020-03-01"
    assert made.current("2020-04-01") == "2020-04-01"


def test_one_page_in_an_outage_is_no_outage_of_the_site(served: tuple[World, str]) -> None:
    made, url = served
    Site.answers = {"/": 503}
    made.run("observe", url, "--as-of", "2020-03-09", status=3)


def test_limits_of_size_time_and_place(served: tuple[World, str]) -> None:
    made, url = served
    Site.answers = {
        "/": b"x" * (MAX_PAGE + 1),
        "/upcoming/": 0.02,
        "/notice.js": "http://localhost:1/",
        "/api/v1/notice.json": "file:///etc/passwd",
    }
    began = time.monotonic()
    pages = fetch_site(url, seconds=2.0).pages  # a busy machine needs some for the quick ones
    assert time.monotonic() - began < 10
    assert "larger" in pages[""].error
    assert pages["upcoming/"].error == "too slow"
    assert (pages["notice.js"].status, pages["api/v1/notice.json"].status) == (302, 302)
    for wrong in ("ftp://policy.example/", "https://me:secret@policy.example/", "file:///etc/passwd", "nowhere"):
        with pytest.raises(UsageError) as refused:
            fetch_site(wrong)
        assert "secret" not in str(refused.value) or wrong.startswith("https://me")
    made.run("observe", "ftp://policy.example/", "--as-of", "2020-03-09", status=2)
    assert len(made.records("2020-04-01")) == 1


def test_each_pending_version_is_looked_for(served: tuple[World, str]) -> None:
    made, url = served
    made.edit(PURPOSE).release("2020-04-15", "2020-03-06")
    refused = made.run("observe", url, "--as-of", "2020-03-07", status=3)  # the old build knows nothing of the second
    assert "the notice of 2020-04-01 is up" in refused.stderr
    assert "the notice of 2020-04-15 is not up" in refused.stderr
    made.site("2020-03-08")
    made.run("observe", str(made.root / "site"), "--version", "2020-04-15", "--as-of", "2020-03-08")
    assert made.pending("2020-03-08", "2020-04-15")["notice_complete"] == "2020-03-08"
    assert made.records("2020-04-15")[-1]["record"]["source"] == "folder"  # nobody's path goes on record


def test_a_site_that_is_not_rebuilt_is_named(served: tuple[World, str]) -> None:
    made, url = served
    assert "built for 2020-03-05" in made.run("observe", url, "--as-of", "2020-03-12").stderr
    remarks = made.pending("2020-03-20", "2020-04-01")["remarks"]
    assert any("last looked at on 2020-03-12" in each for each in remarks)


def test_nothing_to_look_for_is_no_error(tmp_path: Path) -> None:
    made = World(tmp_path / "repo")
    assert "no notice to look for" in made.run("observe", "http://127.0.0.1:9", "--as-of", "2020-02-01").stderr
    made.run("observe", "--as-of", "2020-02-01", status=2)
    made.run("observe", ".", "--version", "2020-01-01", "--as-of", "2020-02-01", status=3)
    assert json.loads(made.run("verify", "--format", "json").stdout)["broken"] == []
