"""Canaries: whatever secret a run is given or meets, no output of any command holds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tanpuhui.conformance.certifying.signer import signing_key
from tanpuhui.reference_client.bank import serving
from tanpuhui.spec.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(300)
PHONE = "13800138000"
PRIVATE = str(SigningKey.generate().private_jwk()["d"])


class _Careless(BaseHTTPRequestHandler):
    """A testbed that hands out its private key and repeats the token it was shown."""

    behind = ""

    def do_GET(self) -> None:  # named by http.server
        self._pass_on()

    def do_POST(self) -> None:  # named by http.server
        self._pass_on()

    def log_message(self, *_: object) -> None: ...

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fields = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection = HTTPConnection(urlsplit(self.behind).netloc, timeout=60)
        connection.request(self.command, urlsplit(self.behind).path + self.path, body, fields)
        answer = connection.getresponse()
        content = _told_too_much(answer.read(), self.headers.get("authorization", ""))
        connection.close()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _told_too_much(content: bytes, token: str) -> bytes:
    if not content:
        return content
    document = json.loads(content) | {"note": token}
    for key in document.get("jwks", {}).get("keys", ()):
        key["d"] = PRIVATE
    return json.dumps(document).encode()


@contextmanager
def careless(testbed_url: str) -> Iterator[str]:
    handler = type("Careless", (_Careless,), {"behind": testbed_url})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def outputs(folder: Path, *arguments: str, token: str) -> Iterator[tuple[str, str]]:
    """Everything that a command wrote: its streams, and every file below its folder except keys."""
    environment = {**os.environ, "TPH_TESTBED_TOKEN": token, "XDG_CONFIG_HOME": str(folder / "config")}
    command = [sys.executable, "-P", "-c", "from tanpuhui.conformance.cli import main; main()", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    yield "stdout", done.stdout
    yield "stderr", done.stderr
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "self-run-key.pem":
            yield file.name, file.read_text(encoding="utf-8")


@pytest.mark.parametrize("sin", ["names-the-rider", "leaves-its-number-in-a-field"])
def test_no_output_holds_a_token_a_private_key_or_a_phone_number(tmp_path: Path, sin: str) -> None:
    with serving(sin) as served, careless(served.testbed_url) as testbed_url:
        scenario = (
            "--scenario-url",
            served.base_url,
            "--testbed-url",
            testbed_url,
            "--scheme",
            "PV",
            "--scheme",
            "BIKE",
        )
        named = (*scenario, "--name", "样例", "--software-version", "1.0")
        written = [
            *outputs(tmp_path, "doctor", *named, token=served.testbed_token),
            *outputs(tmp_path, "check", "PRV-001", "first_report", *named, token=served.testbed_token),
            *outputs(tmp_path, "doctor", *named, token="a-wrong-token-canary"),
        ]
    assert {"index.html", "junit.xml", "run.json", "transcript.jsonl"} <= {name for name, _ in written}
    assert any("[已屏蔽:" in text for name, text in written if name == "transcript.jsonl")
    for canary in (served.testbed_token, PRIVATE, PHONE, "a-wrong-token-canary"):
        assert {name for name, text in written if canary in text} == set()


def test_a_certified_run_shows_none_of_its_keys(certified: Path) -> None:
    own = signing_key(next(certified.parent.rglob("self-run-key.pem")))
    secret = str(own.private_jwk()["d"])
    for file in certified.iterdir():
        text = file.read_text(encoding="utf-8")
        assert secret not in text
        assert "PRIVATE KEY" not in text
        assert '"d":' not in text
