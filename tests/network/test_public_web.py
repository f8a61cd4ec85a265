"""The web is asked at public addresses only, whatever a name, a redirect or a spelling leads to."""

from __future__ import annotations

import http.server
import ipaddress
import socket
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.network.public_web import NotPublicError, Web, checked, is_public


class Redirecting(http.server.BaseHTTPRequestHandler):
    """Leads `/to/HOST` to that host on the same port, and answers everything else."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", f"http://{self.path[4:]}:{self.server.server_address[1]}/")  # type: ignore[str-bytes-safe]
            self.end_headers()
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"inner")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def fetched(web: Web, url: str) -> bytes:
    with web.open(urllib.request.Request(url), timeout=5) as answer:
        body: bytes = answer.read()
    return body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_asked_however_it_is_spelt(port: int, host: str) -> None:
    with pytest.raises(NotPublicError) as refused:
        fetched(Web(), f"http://{host}:{port}/")
    assert "no public address" in str(refused.value)


def test_a_host_that_is_allowed_by_name_is_asked_and_is_not_public(port: int) -> None:
    web = Web({"localhost"})
    assert fetched(web, f"http://localhost:{port}/") == b"inner"
    assert not web.public


def test_a_redirect_to_an_inner_address_is_refused(port: int) -> None:
    with pytest.raises(NotPublicError):
        fetched(Web({"localhost"}), f"http://localhost:{port}/to/127.0.0.1")


def test_a_name_that_stands_at_an_inner_and_a_public_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    with pytest.raises(NotPublicError) as refused:
        checked("split.example", 80)
    assert refused.value.address == "10.0.0.1"


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:1:f5ff:fffe",
    ],
)
def test_inner_addresses_are_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_carried_inside_another_is_as_public_as_it_is(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert is_public(mapped) == is_public(translated) == is_public(address)


def test_other_schemes_are_not_opened() -> None:
    for url in ("file:///etc/passwd", "ftp://example.org/", "data:,x"):
        with pytest.raises(OSError, match="unknown url type"):
            Web().open(urllib.request.Request(url), timeout=1)
