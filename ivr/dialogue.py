"""How the line asks: patiently, at most four answers, 9 repeats, 8 slows down, 0 asks for a person."""

from dataclasses import dataclass, replace

from ivr.conversation import Script, ask
from ivr.effects import Draft, HeldPromise
from ivr.steps import Ask, Pressed, Say, Word
from tickets.vocabulary import Topic
from voice_prompts.language import Language

ROUNDS = 3
REPEATS = 4
FIRST_WAIT, LONGER_WAIT, BETWEEN_DIGITS = 10, 15, 5  # seconds; W3C COGA, domain.md section 6


class WantsPerson(Exception):
    """The caller pressed 0: a person shall ring, and no more choices."""


class FellSilent(Exception):
    """Three silences or wrong keys at one question."""


@dataclass(slots=True)
class Paper:
    """What the line has written down of this call so far; hanging up leaves it behind.

    `number` is one that we can ring; `shown` is what the call shows where we cannot.
    """

    language: Language
    number: str | None = None
    shown: str | None = None
    topic: Topic | None = None
    municipality: str | None = None
    postcode: str | None = None
    asked_where: bool = False
    recordings: tuple[str, ...] = ()
    ticket_id: int | None = None
    matter: int = 1
    another: bool = False
    number_confirmed: bool = False
    wants_no_time: bool = False
    wants_person: bool = False
    spoken_to: bool = False
    person_at_zero: bool = True
    slow: bool = False
    has_heard_news: bool = False
    held: HeldPromise | None = None

    def says(self, key: str, *, whole: bool = False, **words: Word) -> Say:
        """A sentence in the caller's language, and as slowly as they have asked for."""
        return Say(self.language, key, words, whole, slow=self.slow)

    def draft(self) -> Draft:
        """The matter as far as it has been told."""
        return Draft(
            self.matter,
            self.language,
            self.topic,
            self.municipality,
            self.number or self.shown,
            self.recordings,
            self.another,
        )

    @property
    def has_told(self) -> bool:
        """Whether there is something to ring back about."""
        return self.wants_person or self.topic is not None or bool(self.recordings)

    def turn_page(self) -> None:
        """Another matter of the same caller: a clean page, the same number and language."""
        self.matter += 1
        self.another = True
        self.wants_no_time = False
        self.topic = self.ticket_id = self.held = None
        self.recordings = ()


def choose(paper: Paper, key: str, menu: Say, keys: str, rounds: int = ROUNDS) -> Script[str]:
    """One of a few keys; the menu comes again, shorter, after a silence or a wrong key."""
    return (yield from _patiently(paper, Ask(key, wait=FIRST_WAIT, said=True), (menu,), set(keys), rounds))


def choose_after(paper: Paper, key: str, told: tuple[Say, ...], keys: str) -> Script[str]:
    """One of a few keys after more than one sentence; all of them come again where they are asked for."""
    return (yield from _patiently(paper, Ask(key, wait=FIRST_WAIT, said=True), told, set(keys)))


def choose_language(paper: Paper, menu: tuple[Say, ...]) -> Script[str]:
    """1 for the line's own language, 2 for the other; each sentence in its own voice."""
    return (yield from _patiently(paper, Ask("language", wait=FIRST_WAIT, said=True), menu, {"1", "2"}))


def key_in(paper: Paper, key: str, menu: Say, digits: int) -> Script[str]:
    """A longer number, such as a postcode; any keys will do, a silence asks again."""
    question = Ask(key, digits, FIRST_WAIT, BETWEEN_DIGITS)
    return (yield from _patiently(paper, question, (menu,), None))


def _patiently(
    paper: Paper, question: Ask, menu: tuple[Say, ...], accepted: set[str] | None, rounds: int = ROUNDS
) -> Script[str]:
    repeats = 0
    yield from menu
    while True:
        pressed = yield from ask(question)
        if pressed.keys:
            paper.spoken_to = True
        if pressed.keys == "0" and paper.person_at_zero:
            raise WantsPerson
        if pressed.keys == "9" and repeats < REPEATS:
            repeats += 1
            yield from menu
            continue
        if pressed.keys == "8" and "8" not in (accepted or ()) and repeats < REPEATS:
            repeats += 1
            menu = yield from _change_pace(paper, menu)
            continue
        if _fits(pressed, accepted):
            return pressed.keys
        rounds -= 1
        if not rounds:
            raise FellSilent
        yield _encouragement(paper, pressed, rounds)
        for said in menu:
            yield replace(said, again=True)
        question = replace(question, wait=LONGER_WAIT)


def _change_pace(paper: Paper, menu: tuple[Say, ...]) -> Script[tuple[Say, ...]]:
    """Slower and louder for the rest of the call, or as usual again; the question comes again so."""
    paper.slow = not paper.slow
    yield paper.says("slower" if paper.slow else "usual_pace")
    paced = tuple(replace(said, slow=paper.slow) for said in menu)
    yield from paced
    return paced


def _fits(pressed: Pressed, accepted: set[str] | None) -> bool:
    if accepted is None:
        return bool(pressed.keys) and pressed.keys not in ("8", "9")
    return pressed.keys in accepted


def _encouragement(paper: Paper, pressed: Pressed, rounds_left: int) -> Say:
    if rounds_left == 1:
        return paper.says("last_try")
    return paper.says("retry" if pressed.keys else "more_time")
