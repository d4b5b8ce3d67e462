"""A scenario that uploads in bulk and follows its job to the end."""

from __future__ import annotations

import gzip
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from tests.mock_platform.conftest import Actor

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
}


@dataclass
class Uploader:
    """Uploads for an actor."""

    actor: Actor

    def send(self, body: bytes, coding: str | None = None, **how: Any) -> httpx.Response:
        """Upload these bytes as they are."""
        how.setdefault("key", f'"{uuid.uuid4()}"')
        how.setdefault("content_type", "application/x-ndjson")
        fields = [("content-encoding", coding)] if coding else []
        fields += [] if body else [("content-type", how["content_type"])]
        return self.actor.send(self.actor.signed("POST", "/v1/uploads", body=body, fields=fields, **how))

    def ended(self, body: bytes, coding: str | None = None, **how: Any) -> dict[str, Any]:
        """The job of an upload when it has ended."""
        response = self.send(body, coding, **how)
        assert response.status_code == 202, response.text
        return self.end_of(response.json()["job_id"])

    def end_of(self, job_id: str) -> dict[str, Any]:
        """The job when it has ended."""
        self.actor.await_entry(lambda entry: entry.get("what") == "job_ended" and entry["job"] == job_id)
        return self.actor.get(f"/v1/jobs/{job_id}").json()

    def verdicts(self, job: dict[str, Any], limit: int | None = None) -> list[dict[str, Any]]:
        """The verdicts of a job, page by page."""
        return [verdict for page in self.pages(job, limit) for verdict in page]

    def pages(self, job: dict[str, Any], limit: int | None = None) -> list[list[dict[str, Any]]]:
        """The pages of a job's results."""
        pages, following = [], job["results"] + (f"?limit={limit}" if limit else "")
        while following:
            page = self.actor.get(following).json()
            pages.append(page["verdicts"])
            following = page.get("next")
        return pages


def as_lines(*values: Any) -> bytes:
    return b"".join(
        value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n" for value in values
    )
