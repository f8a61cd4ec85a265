"""A time-stamping authority for tests: OpenSSL's, with a certificate of its own, on a port of this machine."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import needed

CONFIG = """\
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority: `answer` is the token for a request, `url` where it is asked over HTTP."""

    def __init__(self, folder: Path) -> None:
        self.openssl, self.folder = needed("openssl", "the Debian package openssl"), folder
        self.wrong: bytes | None = None
        self.asked: list[bytes] = []
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        self.run(
            "req",
            "-x509",
            *key,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "2",
            "-subj",
            "/CN=Test CA",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
        )
        self.run("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        self.run(
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-out",
            "tsa.pem",
            "-days",
            "2",
            "-extfile",
            "ext",
        )

    def run(self, *words: str) -> None:
        subprocess.run([self.openssl, *words], cwd=self.folder, check=True, capture_output=True)

    def answer(self, request: bytes) -> bytes:
        self.asked.append(request)
        if self.wrong is not None:
            return self.wrong
        (self.folder / "query").write_bytes(request)
        self.run("ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    @property
    def root(self) -> Path:
        return self.folder / "ca.pem"


@contextmanager
def answering(authority: Authority) -> Iterator[str]:
    """The address at which an authority answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            found = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    authority.wrong = None
