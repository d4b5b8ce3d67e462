"""第 9 章 批量上传：正文、限值、任务 / Clause 9, bulk uploads: the body, the limits, the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.standing import TAKEN_IN
from tanpuhui.conformance.recording.submission import REJECTED
from tanpuhui.conformance.recording.upload import coding_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.recording.upload import Job, Upload
    from tanpuhui.conformance.verdict import Observation
    from tanpuhui.spec.limits import Limits

NDJSON = "application/x-ndjson"
FAILING = ("upload_failed_job",)
SCENES = (
    "uploads",
    "upload_lost_answer",
    "upload_slow_job",
    *FAILING,
    "upload_verdicts",
    "upload_too_large",
)


@check("WRT-010", "one-record-a-line", scenes=SCENES)
def one_record_a_line(evidence: Evidence) -> Iterator[Observation]:
    """正文按其内容编码解开后，每行一条严格 JSON 的记录 / Decoded as it says, the body has one record of strict JSON a line."""
    for upload in evidence.uploads:
        if _refused_as_too_large(upload):
            continue
        flaw = upload.undecoded
        yield saw(
            "每行一条记录 / one record a line",
            str(flaw) if flaw else f"{len(upload.lines)} 行 / {len(upload.lines)} lines",
            ok=flaw is None,
            at=upload.first.seq,
        )


@check("WRT-010", "says-what-it-is", scenes=SCENES)
def says_what_it_is(evidence: Evidence) -> Iterator[Observation]:
    """媒体类型是 application/x-ndjson，编码是 gzip、zstd 或没有 / The type is NDJSON, the coding gzip, zstd or none."""
    for upload in evidence.uploads:
        types = upload.first.request.header_values("content-type")
        kind, coding = ", ".join(types).partition(";")[0].strip().lower(), coding_of(upload.first)
        yield saw(
            f"{NDJSON}，gzip、zstd 或不压缩 / {NDJSON}, in gzip, zstd or as it is",
            f"{kind or '?'}，{coding} / {kind or '?'}, {coding}",
            ok=kind == NDJSON and coding in {"gzip", "zstd", "identity"},
            at=upload.first.seq,
        )


@check("WRT-010", "upload-keeps-the-advertised-limits", scenes=SCENES)
def upload_keeps_the_advertised_limits(evidence: Evidence) -> Iterator[Observation]:
    """字节数、行数、行长不超过公布的上限 / No more bytes, lines and bytes a line than advertised."""
    for scene in evidence.scenes:
        for upload in scene.uploads if scene.stand else ():
            excess = _excess(upload, scene.stand.limits) if scene.stand else None
            yield saw(
                "在公布的限值之内 / within the advertised limits",
                excess or "如此 / so it is",
                ok=excess is None,
                at=upload.first.seq,
            )


def _refused_as_too_large(upload: Upload) -> bool:
    """The platform itself would not read it: nothing was armed, and nothing of it was kept."""
    return any(it.problem_code == "limit-exceeded" and it.fault is None for it in upload.attempts)


def _excess(upload: Upload, limits: Limits) -> str | None:
    if _refused_as_too_large(upload):
        return "平台以过大拒绝 / refused by the platform as too large"
    longest = max((len(line.raw) for line in upload.lines), default=0)
    unpacked = sum(len(line.raw) + 1 for line in upload.lines) - 1  # the last line may have no end
    for zh, en, found, most in (
        ("正文字节数", "bytes sent", len(upload.first.request.body), limits.upload_max_bytes),
        ("解压后字节数", "bytes decoded", unpacked, limits.upload_unpacked_max_bytes),
        ("行数", "lines", len(upload.lines), limits.upload_max_records),
        ("最长一行的字节数", "bytes in a line", longest, limits.line_max_bytes),
    ):
        if found > most:
            return f"{zh} {found}，上限 {most} / {found} {en}, at most {most}"
    return None


@check("WRT-011", "follows-the-job-to-its-end", scenes=SCENES, after=TAKEN_IN)
def follows_the_job_to_its_end(evidence: Evidence) -> Iterator[Observation]:
    """得到 202 后查询任务，直到它结束 / After 202, looks at the job until it is over."""
    for upload in evidence.uploads:
        if upload.acknowledged is not None and upload.job is not None:
            ended = upload.job.seen_ended
            yield saw(
                "看到任务结束 / sees the job ended",
                "看到了 / it did" if ended else _last_look(upload.job),
                ok=ended,
                at=upload.job.looks[-1].seq if upload.job.looks else upload.acknowledged.seq,
            )


def _last_look(job: Job) -> str:
    return "没有等到结束 / not looked at until then" if job.looks else "从未查询 / never looked at"


@check("WRT-011", "takes-every-verdict", scenes=SCENES, after=TAKEN_IN)
def takes_every_verdict(evidence: Evidence) -> Iterator[Observation]:
    """取回每一行的结论，各页都取 / Takes the verdict on every line that was judged, from every page."""
    for upload in evidence.uploads:
        if upload.acknowledged is not None and upload.job is not None:
            taken, judged = upload.rulings(), upload.job.judged
            missing = sum(index not in taken for index in range(judged))
            yield saw(
                f"取回 {judged} 条结论 / takes {judged} verdicts",
                f"缺 {missing} 条 / {missing} are missing" if missing else "都取了 / it did",
                ok=not missing,
                at=upload.job.pages[-1].seq if upload.job.pages else upload.acknowledged.seq,
            )


@check("WRT-012", "sends-again-what-was-not-judged", scenes=FAILING, after=TAKEN_IN)
def sends_again_what_was_not_judged(evidence: Evidence) -> Iterator[Observation]:
    """任务失败后，未判定的记录沿用原记录号、以新的请求再报 / What a failed job did not judge goes out again, ids kept, in a new request."""
    for scene in evidence.scenes:
        for job, sent in _of_failed_jobs(scene):
            if sent.index >= job.judged and not job.stopped_for_good:
                again = _later(scene, sent)
                yield saw(
                    "重新报送 / sent again",
                    "已重报 / it was" if again else "没有重报 / it was not",
                    ok=again is not None,
                    at=(again or sent).seq,
                )


@check("WRT-012", "leaves-alone-what-was-judged", scenes=FAILING, after=TAKEN_IN)
def leaves_alone_what_was_judged(evidence: Evidence) -> Iterator[Observation]:
    """任务失败后，已判定的记录不再报送 / What a failed job had judged is not sent again."""
    for scene in evidence.scenes:
        for job, sent in _of_failed_jobs(scene):
            if sent.index < job.judged:
                again = _later(scene, sent)
                corrected = again is not None and _is_corrected(sent, again)
                yield saw(
                    "不再报送 / not sent again",
                    "又报送了 / it was" if again and not corrected else "没有 / it was not",
                    ok=again is None or corrected,
                    at=(again or sent).seq,
                )


def _of_failed_jobs(scene: RecordedScene) -> Iterator[tuple[Job, Sent]]:
    for upload in scene.uploads:
        if upload.job is not None and upload.job.failed and upload.acknowledged is not None:
            yield from ((upload.job, sent) for sent in upload.sent())


def _later(scene: RecordedScene, sent: Sent) -> Sent | None:
    """The same record in a later request under another key."""
    others = (it for it in scene.sent if it.submission is not sent.submission and it.seq > sent.seq)
    return next((other for other in others if other.record_id == sent.record_id), None)


def _is_corrected(sent: Sent, again: Sent) -> bool:
    """A rejected record may come again with other content."""
    return sent.verdict_word == REJECTED and again.record != sent.record
