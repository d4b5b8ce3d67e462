"""What a dry run has to know of a file's activities before it composes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tanpuhui.reference_client.exports.draft import Drawn
    from tanpuhui.reference_client.recipes.recipe import Recipe


class Glance:
    """Sees activities pass by: when the last of them ends, and whether all their users are known."""

    def __init__(self, recipe: Recipe[Any], stand_in: str | None) -> None:
        self.newest: datetime | None = None
        self.users_known = True
        self._recipe, self._stand_in = recipe, stand_in

    def watched(self, drawn: Iterable[Drawn]) -> Iterator[Drawn]:
        """The same."""
        for found in drawn:
            for part in self._recipe.parts(found.activity):
                if self.newest is None or part.end > self.newest:
                    self.newest = part.end
            self.users_known = self.users_known and found.activity["link_id"] != self._stand_in
            yield found
