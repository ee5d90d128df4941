"""The worker as it runs: whatever is written down to be done, there is somebody who does it."""

from dataclasses import replace
from pathlib import Path

from admin.parts import Parts
from admin.worker import worker
from scheduler.errands import Errand
from scheduler.notices import JobKind


def test_every_kind_of_job_has_somebody_who_does_it(parts: Parts, tmp_path: Path) -> None:
    exporting = replace(parts, settings=replace(parts.settings, export_url=tmp_path.as_uri()))
    everything = {*map(str, Errand), *map(str, JobKind)}
    assert everything == {str(kind) for kind in worker(exporting).tasks}
    assert everything - {Errand.EXPORT} == {str(kind) for kind in worker(parts).tasks}  # no folder, no export
