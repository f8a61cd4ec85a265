"""Certificates for mail servers of the tests, made by OpenSSL."""

from __future__ import annotations

import subprocess
from pathlib import Path

from conftest import needed


def certificates(folder: Path) -> dict[str, tuple[Path, Path]]:
    """A certificate authority, and certificates that are good, for another name, expired, and self-signed."""
    openssl = needed("openssl", "the Debian package openssl")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    run(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
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
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    )
    found = {}
    for name, alternative, days in (
        ("good", "IP:127.0.0.1", "2"),
        ("name", "DNS:elsewhere.example", "2"),
        ("expired", "IP:127.0.0.1", "-1"),
    ):
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        run(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=mail"
        )
        dates = ["-days", days] if days != "-1" else ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"]
        if days == "-1" and b"not_before" not in subprocess.run([openssl, "x509", "-help"], capture_output=True).stderr:
            dates = ["-days", "-1"]
        run(
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-out",
            f"{name}.pem",
            "-extfile",
            f"{name}.ext",
            *dates,
        )
        found[name] = (folder / f"{name}.pem", folder / f"{name}.key")
    run(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "self.key",
        "-out",
        "self.pem",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    )
    found["self"] = (folder / "self.pem", folder / "self.key")
    return found
