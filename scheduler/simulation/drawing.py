"""A network, its rota and its days, drawn from a seed: the same for every policy that is compared."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from scheduler.boundaries import DEFAULT, with_changes
from scheduler.matching import Need, OnDuty, Rules
from scheduler.retries import TRIES
from scheduler.simulation.presets import CALLS_BY_HOUR, Preset
from scheduler.simulation.world import EVERYBODY, Call, DropOut, Duty, Member, World, duty_of, shift_on
from scheduler.slots import Grid, Span, instant_of, next_working_day, span_on
from tickets.municipalities import Municipality, all_municipalities
from tickets.vocabulary import PHONE_TOPICS, HelperKind, Topic
from voice_prompts.language import Language

DAY: Final = date(2026, 11, 24)
TOPIC_PARTS: Final = (35, 30, 25, 10)  # of the phone's four keys
CAUTION: Final = {HelperKind.VOLUNTEER.value: {Topic.TUNNIST.value: "refers"}}


def make_world(preset: Preset, seed: int, days: int = 1) -> World:
    """Draw a network and so many working days of calls."""
    return _Draw(preset, seed, days).world()


@dataclass(frozen=True, slots=True)
class _Organisation:
    number: int
    home: Municipality | None  # None: an association
    serves: frozenset[str]  # none: everybody


class _Draw:
    def __init__(self, preset: Preset, seed: int, days: int) -> None:
        self._preset = preset
        self._random = Random(seed)
        self._grid = Grid(working_days=preset.patience)
        self._days = _working_days(days + preset.patience - 1)
        self._call_days = self._days[:days]
        self._parts = {
            day: [part for later in self._days[first : first + preset.patience] for part in self._parts_of(later)]
            for first, day in enumerate(self._call_days)
        }
        self._places = _some_municipalities(preset.municipalities)
        # A few municipalities are large and most are small; which ones is drawn.
        sizes = [1 / (rank + 3) for rank in range(len(self._places))]
        self._random.shuffle(sizes)
        self._sizes = dict(zip((place.code for place in self._places), sizes, strict=True))

    def world(self) -> World:
        preset = self._preset
        organisations = self._organisations()
        helpers = self._helpers(organisations)
        rota = self._rota(helpers)
        rules = self._rules(organisations)
        calls = [self._call(key) for key in range(preset.calls_over(len(self._call_days)))]
        return World(
            grid=self._grid,
            rules=rules,
            members=tuple(_member(each, rules) for each in organisations),
            helpers=tuple(helpers),
            rota=tuple(rota),
            calls=tuple(sorted(calls, key=lambda call: call.at)),
            drop_outs=tuple(self._drop_out(duty) for duty in rota if self._happens(preset.drops_a_place)),
            silent=self._silent(rota),
            away=self._away(calls),
        )

    def _silent(self, rota: Sequence[Duty]) -> frozenset[tuple[int, datetime]]:
        share = self._preset.does_not_answer
        starts = ((duty.helper.helper, start) for duty in rota for start in duty.starts)
        return frozenset(start for start in starts if self._happens(share))

    def _away(self, calls: Sequence[Call]) -> frozenset[tuple[int, int]]:
        tries = ((call.need.key, number) for call in calls for number in range(1, TRIES + 1))
        return frozenset(each for each in tries if self._happens(self._preset.caller_away))

    def _organisations(self) -> Sequence[_Organisation]:
        everybody = _Organisation(EVERYBODY, None, frozenset())
        municipal = [
            _Organisation(number, place, self._served_by(place)) for number, place in enumerate(self._places, start=1)
        ]
        regions = sorted({place.region.code for place in self._places})
        regional = [
            _Organisation(number, None, frozenset(p.code for p in self._places if p.region.code == region))
            for number, region in enumerate(regions, start=len(municipal) + 1)
        ]
        return [everybody, *municipal, *regional]

    def _served_by(self, home: Municipality) -> frozenset[str]:
        if not self._happens(self._preset.agreements):
            return frozenset({home.code})
        return frozenset(p.code for p in self._places if p.subregion.code == home.subregion.code)

    def _rules(self, organisations: Sequence[_Organisation]) -> Rules:
        cautious = with_changes(DEFAULT, CAUTION)
        associations = [each for each in organisations if each.home is None]
        return Rules(
            serves={each.number: each.serves for each in organisations},
            own={each.number: frozenset({each.home.code}) for each in organisations if each.home},
            region={each.number: self._region_of(each) for each in organisations},
            boundaries={e.number: cautious for e in associations if self._happens(self._preset.cautious)},
        )

    def _region_of(self, organisation: _Organisation) -> frozenset[str]:
        if organisation.home is None:
            return organisation.serves
        region = organisation.home.region.code
        return frozenset(place.code for place in self._places if place.region.code == region)

    def _helpers(self, organisations: Sequence[_Organisation]) -> list[OnDuty]:
        # Helpers live where callers do, and the list runs from place to place, so that every so-many-th is a fair sample.
        preset = self._preset
        swedish = round(preset.helpers * preset.swedish_helpers)
        homes = [(home, Language.FI) for home in self._spread(Language.FI, preset.helpers - swedish)]
        homes += [(home, Language.SV) for home in self._spread(Language.SV, swedish)]
        return [self._helper(number, *home, organisations) for number, home in enumerate(homes)]

    def _helper(
        self, number: int, home: Municipality, language: Language, organisations: Sequence[_Organisation]
    ) -> OnDuty:
        national = self._preset.national_swedish if language is Language.SV else self._preset.national
        reach = self._random.random()
        if reach < national:
            organisation = organisations[EVERYBODY]
        elif reach < national + self._preset.regional:
            organisation = next(o for o in organisations if o.home is None and home.code in o.serves)
        else:
            organisation = next(o for o in organisations if o.home == home)
        kind = HelperKind.STAFF if self._happens(self._preset.staff) else HelperKind.VOLUNTEER
        return OnDuty(number, organisation.number, frozenset({Language.FI, language}), kind)

    def _spread(self, language: Language, count: int) -> list[Municipality]:
        fitting = self._speaking(language)
        edges = list(accumulate(self._sizes[place.code] for place in fitting))
        first = self._random.random()
        return [fitting[bisect(edges, edges[-1] * (number + first) / count)] for number in range(count)]

    def _municipality(self, language: Language) -> Municipality:
        fitting = self._speaking(language)
        return self._random.choices(fitting, [self._sizes[place.code] for place in fitting])[0]

    def _speaking(self, language: Language) -> Sequence[Municipality]:
        return [place for place in self._places if language in place.languages] or self._places

    def _rota(self, helpers: Sequence[OnDuty]) -> list[Duty]:
        # Spread over places, halves of the day and the four phases of the hour, as a coordinator would; so that what is
        # compared is who is chosen, and not the luck of the rota.
        rota: list[Duty] = []
        count = min(len(helpers), 2 * self._preset.on_duty)
        for day in self._days:
            first = self._random.random()
            todays = [helpers[int(len(helpers) * (number + first) / count)] for number in range(count)]
            for number, helper in enumerate(todays):
                span = shift_on(day, number % 2, number // 2 % 4 * self._grid.step)
                rota.append(duty_of(helper, span, self._grid))
        return rota

    def _call(self, key: int) -> Call:
        language = Language.SV if self._happens(self._preset.swedish_calls) else Language.FI
        topic = self._random.choices(list(PHONE_TOPICS.values()), TOPIC_PARTS)[0]
        hour = self._random.choices(list(CALLS_BY_HOUR), list(CALLS_BY_HOUR.values()))[0]
        day = self._call_days[key % len(self._call_days)]
        at = instant_of(day, time(hour)) + timedelta(seconds=self._random.randrange(3600))
        return Call(at, Need(key, language, topic, self._municipality(language).code), self._free_time(day, at))

    def _free_time(self, day: date, at: datetime) -> Span:
        # A part of a day; one that has begun counts for what is left of it.
        earliest = at + self._grid.notice
        parts = [span for span in self._parts[day] if earliest < span.ends]
        left = [(span.ends - max(earliest, span.begins)) / (span.ends - span.begins) for span in parts]
        return self._random.choices(parts, left)[0]

    def _parts_of(self, day: date) -> Iterator[Span]:
        hours = span_on(day, self._grid.opens, self._grid.closes)
        length = self._preset.free_for
        for number in range((hours.ends - hours.begins) // length):
            yield Span(hours.begins + number * length, hours.begins + (number + 1) * length)

    def _drop_out(self, duty: Duty) -> DropOut:
        first = instant_of(DAY, time(min(CALLS_BY_HOUR)))
        at = first + (duty.starts[0] - first) * self._random.random()
        return DropOut(at, duty.helper.helper, duty.starts)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share


def _member(organisation: _Organisation, rules: Rules) -> Member:
    own = frozenset({organisation.home.code}) if organisation.home else organisation.serves
    return Member(organisation.number, own, organisation.serves - own, organisation.number in rules.boundaries)


def _some_municipalities(count: int) -> Sequence[Municipality]:
    # Neighbours, and both languages among them: the small presets begin on the coast of Varsinais-Suomi.
    coast_first = sorted(
        all_municipalities(), key=lambda place: (place.region.code != "02", place.region.code, place.code)
    )
    by_need = sorted(coast_first[:27], key=lambda place: Language.SV not in place.languages)
    return [*by_need, *coast_first[27:]][:count]


def _working_days(count: int) -> list[date]:
    days = [DAY]
    while len(days) < count:
        days.append(next_working_day(days[-1]))
    return days
