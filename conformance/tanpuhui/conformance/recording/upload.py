"""Uploads as the scenario made them: the lines it sent, the job that the platform made of them, and what it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.submission import Ruling, Submission, verdicts_in
from tanpuhui.conformance.recording.unpacking import Line, Undecodable, coding_in, lines_of, unpacked
from tanpuhui.conformance.recording.write import surely_acknowledged
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.problem import problem_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tanpuhui.conformance.recording.exchange import Exchange

UPLOAD, LOOK, RESULTS = "submitUpload", "getJob", "listJobResults"
QUEUED, RUNNING, FAILED = "queued", "running", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """What the platform made of an upload: its last word on it, and what the scenario read of it."""

    job_id: str
    last_word: Mapping[str, Any]
    looks: tuple[Exchange, ...]
    pages: tuple[Exchange, ...]

    @property
    def judged(self) -> int:
        """How many lines were judged."""
        totals = self.last_word.get("totals")
        count = totals.get("submitted") if isinstance(totals, dict) else 0
        return int(count) if isinstance(count, int | str) else 0

    @property
    def failed(self) -> bool:
        """It stopped before its last line."""
        return self.last_word.get("state") == FAILED

    @property
    def problem(self) -> str | None:
        """The registered code of what stopped it."""
        shown = self.last_word.get("problem")
        return str(shown.get("code")) if isinstance(shown, dict) else None

    @property
    def stopped_for_good(self) -> bool:
        """What stopped it would stop the same lines again."""
        known = problem_types().get(self.problem or "")
        return known is not None and not known.retryable

    @property
    def seen_ended(self) -> bool:
        """The scenario saw it ended."""
        return any(state_in(look) not in {None, QUEUED, RUNNING} for look in self.looks if look.answered_ok)


@dataclass(frozen=True, slots=True)
class Upload(Submission):
    """An upload with its lines and, once it was taken over, its job."""

    lines: tuple[Line, ...] = ()
    undecodable: Text | None = None
    job: Job | None = None

    @property
    def taken_over(self) -> Exchange | None:
        """The 202 by which the platform took it over, where the job went through all its lines."""
        return self.acknowledged if self.job is not None and not self.job.failed else None

    @property
    def undecoded(self) -> Text | None:
        """Why the body could not be read as lines of records, None where it could."""
        if self.undecodable is not None:
            return self.undecodable
        flaw = next((line.content.error for line in self.lines if line.content.error), None)
        if flaw is None and (not self.lines or any("record_id" not in _object(it) for it in self.listed())):
            return Text("有的行不是记录", "a line is no record")
        return flaw

    def listed(self) -> list[Any]:
        """What stands in the lines."""
        return [line.content.value for line in self.lines]

    def rulings(self) -> dict[int, Ruling]:
        """The verdicts on the pages that the scenario read."""
        found: dict[int, Ruling] = {}
        for page in self.job.pages if self.job else ():
            known_at = page.answered_at if surely_acknowledged(page) else None
            for index, verdict in verdicts_in(page.answer.value if page.answered_ok else None).items():
                if index not in found or found[index].known_at is None:
                    found[index] = Ruling(verdict, known_at)
        return found


def upload_of(
    scene: str, key: str | None, attempts: tuple[Exchange, ...], around: Sequence[Exchange], state: Any
) -> Upload:
    """The upload of these attempts; `around` is everything that the scenario asked, `state` what the platform says."""
    lines, error = _lines(attempts[0])
    job_id = next((found for attempt in attempts if (found := job_id_in(attempt))), None)
    job = _job(job_id, around, state) if job_id else None
    return Upload(scene, key, attempts, lines, error, job)


def coding_of(call: Exchange) -> str:
    """The content coding as it was stated."""
    return coding_in(call.request.header_values("content-encoding"))


def job_id_in(call: Exchange) -> str | None:
    """The job that an answer names, even where the answer was lost."""
    found = _object(call.answer.value).get("job_id") if call.response else None
    return found if isinstance(found, str) else None


def state_in(look: Exchange) -> str | None:
    """The job's state as an answer tells it."""
    state = _object(look.answer.value).get("state")
    return state if isinstance(state, str) else None


def _lines(first: Exchange) -> tuple[tuple[Line, ...], Text | None]:
    try:
        return lines_of(unpacked(first.request.body, coding_of(first))), None
    except Undecodable as error:
        return (), error.text


def _job(job_id: str, around: Iterable[Exchange], state: Any) -> Job:
    place = f"/jobs/{job_id}"
    mine = [call for call in around if place in call.request.url]
    looks = tuple(call for call in mine if call.operation == LOOK)
    pages = tuple(call for call in mine if call.operation == RESULTS)
    known = [it for it in _object(state).get("jobs") or () if _object(it).get("job_id") == job_id]
    told = [_object(look.answer.value) for look in looks if look.response is not None and not look.refused]
    return Job(job_id, (known or told or [{}])[-1], looks, pages)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
