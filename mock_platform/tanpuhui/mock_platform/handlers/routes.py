"""Which function performs which operation; a test holds the table and the interface document together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.mock_platform.handlers.batches import submit_batch, weigh_batch
from tanpuhui.mock_platform.handlers.devices import (
    get_device,
    list_devices,
    register_calibration,
    register_device,
    report_device_state,
)
from tanpuhui.mock_platform.handlers.events import list_events
from tanpuhui.mock_platform.handlers.jobs import get_job, list_job_results
from tanpuhui.mock_platform.handlers.listings import get_record, list_links, list_records
from tanpuhui.mock_platform.handlers.publications import (
    get_discovery,
    get_jwks,
    get_scenario,
    list_methodologies,
)
from tanpuhui.mock_platform.handlers.quality_reports import get_quality_report
from tanpuhui.mock_platform.handlers.token_endpoint import request_token
from tanpuhui.mock_platform.handlers.uploads import UPLOAD, submit_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from tanpuhui.mock_platform.interface.answer import Answer
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.tenant import Tenant

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "getDiscovery": get_discovery,
    "getJwks": get_jwks,
    "requestToken": request_token,
    "getScenario": get_scenario,
    "listLinks": list_links,
    "listMethodologies": list_methodologies,
    "submitBatch": submit_batch,
    UPLOAD: submit_upload,
    "getJob": get_job,
    "listJobResults": list_job_results,
    "listRecords": list_records,
    "getRecord": get_record,
    "listEvents": list_events,
    "getQualityReport": get_quality_report,
    "listDevices": list_devices,
    "registerDevice": register_device,
    "getDevice": get_device,
    "addCalibration": register_calibration,
    "reportDeviceState": report_device_state,
}
# what an operation may think over before its transaction: of the tenant as registered, the body and the time
FORETHOUGHT: Mapping[str, Callable[[Tenant, Any, datetime], Any]] = {"submitBatch": weigh_batch}
