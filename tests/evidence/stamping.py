"""A timestamp service on this machine (RFC 3161), and some that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys, tsp, x509  # type: ignore[import-untyped] # it has no types
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.evidence import signers


def _authority() -> DummyTimeStamper:
    service = signers.issued("Made-up Clock", stamps=True)
    key = service.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = service.certificate.public_bytes(serialization.Encoding.DER)
    return DummyTimeStamper(
        tsa_cert=x509.Certificate.load(certificate),
        tsa_key=keys.PrivateKeyInfo.load(key),
        certs_to_embed=SimpleCertificateStore(),  # type: ignore[no-untyped-call] # of the library
    )


@contextmanager
def service(answer: str = "stamps") -> Iterator[str]:
    """The address of a service that `stamps`, `refuses`, or answers `nonsense`."""
    stamper = _authority()

    class Clock(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            content = b"<html>no"
            if answer == "stamps":
                request = tsp.TimeStampReq.load(asked)
                content = stamper.request_tsa_response(request).dump()
            self.send_response(503 if answer == "refuses" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Clock)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
