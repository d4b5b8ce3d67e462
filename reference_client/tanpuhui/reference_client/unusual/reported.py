"""少见的供读方式 / Unusual ways of letting the platform read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.spec.message import HttpRequest, HttpResponse

TINY = 2
PLACE = "?place="


@keeps_the_law_in("reported_records", "server_contract")
class GivesTinyPages(Witnessed, Reported):
    """每页至多两条 / Gives two items a page at most, however many are asked for."""

    def limit(self, given: str | None) -> int:
        self.fired()
        return min(super().limit(given), TINY)


@keeps_the_law_in("reported_records", "server_contract")
class KeepsItsPlacesToItself(Witnessed, Reported):
    """下一页是只有自定标记的相对地址，每页另说几项 / Names the next page by a mark of its own, and says more of each page."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._queries: list[str] = []

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        self.fired()
        body = parse_json(super().page(request, asked, listing, places).body)
        if "next" in body:
            self._queries.append(body["next"].partition("?")[2])
            body["next"] = f"{PLACE}{len(self._queries) - 1}"
        return json_answer(body | {"generated_by": "账务系统", "complete": "next" not in body})

    def _asked(
        self, request: HttpRequest, needed: Mapping[str, Callable[[str, str], str]], start: tuple[str, ...]
    ) -> Asked:
        address, _, mark = request.url.partition(PLACE)
        if mark.isdigit() and int(mark) < len(self._queries):
            request = replace(request, url=f"{address}?{self._queries[int(mark)]}")
        return super()._asked(request, needed, start)
