"""testbed.yaml as an ASGI application, for test environments only: whoever reaches it rules the scenario."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.identity import Identity
from tanpuhui.reference_client.receiving.answering import empty_answer, json_answer, problem_answer
from tanpuhui.reference_client.receiving.exchange import application, route
from tanpuhui.reference_client.scenario import Setup
from tanpuhui.reference_client.sending.reporting import BY_BATCHES
from tanpuhui.reference_client.shape import faults
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from tanpuhui.reference_client.scenario import Scenario
    from tanpuhui.spec.message import HttpRequest, HttpResponse

BODY_MAX_BYTES = 64 * 1024 * 1024
_LONGEST_WAIT_SECONDS = 60
_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,4})(?:$|[,;\s])")


class Testbed:
    """What the judge asks; each method is one operation."""

    __test__ = False

    def __init__(self, scenario: Scenario, base_url: Callable[[], str], token: str | None) -> None:
        self.scenario, self.base_url, self.token = scenario, base_url, token

    def reset(self, request: HttpRequest) -> HttpResponse:
        """Forgets all state and works with the platform named."""

        def done(asked: Any) -> HttpResponse:
            key = self.scenario.key
            identity = Identity(asked["discovery_url"], asked["client_id"], key)
            self.scenario.reset(Setup(identity, asked["scenario_id"]))
            jwks = {"keys": self.scenario.connected.public_jwks()}
            return json_answer({"jwks": jwks, "base_url": self.base_url()})

        return self._told(request, "Reset", done)

    def load(self, request: HttpRequest) -> HttpResponse:
        """Takes activities in."""

        def done(asked: Any) -> HttpResponse:
            self.scenario.connected.desk.outbox.load(asked["activities"])
            return empty_answer()

        return self._told(request, "Activities", done)

    def load_devices(self, request: HttpRequest) -> HttpResponse:
        """Takes the ledger of devices in."""

        def done(asked: Any) -> HttpResponse:
            self.scenario.connected.desk.ledger.load(asked["devices"])
            return empty_answer()

        return self._told(request, "Devices", done)

    def report(self, request: HttpRequest) -> HttpResponse:
        """Starts reporting, as is asked for or in batches, and returns at once."""

        def done(asked: Any) -> HttpResponse:
            self.scenario.report(asked.get("by", BY_BATCHES))
            return json_answer({}, 202)

        return self._told(request, "ReportOrder", done) if request.body else done({})

    def status(self, request: HttpRequest) -> HttpResponse:
        """How far reporting is; waits for its end as long as is asked."""
        wanted = _WAIT.search(",".join(request.header_values("prefer")))
        fields: tuple[tuple[str, str], ...] = ()
        if wanted:
            self.scenario.wait_idle(min(int(wanted[1]), _LONGEST_WAIT_SECONDS))
            fields = (("preference-applied", f"wait={wanted[1]}"),)
        return json_answer(self.scenario.status().as_mapping()).with_headers(fields)

    def guarded(self, judge: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        """Lets nobody in without the token, where one is configured."""

        def guard(request: HttpRequest) -> HttpResponse:
            shown = request.header_values("authorization")
            if self.token is not None and not _same(shown, f"Bearer {self.token}"):
                return problem_answer("token-invalid", fields=(("www-authenticate", "Bearer"),))
            return judge(request)

        return guard

    def _told(
        self, request: HttpRequest, component: str, done: Callable[[Any], HttpResponse]
    ) -> HttpResponse:
        if len(request.body) > BODY_MAX_BYTES:
            return problem_answer("limit-exceeded")
        media_types = request.header_values("content-type")
        if [value.split(";")[0].strip().lower() for value in media_types] != ["application/json"]:
            return problem_answer("unsupported-media-type")
        try:
            asked = parse_json(request.body)
        except StrictJsonError as error:
            return problem_answer(error.code)
        errors = faults("testbed", component, asked)
        return problem_answer("schema-violation", errors=errors) if errors else done(asked)


def testbed(scenario: Scenario, base_url: Callable[[], str], token: str | None) -> Starlette:
    """The application."""
    bed = Testbed(scenario, base_url, token)
    operations = [
        ("POST", "/reset", bed.reset),
        ("POST", "/activities", bed.load),
        ("POST", "/devices", bed.load_devices),
        ("POST", "/reports", bed.report),
        ("GET", "/status", bed.status),
    ]
    return application(
        [
            route(method, path, bed.guarded(judge), base_url=base_url, body_max=lambda: BODY_MAX_BYTES)
            for method, path, judge in operations
        ]
    )


def _same(shown: tuple[str, ...], expected: str) -> bool:
    return len(shown) == 1 and hmac.compare_digest(shown[0].encode(), expected.encode())
