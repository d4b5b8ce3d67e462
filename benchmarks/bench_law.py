"""What the law's own computations cost: signatures, strict JSON, record check, accounting.

python benchmarks/bench_law.py
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from measuring import median_seconds, row

from tanpuhui.spec.accounting import account
from tanpuhui.spec.document import document
from tanpuhui.spec.indicator import record_validator, violations
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest
from tanpuhui.spec.quality import check_record
from tanpuhui.spec.signing import REQUEST_TAG, SigningKey, public_keys, sign_request, verify_request
from tanpuhui.spec.strict_json import dump_json, parse_json

RECORDS = 1000
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def records() -> list[dict[str, Any]]:
    """The interface document's own example record, a thousand times under other ids."""
    examples = document("platform")["paths"]["/v1/activity-batches"]["post"]["requestBody"]["content"]
    sample = next(iter(examples["application/json"]["examples"].values()))["value"]["records"][0]
    return [{**sample, "record_id": f"0199{number:032d}"} for number in range(RECORDS)]


def main() -> None:
    """Prints the table."""
    batch = records()
    raw = dump_json({"records": batch})
    key = SigningKey.generate()
    request = HttpRequest(
        "POST",
        "https://platform.example/v1/activity-batches",
        (
            ("content-type", "application/json"),
            ("authorization", "Bearer t"),
            ("idempotency-key", '"0123456789abcdef"'),
        ),
        raw,
    )
    signed = sign_request(request, key, created=NOW, nonce="n" * 22, tag=REQUEST_TAG)
    keys, times, valid = public_keys({"keys": [key.public_jwk()]}), default_times(), record_validator()

    def verify() -> None:
        verify_request(signed, keys, now=NOW, tag=REQUEST_TAG, times=times, token_bound=True)

    print(f"| {len(raw):,} bytes, {RECORDS} records | median | rate |\n|---|---|---|")
    row(
        "sign one request",
        median_seconds(lambda: sign_request(request, key, created=NOW, nonce="n", tag=REQUEST_TAG)),
        1,
    )
    row("verify one request", median_seconds(verify), 1)
    row("strict JSON", median_seconds(lambda: parse_json(raw)), RECORDS)
    row("schema, compiled", median_seconds(lambda: [valid.is_valid(one) for one in batch]), RECORDS)
    row("schema, in words", median_seconds(lambda: [violations(one) for one in batch]), RECORDS)
    row(
        "quality rules",
        median_seconds(lambda: [check_record(one, received_at=NOW) for one in batch]),
        RECORDS,
    )
    row("accounting", median_seconds(lambda: [account(one) for one in batch]), RECORDS)


if __name__ == "__main__":
    main()
