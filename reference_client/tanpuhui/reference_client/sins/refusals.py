"""第 8、9 章 被拒绝之后的缺陷 / Sins against clauses 8 and 9: what is done after a refusal for good."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.keeping.entry import READY, REFUSED
from tanpuhui.reference_client.sending.bulk import UPLOAD
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.errors import Refused
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.reference_client.keeping.outbox import OpenBatch

NEVER = "never-repeats-what-was-refused"
TOO_LARGE, UNPROCESSABLE = 413, 422


class Insisting(Witnessed, Patience):
    """Sends a request once more under its key although it was refused with this status."""

    status = TOO_LARGE

    @cached_property
    def refused(self) -> list[str | None]:
        """The problems that it did not want to believe."""
        return []

    def is_permanent(self, problem: Problem) -> bool:
        if problem.status != self.status or self.refused:
            return super().is_permanent(problem)
        self.fired()
        self.refused.append(problem.code)
        return False


@breaks("CAL-005", NEVER, scene="too_large")
class SendsATooLargeBatchAgain(Insisting):
    """413 之后原样再发 / Sends a batch again unchanged that was too large."""


@breaks("CAL-005", NEVER, scene="upload_too_large")
class SendsATooLargeUploadAgain(Insisting):
    """上传得到 413 之后原样再发 / Sends an upload again unchanged that was too large."""


class Circumventing(Witnessed, Reporting):
    """Sends what was refused once more as a new batch."""

    @cached_property
    def tried(self) -> set[int]:
        """The batches that it would not leave alone."""
        return set()

    def park(self, batch: OpenBatch, refused: Refused) -> None:
        super().park(batch, refused)
        if batch.upload is not None or batch.batch in self.tried:
            return
        self.fired()
        self.tried.add(batch.batch)
        operations, key = self.client.operations, self.around.chance.token()
        self.client.run(operations.submit_batch(self.again(batch.body), key, count=batch.count))

    def again(self, body: bytes) -> bytes:
        """What goes out under the new key."""
        return body


@breaks("CAL-005", NEVER, scene="too_large")
class TriesAnotherKey(Circumventing):
    """被拒绝的批次换一个键再发 / Sends a refused batch again under another key."""


@breaks("CAL-005", NEVER, scene="too_large")
class TriesAnotherOrder(Circumventing):
    """被拒绝的批次换次序和写法再发 / Sends a refused batch again in another order and other spelling."""

    def again(self, body: bytes) -> bytes:
        records = json.loads(body)["records"]
        return dump_json({"records": records[::-1]}) + b"\n"


@breaks("CAL-005", NEVER, scene="too_large")
class TriesAnotherName(Circumventing):
    """被拒绝的批次换记录号再发 / Sends a refused batch again under new record ids."""

    def again(self, body: bytes) -> bytes:
        records = json.loads(body)["records"]
        renamed = [record | {"record_id": self.around.chance.token()} for record in records]
        return dump_json({"records": renamed})


@breaks("CAL-005", NEVER, scene="upload_too_large")
class TriesTheSameLinesAgain(Witnessed, Reporting):
    """上传被拒绝后以同样的行另作一次上传 / Makes another upload of the very lines that were refused."""

    def park(self, batch: OpenBatch, refused: Refused) -> None:
        super().park(batch, refused)
        if refused.operation == UPLOAD:
            self.fired()
            with self.desk.store.changing() as connection:
                change = "UPDATE records SET state = ?, batch = NULL WHERE batch = ?"
                connection.execute(change, (READY, batch.batch))


class Forgetting(Witnessed, Reporting):
    """Takes the refusal of one batch for the end of everything."""

    def park(self, batch: OpenBatch, refused: Refused) -> None:
        super().park(batch, refused)
        with self.desk.store.changing() as connection:
            done = connection.execute("UPDATE records SET state = ? WHERE state = ?", (REFUSED, READY))
        if done.rowcount > 0:
            self.fired()


@breaks("WRT-006", "reports-everything-due", scene="refused")
class ForgetsTheRestAfterARefusal(Forgetting):
    """一批被拒绝，其余的也不报了 / Forgets all that waits when one batch is refused."""


@breaks("WRT-006", "reports-everything-due", scene="upload_too_large")
class ForgetsTheRestAfterAnUpload(Forgetting):
    """一次上传被拒绝，其余的也不报了 / Forgets all that waits when one upload is refused."""


@breaks("CAL-005", NEVER, scene="refused")
class TriesAgainNextTime(Witnessed, Reporting):
    """下次报送时把被拒绝的批次原样再发 / Sends what was refused again unchanged in its next report."""

    def run(self) -> None:
        with self.desk.store.changing() as connection:
            change = "UPDATE records SET state = ?, batch = NULL WHERE state = ?"
            done = connection.execute(change, (READY, REFUSED))
        if done.rowcount > 0:
            self.fired()
        super().run()
