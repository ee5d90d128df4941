"""Lines for programs: opened, changed, put out of use and back, connected at the operator. None is ever deleted."""

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import Strict
from admin.api.reach import must_reach_network
from admin.api.rota_shapes import Made
from admin.parts import parts
from scheduler.lines import change_line, connect, open_line
from tickets.line_connections import LineState
from tickets.line_wording import sentences_of
from tickets.lines import LONGEST_NAME, LineRefusal, LineRow, LineTerms, lines_kept
from tickets.rights import Right
from voice_prompts.language import Language

LONGEST_NUMBER = 40
operations = Operations()


class LineOut(BaseModel):
    """A line: `name` in its first language, `other_name` in the other. No municipality: it asks the caller."""

    id: int
    number: str
    name: str
    other_name: str | None
    first_language: Language
    municipality: str | None
    active: bool
    hears_speech: bool
    state: LineState = Field(description="How it stands with the operator.")
    own: int = Field(description="How many sentences it says in its own words.")


class LinesOut(BaseModel):
    """The network's lines, those out of use too, in the order in which they were opened."""

    lines: list[LineOut]


class LineIn(Strict):
    """A new line; every caller hears its names, so they are letters only."""

    number: str = Field(max_length=LONGEST_NUMBER, description="Finnish unless it names its country.")
    name: str = Field(max_length=LONGEST_NAME)
    other_name: str | None = Field(None, max_length=LONGEST_NAME)
    first_language: Language
    municipality: str | None = Field(None, max_length=3, description="A code of three digits; null: it asks.")
    active: bool = True
    hears_speech: bool = False

    @property
    def terms(self) -> LineTerms:
        """The line for the network."""
        names = _tidy(self.name) or "", _tidy(self.other_name)
        return LineTerms(*names, self.first_language, self.municipality, self.active, self.hears_speech)


class LineEdit(Strict):
    """What is different; what is not named stays. A number is never changed: open another line."""

    name: str = Field("", max_length=LONGEST_NAME)
    other_name: str | None = Field(None, max_length=LONGEST_NAME)
    first_language: Language = Language.FI
    municipality: str | None = Field(None, max_length=3)
    active: bool = True
    hears_speech: bool = False

    def applied_to(self, known: LineTerms) -> LineTerms:
        """The line after it."""
        named = self.model_fields_set
        return LineTerms(
            _tidy(self.name) or "" if "name" in named else known.name,
            _tidy(self.other_name) if "other_name" in named else known.other_name,
            self.first_language if "first_language" in named else known.first_language,
            self.municipality if "municipality" in named else known.municipality,
            self.active if "active" in named else known.active,
            self.hears_speech if "hears_speech" in named else known.hears_speech,
        )


@operations.get("/lines", Right.EDIT_PROMPTS, Right.KEEP_SETTINGS)
def lines(asked: Asked) -> LinesOut:
    """The network's lines, how they stand with the operator, and how many sentences each says in its own words."""
    return LinesOut(lines=[_out(asked, row) for row in lines_kept(asked.session, asked.network_id)])


@operations.post("/lines", Right.KEEP_SETTINGS)
def open_a_line(asked: Asked, body: LineIn) -> Made:
    """Open a line of another number; a worker tells the operator where it is answered."""
    must_reach_network(asked, Right.KEEP_SETTINGS, "line")
    return Made(id=_done(open_line(asked.session, asked.network_id, body.number, body.terms, **asked.by)))


@operations.patch("/lines/{line}", Right.KEEP_SETTINGS)
def change_a_line(asked: Asked, line: int, body: LineEdit) -> None:
    """Let a line be otherwise, from the next call on; `active` false puts it out of use, and true back."""
    must_reach_network(asked, Right.KEEP_SETTINGS, "line")
    _done(change_line(asked.session, asked.network_id, line, body.applied_to, **asked.by) or 0)


@operations.post("/lines/{line}/connection", Right.KEEP_SETTINGS)
def connect_a_line(asked: Asked, line: int) -> None:
    """Have the operator told anew where the line is answered; its `state` says soon what came of it."""
    must_reach_network(asked, Right.KEEP_SETTINGS, "line")
    if not connect(asked.session, asked.network_id, line, now=asked.now):
        raise Refused(LineRefusal.NOT_FOUND, status=404)


def _out(asked: Asked, row: LineRow) -> LineOut:
    own = len(sentences_of(asked.session, row.id))
    told = {name: getattr(row.terms, name) for name in row.terms.__slots__}
    return LineOut(id=row.id, number=row.e164, state=row.connection.state(parts().settings.public_url), own=own, **told)


def _done(answer: int | LineRefusal) -> int:
    if not isinstance(answer, LineRefusal):
        return answer
    if answer in (LineRefusal.NOT_FOUND, LineRefusal.NUMBER_TAKEN):
        raise Refused(answer, status=404 if answer is LineRefusal.NOT_FOUND else 409)
    raise Refused(answer, status=400)


def _tidy(name: str | None) -> str | None:
    return " ".join((name or "").split()) or None
