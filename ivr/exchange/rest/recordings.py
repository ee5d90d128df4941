"""REST: seeing, fetching and deleting recordings."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ivr.exchange.office import Office
from ivr.exchange.recordings import Recording, RecordingStatus
from ivr.exchange.rest.errors import RestError, not_found
from ivr.exchange.rest.form import Form
from ivr.exchange.rest.paging import PAGING, Json, happened_within, page_of
from ivr.exchange.rest.shapes import recording_json

_FILTERS = ("CallSid", *(f"DateCreated{sign}" for sign in ("", "<", ">")), *PAGING)


def add_recording_routes(blueprint: Blueprint, office: Office) -> None:
    """Answer /Recordings, /Recordings/{sid} and a call's /Recordings."""

    @blueprint.get("/Recordings.json")
    def list_recordings() -> Json:
        return _listed(office, request.args.get("CallSid"))

    @blueprint.get("/Calls/<sid>/Recordings.json")
    def list_recordings_of_call(sid: str) -> Json:
        return _listed(office, sid)

    @blueprint.get("/Recordings/<sid>.json")
    @blueprint.get("/Calls/<_call>/Recordings/<sid>.json")
    def show_recording(sid: str, _call: str = "") -> Json:
        with office.lock:
            return recording_json(office, _recording(office, sid))

    @blueprint.get("/Recordings/<sid>.wav")
    @blueprint.get("/Recordings/<sid>")
    def fetch_recording(sid: str) -> Response:
        with office.lock:
            recording = _recording(office, sid)
            if recording.status is not RecordingStatus.COMPLETED:
                raise not_found(f"/Recordings/{sid}.wav")
        return Response(recording.wav(), mimetype="audio/x-wav")

    @blueprint.delete("/Recordings/<sid>.json")
    @blueprint.delete("/Calls/<_call>/Recordings/<sid>.json")
    def delete_recording(sid: str, _call: str = "") -> tuple[str, int]:
        with office.lock:
            if _recording(office, sid).status in _UNFINISHED:
                raise RestError(409, 20009, "Cannot delete an in-progress recording")
            del office.recordings[sid]
        return "", 204


_UNFINISHED = (RecordingStatus.IN_PROGRESS, RecordingStatus.PROCESSING)


def _listed(office: Office, call_sid: str | None) -> Json:
    Form(request.args, _FILTERS)
    with office.lock:
        found = [
            recording
            for recording in reversed(office.recordings.values())
            if call_sid in (None, recording.call_sid) and happened_within(request, "DateCreated", recording.created_at)
        ]
        return page_of(request, "recordings", found, lambda one: recording_json(office, one))


def _recording(office: Office, sid: str) -> Recording:
    if sid not in office.recordings:
        raise not_found(f"/Recordings/{sid}.json")
    return office.recordings[sid]
