"""scenario.yaml as an ASGI application: brings the platform's requests to the session at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.receiving.answering import problem_answer
from tanpuhui.reference_client.receiving.exchange import application, route
from tanpuhui.spec.limits import default_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from tanpuhui.reference_client.scenario import Scenario, Session
    from tanpuhui.spec.message import HttpRequest, HttpResponse

EVENTS, HEALTH = "/v1/events", "/v1/health"
RECORDS, SUMMARIES = "/v1/records", "/v1/day-summaries"


def callbacks(scenario: Scenario, base_url: Callable[[], str]) -> Starlette:
    """The application; signatures are checked for the public address of the scenario."""

    def body_max() -> int:
        known = scenario.session.around.known.discovery if scenario.session else None
        return (known.limits if known else default_limits()).event_max_bytes

    def event(request: HttpRequest) -> HttpResponse:
        return _by_session(scenario, lambda session: session.reception.receive_event(request))

    def health(request: HttpRequest) -> HttpResponse:
        return _by_session(
            scenario,
            lambda session: session.reception.health(request, session.setup.scenario_id, session.condition()),
        )

    def records(request: HttpRequest) -> HttpResponse:
        return _by_session(scenario, lambda session: session.reported.records(request))

    def summaries(request: HttpRequest) -> HttpResponse:
        return _by_session(scenario, lambda session: session.reported.summaries(request))

    operations = [
        ("POST", EVENTS, event),
        ("GET", HEALTH, health),
        ("GET", RECORDS, records),
        ("GET", SUMMARIES, summaries),
    ]
    return application(
        [
            route(method, path, judge, base_url=base_url, body_max=body_max)
            for method, path, judge in operations
        ]
    )


def _by_session(scenario: Scenario, judge: Callable[[Session], HttpResponse]) -> HttpResponse:
    """Without a platform there is nobody to trust yet; it may come later."""
    session = scenario.session
    if session is None:
        return problem_answer("maintenance", fields=(("retry-after", "1"),))
    return judge(session)
