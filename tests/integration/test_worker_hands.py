"""The worker as it runs: whatever is written down to be done, there is somebody who does it."""

from admin.parts import Parts
from admin.worker import worker
from scheduler.errands import Errand
from scheduler.notices import JobKind


def test_every_kind_of_job_has_somebody_who_does_it(parts: Parts) -> None:
    assert {*map(str, Errand), *map(str, JobKind)} == {str(kind) for kind in worker(parts).tasks}
