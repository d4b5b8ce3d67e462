"""Quality reports as a scenario may read them (QUA-003)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.mock_platform.interface.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.interface.operations import ABSENT
from tanpuhui.mock_platform.quality.period import InvalidPeriod, Period
from tanpuhui.mock_platform.quality.reporting import Office, report_of
from tanpuhui.spec.problem import PlaceError

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call


def get_quality_report(call: Call) -> Answer:
    """读取数据质量报告 / Read a quality report.

    到期而未出具的报告在第一次读取时出具 / a report that is due and was not made is made when it is first read.
    """
    try:
        period = Period.of(call.parameters["period"])
    except InvalidPeriod as error:
        raise Refused("parameter-invalid", [PlaceError("/path/period", "value", str(error))]) from None
    report = report_of(Office(call.connection, call.tenant, call.now), period)
    if report is None:
        raise Refused("not-found")
    scheme = call.parameters["scheme"]
    chosen = [part for part in report["schemes"] if scheme in (ABSENT, part["scheme"])]
    return json_answer({**report, "schemes": chosen})
