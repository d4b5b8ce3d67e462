"""第 17 章 个人信息的缺陷 / Sins against clause 17, personal data; every number here is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.message import HttpResponse
from tanpuhui.spec.strict_json import dump_json, parse_json

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.steps import Call
    from tanpuhui.spec.message import Headers, HttpRequest

MOBILE = "13800138000"
PLATE, IDENTITY_CARD = "沪A12345", "11010519491231002X"
SOMEWHERE = "31.230416,121.473701"
ERRORS = 400


@breaks("PRV-001", "sends-no-direct-identifiers")
class NamesTheRider(Rewriting):
    """以用户手机号作设备号 / Names the device by its user's mobile number."""

    def told(self, record: Record) -> Record:
        return record | {"device_id": MOBILE}


@breaks("PRV-001", "sends-no-direct-identifiers")
class LeavesItsNumberInAField(Witnessed, Sealing):
    """在请求字段中留联系人手机号 / Leaves a contact's mobile number in a header field."""

    def headers(self, call: Call, token: str) -> Headers:
        self.fired()
        return (*super().headers(call, token), ("x-contact", f"+86 {MOBILE}"))


@breaks("PRV-001", "sends-no-direct-identifiers")
class NamesThePlate(Rewriting):
    """以车牌号作设备号 / Names a vehicle by its number plate."""

    def told(self, record: Record) -> Record:
        return record | {"device_id": PLATE}


@breaks("PRV-001", "sends-no-direct-identifiers")
class NamesTheOwner(Rewriting):
    """记录中带身份证号 / Sends the owner's identity-card number."""

    def told(self, record: Record) -> Record:
        return record | {"owner": IDENTITY_CARD}


@breaks("PRV-002", "sends-no-tracks-or-coordinates")
class SendsWhereItBegan(Rewriting):
    """记录中带起点坐标 / Sends the coordinates of the start."""

    def told(self, record: Record) -> Record:
        return record | {"start_point": SOMEWHERE}


@breaks("PRV-002", "sends-no-tracks-or-coordinates")
class SendsTheTrack(Rewriting):
    """记录中带轨迹 / Sends the track."""

    def told(self, record: Record) -> Record:
        return record | {"track": ["wtw3s", "wtw3e", "wtw37"]}


@breaks("PRV-003", "errors-repeat-nothing-received", scene="event_attacks")
class RepeatsWhatItRefuses(Witnessed, Reception):
    """错误应答回显收到的正文 / Repeats in its errors what it received."""

    def receive_event(self, request: HttpRequest) -> HttpResponse:
        answer = super().receive_event(request)
        if answer.status < ERRORS or not request.body:
            return answer
        self.fired()
        return HttpResponse(answer.status, answer.headers, _with_detail(answer.body, request.body))


def _with_detail(problem: bytes, received: bytes) -> bytes:
    detail = received.decode(errors="replace")[:2000]
    return dump_json({**parse_json(problem), "detail": f"could not process: {detail}"})
