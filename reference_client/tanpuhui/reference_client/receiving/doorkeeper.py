"""Lets in only what the platform signed: its keys, its time, and every nonce once (SIG-007)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.signing import EVENT_TAG, SignatureRefused, verify_request

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.reference_client.calling.surroundings import Surroundings
    from tanpuhui.reference_client.client import ScenarioClient
    from tanpuhui.reference_client.keeping.store import Store
    from tanpuhui.spec.limits import Limits
    from tanpuhui.spec.message import HttpRequest
    from tanpuhui.spec.signing import PublicKeys, Verified


class Doorkeeper:
    """Asks the platform for its keys when it has to, and gives up at once when there is no answer."""

    def __init__(self, client: ScenarioClient, around: Surroundings, store: Store) -> None:
        self.client, self.around, self.store = client, around, store
        self._asked: dict[str, datetime] = {}

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        known = self.around.known.discovery
        return known.limits if known else default_limits()

    def verify(self, request: HttpRequest) -> Verified:
        """Who signed; the platform is asked again for its keys or its time where these may have moved."""
        if self.around.known.keys is None:
            return self.verify_by(self.client.jwks(), request)
        try:
            return self.verify_by(self.around.known.keys, request)
        except SignatureRefused as refused:
            if refused.code not in {"signature-invalid", "signature-expired"} or not self._may_ask(
                refused.code
            ):
                raise
            if refused.code == "signature-expired":
                self.client.discovery()
                return self.verify_by(self.around.known.keys, request)
        return self.verify_by(self.client.jwks(), request)

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        """Checks signature, digest and age by the platform's time."""
        times = self.client.operations.conversation.times
        now = self.around.clock.now()
        return verify_request(request, keys, now=now, tag=EVENT_TAG, times=times, token_bound=False)

    def first_use(self, verified: Verified) -> bool:
        """Whether the nonce was not used before; it is remembered as long as the law says (SIG-007)."""
        now = self.around.clock.now()
        ends = now + timedelta(seconds=self.client.operations.conversation.times.nonce_keep_seconds)
        row = (verified.key_id, verified.nonce, ends.isoformat())
        with self.store.changing() as connection:
            connection.execute("DELETE FROM nonces WHERE ends < ?", (now.isoformat(),))
            return connection.execute("INSERT OR IGNORE INTO nonces VALUES (?, ?, ?)", row).rowcount == 1

    def _may_ask(self, code: str) -> bool:
        """Strangers must not make this side ask the platform all the time."""
        now, last = self.around.clock.local(), self._asked.get(code)
        pause = timedelta(seconds=self.client.operations.conversation.times.retry_first_seconds)
        if last is not None and now - last < pause:
            return False
        self._asked[code] = now
        return True
