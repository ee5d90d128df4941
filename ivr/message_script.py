"""The caller's own words after the tone: told, warned before the time runs out, listened to, said again."""

from ivr.conversation import Script, ask, do
from ivr.dialogue import Paper, choose
from ivr.effects import DiscardMessage, MessageArrived
from ivr.steps import FIRST_PART, LAST_PART, Listen, PlayMessage, Spoke

MOST_TAKES = 4  # of one message, and listenings to it
MOST_SILENCES = 2  # after the tone; whoever has nothing to say is asked once more, and then let go on
BREATH = 2  # seconds before somebody goes on after a tone, which the recorder leaves away


def take_message(paper: Paper) -> Script[None]:
    """The caller's own words, if the caller likes; told first what becomes of them."""
    if (yield from choose(paper, "record_choice", paper.says("record_choice"), "12")) == "2":
        return
    silences = 0
    for take in range(1, MOST_TAKES + 1):
        yield paper.says("record", whole=True)
        yield from listen(paper)
        if not paper.recordings:
            silences += 1
            if silences == MOST_SILENCES or take == MOST_TAKES:
                yield paper.says("recording_empty")
                return
            yield paper.says("record_once_more")
        elif (yield from content_with(paper)) or take == MOST_TAKES:
            yield paper.says("recording_kept")
            return
        else:
            yield from do(DiscardMessage(paper.recordings))
            paper.recordings = ()


def listen(paper: Paper) -> Script[None]:
    """Two and a half minutes, and after a warning half a minute more; both parts are one message."""
    listening = Listen("record", paper.language, longest=FIRST_PART)
    spoke = yield from ask(listening)
    paper.recordings = _parts(spoke)
    if not _ran_out(spoke, listening, listening.silence):
        return
    yield paper.says("record_warning", whole=True)
    listening = Listen("record_rest", paper.language, longest=LAST_PART)
    spoke = yield from ask(listening)
    paper.recordings += _parts(spoke)
    if _ran_out(spoke, listening, BREATH):
        yield paper.says("recording_full", whole=True)


def content_with(paper: Paper) -> Script[bool]:
    """The caller may listen to the message, keep it, or say it again."""
    for _ in range(MOST_TAKES):
        pressed = yield from choose(paper, "recorded", paper.says("recorded"), "123")
        if pressed != "2":
            return pressed == "1"
        yield from play_back(paper)
    return True


def play_back(paper: Paper) -> Script[None]:
    """All parts one after another, once all of them are with us."""
    for sid in paper.recordings:
        if not (yield from do(MessageArrived(sid))):
            yield paper.says("message_not_here_yet")
            return
    yield paper.says("your_message")
    for sid in paper.recordings:
        yield PlayMessage(sid)


def _parts(spoke: Spoke) -> tuple[str, ...]:
    return () if spoke.recording_sid is None else (spoke.recording_sid,)


def _ran_out(spoke: Spoke, listening: Listen, silence: int) -> bool:
    """Whether somebody may have been cut off: of what is recorded the silence before the first word is left away."""
    return not spoke.ended and spoke.seconds >= listening.longest - silence
