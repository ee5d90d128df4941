"""Who can keep which promise: the pool of a slot, and what may still be offered from it. Pure.

A slot's promises and the helpers on duty are two sides of a graph; an edge means "may take". A promise names the slot and
not the person, so the question before each offer is whether all promises *and* this one can have a helper at once. One
augmenting path answers it: the new need takes any helper, whoever held that helper takes another, and so on until someone
free is reached. Nobody who had a helper ever loses one. If no path exists, the needs and helpers that the search touched
are the reason: more needs than helpers who may take them (Hall).
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from scheduler.boundaries import DEFAULT, Boundaries
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Need:
    """What a promise asks of whoever keeps it; `key` is the callback's id, or any number not in use for a wish."""

    key: int
    language: Language
    topic: Topic | None = None
    municipality: str | None = None  # code; None when the caller skipped it
    barred: frozenset[int] = frozenset()  # helpers who declined, or must not meet this caller
    minutes: int = 60  # how long it holds its helper


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A helper whose place has this start."""

    helper: int
    organisation: int
    languages: frozenset[Language]
    kind: HelperKind
    valid: bool = True  # active, badge and rules in force at the slot
    minutes: int = 60  # into which the place is cut


@dataclass(frozen=True, slots=True)
class Rules:
    """What the organisations of a network have agreed; an organisation without a row serves all, by the default matrix."""

    serves: Mapping[int, frozenset[str]] = field(default_factory=dict)  # municipality codes, agreements included
    own: Mapping[int, frozenset[str]] = field(default_factory=dict)  # its own municipalities
    region: Mapping[int, frozenset[str]] = field(default_factory=dict)  # all municipalities of their regions
    boundaries: Mapping[int, Boundaries] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a need finds nobody: these needs, itself among them, have only these helpers, one fewer than they are."""

    needs: frozenset[int]
    helpers: frozenset[int]


def may_take(helper: OnDuty, need: Need, rules: Rules) -> bool:
    """Whether this helper may keep it: language, time, municipality, boundary, papers, and nothing between the two."""
    return (
        need.language in helper.languages
        and need.minutes <= helper.minutes
        and _serves(helper.organisation, need.municipality, rules)
        and _within_boundary(helper, need.topic, rules)
        and helper.valid
        and helper.helper not in need.barred
    )


def cover(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules) -> dict[int, int] | None:
    """A helper for every need at once (need.key → helper), or None where there is no such way."""
    plan = Plan(pool, rules)
    return plan.held if all(plan.place(need) for need in needs) else None


def admits(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules, new: Need) -> bool:
    """Whether `new` can be promised beside all `needs`; a callback in deficit is not among them."""
    plan = Plan(pool, rules)
    return all(plan.place(need) for need in needs) and plan.place(new)


def blocking(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules, new: Need) -> Blocked | None:
    """The set that stands in the way of `new`, for the coordinator who asks why; None when nothing does.

    Needs that find nobody among `needs` themselves are passed over: they hold no helper.
    """
    plan = Plan(pool, rules)
    for need in needs:
        plan.place(need)
    return plan.blocked(new)


def at_risk(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules) -> tuple[int, ...]:
    """Who cannot be kept when not all can: as few as possible, and of those sets the one that hurts least.

    `needs` come in the order of who must be kept first. Taking each that can still be added finds both at once, as sets
    that can be matched are the independent sets of a matroid: no need is left out that some other, later one could make
    room for.
    """
    plan = Plan(pool, rules)
    return tuple(need.key for need in needs if not plan.place(need))


def irreplaceable(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules) -> frozenset[int]:
    """Helpers without whom one need fewer could be kept, whichever way the others were moved.

    They are those whom every largest plan uses: they hold a need and cannot be made free. One search for all of them.
    """
    plan = Plan(pool, rules)
    for need in needs:
        plan.place(need)
    return frozenset(plan.held.values()) - plan.releasable()


def admissible(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules, wishes: Iterable[Need]) -> frozenset[int]:
    """Which of many wishes (by key) could each, alone, be promised beside `needs`: one search for all kinds of caller."""
    plan = Plan(pool, rules)
    if not all(plan.place(need) for need in needs):
        return frozenset()
    releasable = plan.releasable()
    return frozenset(wish.key for wish in wishes if not releasable.isdisjoint(plan.takers(wish)))


class Plan:
    """Who would take what at one slot; grows promise by promise and never lets one go."""

    def __init__(self, pool: Collection[OnDuty], rules: Rules) -> None:
        # The least versatile are spent first, so that most needs find someone free and few must change.
        self._free = sorted(pool, key=lambda each: (len(each.languages), each.kind is HelperKind.STAFF, each.minutes))
        self._pool = tuple(self._free)
        self._rules = rules
        self._takers: dict[tuple[Language, Topic | None, str | None, int], tuple[int, ...]] = {}
        self._needs: dict[int, Need] = {}  # helper → the need held
        self.held: dict[int, int] = {}  # need.key → helper

    def place(self, new: Need) -> bool:
        """Give `new` a helper, moving others to other helpers where they must; False, and nothing moved, if impossible."""
        if new.key in self.held:
            raise ValueError(f"need {new.key} has a helper already; a wish takes a key of its own")
        someone = next((helper for helper in self._free if may_take(helper, new, self._rules)), None)
        if someone is not None:
            self._give(someone, new)
            return True
        return self._place_by_moving_others(new)

    def blocked(self, new: Need) -> Blocked | None:
        """Why `new` cannot be placed, or None if it can; nothing moves."""
        asked_by: dict[int, Need] = {}
        if self._reach_someone_free(new, asked_by) is not None:
            return None
        return Blocked(frozenset({new.key, *(self._needs[helper].key for helper in asked_by)}), frozenset(asked_by))

    def releasable(self) -> frozenset[int]:
        """Helpers who are free, or could be made free by moving others: one search, from the free ones backwards."""
        could_pass_on_to: defaultdict[int, list[int]] = defaultdict(list)
        for helper, need in self._needs.items():
            for taker in self.takers(need):
                could_pass_on_to[taker].append(helper)
        ends_well = {helper.helper for helper in self._pool} - self._needs.keys()
        asking = deque(ends_well)
        while asking:
            for helper in could_pass_on_to[asking.popleft()]:
                if helper not in ends_well:
                    ends_well.add(helper)
                    asking.append(helper)
        return frozenset(ends_well)

    def takers(self, need: Need) -> tuple[int, ...]:
        """The helpers on duty who may take `need`."""
        kind = (need.language, need.topic, need.municipality, need.minutes)
        if (alike := self._takers.get(kind)) is None:
            anyone = replace(need, barred=frozenset())
            alike = tuple(helper.helper for helper in self._pool if may_take(helper, anyone, self._rules))
            self._takers[kind] = alike
        return tuple(helper for helper in alike if helper not in need.barred) if need.barred else alike

    def _place_by_moving_others(self, new: Need) -> bool:
        asked_by: dict[int, Need] = {}
        last = self._reach_someone_free(new, asked_by)
        if last is None:
            return False
        self._free = [helper for helper in self._free if helper.helper != last]
        moved_to: int | None = last
        while moved_to is not None:
            need = asked_by[moved_to]
            left = self.held.get(need.key)
            self.held[need.key], self._needs[moved_to] = moved_to, need
            moved_to = left
        return True

    def _reach_someone_free(self, new: Need, asked_by: dict[int, Need]) -> int | None:
        # Breadth first, so that as few as possible change helpers. Fills `asked_by`: helper → the need that asked.
        asking = deque([new])
        while asking:
            need = asking.popleft()
            for helper in self.takers(need):
                if helper in asked_by:
                    continue
                asked_by[helper] = need
                if helper not in self._needs:
                    return helper
                asking.append(self._needs[helper])
        return None

    def _give(self, helper: OnDuty, need: Need) -> None:
        self._free.remove(helper)
        self.held[need.key], self._needs[helper.helper] = helper.helper, need


def _serves(organisation: int, municipality: str | None, rules: Rules) -> bool:
    served = rules.serves.get(organisation)
    return municipality is None or not served or municipality in served


def _within_boundary(helper: OnDuty, topic: Topic | None, rules: Rules) -> bool:
    if topic is None:
        return True
    return rules.boundaries.get(helper.organisation, DEFAULT)[helper.kind][topic].takes_calls
