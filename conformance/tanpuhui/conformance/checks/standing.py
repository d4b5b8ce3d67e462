"""What a scenario must get right before the platform takes anything from it: where that fails, only that is told."""

from __future__ import annotations

LET_IN = (
    "API-002/discovers-before-anything-else",
    "AUT-001/proves-itself-with-es256",
    "AUT-002/assertion-is-for-this-platform-short-lived-and-used-once",
    "SIG-001/signs-every-call",
    "SIG-002/digest-is-of-the-bytes-sent",
    "SIG-003/nonce-is-fresh-every-time",
)
TAKEN_IN = (*LET_IN, "CAL-001/every-write-has-a-key")
