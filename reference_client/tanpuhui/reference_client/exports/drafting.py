"""How the rows of one scheme become activities: what all schemes have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.exports.draft import Draft, Drawn
from tanpuhui.reference_client.exports.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tanpuhui.reference_client.exports.gathering import Gathering
    from tanpuhui.reference_client.exports.sheet import Cells, Sheet

NORMAL = "N"


class Drafting(ABC):
    """One scheme's way from rows to raw activities as `testbed.yaml` has them."""

    scheme: ClassVar[str]
    series: ClassVar[bool] = False
    """Whether several rows make one activity."""
    once: ClassVar[bool] = True
    """Whether a key that comes twice is one thing; where not, the law's own rules decide between them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @abstractmethod
    def draft(self, cells: Cells) -> Draft:
        """What a row says; times come first, so that their warts count in refused rows too."""

    def drawn(self, drafts: Gathering) -> Iterator[Drawn]:
        """The activities of drafts that were gathered."""
        return map(self.single, drafts.in_file())

    def single(self, draft: Draft) -> Drawn:
        """The activity of a row that is one by itself."""
        return Drawn(draft.content, (draft.line,))

    @classmethod
    def activity_id(cls, name: str) -> str:
        """The same in every export, so that an activity keeps its record id (WRT-001)."""
        return f"{cls.scheme.lower()}-{name}"

    def whose(self, cells: Cells) -> dict[str, Any]:
        """Scheme, user, district and device."""
        return {
            "scheme": self.scheme,
            "link_id": self._link(cells),
            "district_code": self._district(cells),
            "device_id": self._device(cells),
        }

    def _link(self, cells: Cells) -> str:
        terms = self.sheet.terms
        found = cells.text("link") or terms.link_id
        if not found and not cells.has("link"):
            found = terms.link_stand_in
        if not found:
            raise Refusal("link-missing")
        return found

    def _district(self, cells: Cells) -> str:
        found = cells.text("district")
        if not found:
            cells.note("district-given", self.sheet.terms.district_code)
        return found or self.sheet.terms.district_code

    def _device(self, cells: Cells) -> str:
        found, given = cells.text("device"), self.sheet.terms.device_id
        if found:
            return f"{self.sheet.terms.device_prefix}{found}"
        if given is not None:
            cells.note("device-given", given)
            return given
        return self.device_unnamed()

    def device_unnamed(self) -> str:
        """The device of a row that names none, where the user names none either."""
        raise Refusal("device-missing")


def utc_text(at: datetime) -> str:
    """An instant in UTC as a business system writes it."""
    return at.isoformat().replace("+00:00", "Z")
