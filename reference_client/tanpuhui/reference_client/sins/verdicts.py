"""第 9 章 处理结论的缺陷 / Sins against clause 9: verdicts that are not acted upon, or on the wrong record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.keeping.entry import READY
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.sins.writing import Trying
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.answers import RecordVerdict, Submission
    from tanpuhui.reference_client.keeping.outbox import OpenBatch

EVERY_VERDICT, AS_NEW = "acts-on-every-verdict", "held-activities-are-not-sent-as-new"
HELD, REJECTED = "held", "rejected"
AGAIN = "once-more"


class Reconsidering(Witnessed, Reporting):
    """Has second thoughts about a batch or an upload once its verdicts are there."""

    def deliver(self, batch: OpenBatch) -> None:
        super().deliver(batch)
        if batch.upload is None or batch.upload.job_id is not None:
            self.reconsider(batch)

    def reconsider(self, batch: OpenBatch) -> None:
        """What this scenario does then."""

    def states(self, batch: OpenBatch) -> set[str]:
        """The verdicts that the batch met."""
        query = "SELECT DISTINCT state FROM records WHERE batch = ?"
        return {row["state"] for row in self.desk.store.rows(query, batch.batch)}

    def ready_again(self, batch: OpenBatch, condition: str, *values: str) -> None:
        """Records of the batch go out once more."""
        with self.desk.store.changing() as connection:
            change = f"UPDATE records SET state = ?, batch = NULL WHERE batch = ? AND {condition}"  # noqa: S608  # our own words
            done = connection.execute(change, (READY, batch.batch, *values))
        if done.rowcount > 0:
            self.fired()


@breaks("WRT-005", EVERY_VERDICT, scene="verdicts")
class SendsTheWholeBatchAgain(Reconsidering):
    """一条被拒绝就重报整批 / Sends a whole batch again because one of its records was rejected."""

    def reconsider(self, batch: OpenBatch) -> None:
        if REJECTED in self.states(batch):
            self.ready_again(batch, "state <> 'ready'")


@breaks("WRT-005", EVERY_VERDICT, scene="verdicts")
class SendsTheAcceptedAgain(Reconsidering):
    """一条暂存就重报同批已接受的 / Sends the accepted ones of a batch again because one was held."""

    def reconsider(self, batch: OpenBatch) -> None:
        if HELD in self.states(batch):
            self.ready_again(batch, "state = 'accepted'")


@breaks("WRT-005", EVERY_VERDICT, scene="verdicts")
class TakesADuplicateForARefusal(Trying):
    """把 duplicate 当作没有收下 / Takes a duplicate for a record that was not taken."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        return self.once_more(verdict, "duplicate")


@breaks("WRT-005", EVERY_VERDICT, scene="verdicts")
class ActsOnTheWrongRecord(Witnessed, Reporting):
    """结论错位一条，把已接受的当作被拒绝而重报 / Takes a verdict for that of the next record, and sends an accepted one again."""

    def settle(self, batch: OpenBatch, done: Submission) -> None:
        words = [verdict.verdict for verdict in done.answer.verdicts]
        super().settle(batch, done)
        if REJECTED not in words[:-1]:
            return
        self.fired()
        place = words.index(REJECTED) + 1
        query = "SELECT position FROM records WHERE batch = ? ORDER BY position"
        position = self.desk.store.rows(query, batch.batch)[place]["position"]
        with self.desk.store.changing() as connection:
            connection.execute("UPDATE records SET state = ? WHERE position = ?", (READY, position))


@breaks("WRT-005", EVERY_VERDICT, scene="upload_verdicts")
class SendsRejectedLinesAgain(Trying):
    """上传中被拒绝的行原样再报 / Sends rejected lines again unchanged."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        return self.once_more(verdict, REJECTED)


@breaks("WRT-005", EVERY_VERDICT, scene="upload_verdicts")
class SendsHeldLinesAgain(Trying):
    """上传中暂存的行再报一次 / Sends held lines again."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        return self.once_more(verdict, HELD)


@breaks("WRT-005", EVERY_VERDICT, scene="upload_verdicts")
class SendsTheWholeUploadAgain(Reconsidering):
    """一行被拒绝就重报整份上传 / Sends a whole upload again because one of its lines was rejected."""

    def reconsider(self, batch: OpenBatch) -> None:
        if REJECTED in self.states(batch):
            self.ready_again(batch, "state <> 'ready'")


class Renaming(Reconsidering):
    """Does not wait for the decision on what was held, and has it composed once more."""

    def reconsider(self, batch: OpenBatch) -> None:
        query = "SELECT record_id FROM records WHERE batch = ? AND state = 'held' AND part NOT LIKE ?"
        for row in self.desk.store.rows(query, batch.batch, f"%{AGAIN}"):
            self.fired()
            self.sent_as_new(row["record_id"])

    def sent_as_new(self, record_id: str) -> None:
        """The same record under a new id, ready to go out."""
        anew = self.around.chance.token()
        with self.desk.store.changing() as connection:
            connection.execute(
                "INSERT INTO records (record_id, activity_id, part, state, body)"
                " SELECT ?, activity_id, part || ?, ?,"
                " CAST(replace(CAST(body AS TEXT), record_id, ?) AS BLOB) FROM records WHERE record_id = ?",
                (anew, AGAIN, READY, anew, record_id),
            )


@breaks("WRT-016", AS_NEW, scene="verdicts")
class SendsHeldRecordsAsNew(Renaming):
    """暂存的记录换记录号再报 / Sends what was held in a batch again under a new record id."""


@breaks("WRT-016", AS_NEW, scene="upload_verdicts")
class SendsHeldLinesAsNew(Renaming):
    """上传中暂存的行换记录号再报 / Sends what was held in an upload again under a new record id."""
