"""Somebody who does one thing after another with the rota, whatever it is, while others do the same."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from threading import Barrier
from typing import Any

from tests.properties.rota_world import BEGINNINGS, ENDS, HELSINKI_CITY, LENGTHS, TURKU, World
from voice_prompts.language import Language

DEEDS = 10
SHIFTS = "SELECT id, version FROM shift WHERE cancelled_at IS NULL ORDER BY id"
HELD = "SELECT id, helper_id FROM place WHERE state = 'held'"
OFFERED = f"{HELD} AND swap_offered_at IS NOT NULL"
WANTED = f"{HELD} AND EXISTS (SELECT FROM callback c WHERE c.state = 'promised' AND c.starts_at <@ place.during)"
CLOSURES = "SELECT id FROM closure WHERE lifted_at IS NULL"


@dataclass
class Hand:
    """Draws lots and does what they say; a refusal is an answer like any other."""

    world: World
    lots: random.Random

    def works(self, together: Barrier) -> None:
        """All begin at once."""
        callers = [self.books, self.books, self.books, self.moves, self.cancels]
        helpers = [self.takes, self.leaves, self.offers, self.swaps]
        desk = [self.gives, self.edits, self.calls_off, self.publishes, self.closes, self.reopens]
        deeds: list[Callable[[], object]] = [*callers, *helpers, *desk]
        together.wait()
        for _ in range(DEEDS):
            self.lots.choice(deeds)()

    def books(self) -> object:
        """A caller who takes a time, whether or not it is still free."""
        municipality = self.lots.choice([None, TURKU, HELSINKI_CITY])
        wish = self.world.asks(self.lots.choice(list(Language)), self.lots.choice(sorted(LENGTHS)), municipality)
        return self.world.books(replace(wish, starts_at=self.lots.choice(self.world.seen().starts())))

    def moves(self) -> object:
        """A caller who asks for another time."""
        seen = self.world.seen()
        return seen.asked and self.world.moves(self.lots.choice(seen.asked), self.lots.choice(seen.starts()))

    def cancels(self) -> object:
        """A caller who gives a time back."""
        asked = self.world.seen().asked
        return asked and self.world.cancels(self.lots.choice(asked))

    def takes(self) -> object:
        """A helper who takes a place."""
        return (shift := self._any(SHIFTS)) and self.world.takes(shift[0], self._helper())

    def leaves(self) -> object:
        """A helper who leaves one, or is taken out of it."""
        place = self._any(HELD)
        return place and self.lots.choice([lambda: self.world.leaves(*place), lambda: self.world.releases(place[0])])()

    def offers(self) -> object:
        """A helper who would rather not come."""
        return (place := self._any(HELD)) and self.world.would_swap(*place)

    def swaps(self) -> object:
        """A helper who comes instead."""
        return (place := self._any(OFFERED)) and self.world.swaps(place[0], self._helper())

    def gives(self) -> object:
        """A coordinator who gives a place, also beyond what there is."""
        override = self.lots.random() < 0.5
        return (shift := self._any(SHIFTS)) and self.world.gives(shift[0], self._helper(), override=override)

    def edits(self) -> object:
        """A coordinator who changes the hours."""
        during = self.world.on(self.world.day(self.lots.randrange(3)), *self._hours())
        return (shift := self._any(SHIFTS)) and self.world.edits(shift[0], during, self.lots.randint(1, 3))

    def calls_off(self) -> object:
        """A coordinator who cancels a shift, now and then."""
        return self.lots.random() < 0.5 and (shift := self._any(SHIFTS)) and self.world.calls_off(shift[0])

    def publishes(self) -> object:
        """A coordinator who publishes more, or the same again."""
        if self.lots.random() < 0.5:
            self.world.drafts(*self._hours(), self.lots.sample(self.world.helpers, 2), self.lots.choice([30, 60]))
        return self.world.publishes(self.lots.choice(self.world.templates), 0, 2)

    def closes(self) -> object:
        """A coordinator who shuts the line for some hours, or one organisation."""
        during = self.world.on(self.world.day(self.lots.randrange(3)), *self._hours())
        return self.world.closes(during, self.lots.choice([None, *self.world.organisations]))

    def reopens(self) -> object:
        """A coordinator who opens again."""
        return (closure := self._any(CLOSURES)) and self.world.reopens(closure[0])

    def _any(self, statement: str) -> Any:
        rows = self.world.town.fetch(statement)
        return self.lots.choice(rows) if rows else None

    def _helper(self) -> int:
        return self.lots.choice(self.world.helpers)

    def _hours(self) -> tuple[time, time]:
        return self.lots.choice(BEGINNINGS), self.lots.choice(ENDS)
