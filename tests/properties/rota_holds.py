"""What must hold after every commit, whoever did what: of the fourteen invariants, those that rows can break."""

from tests.properties.rota_seen import Seen, can_all_be_kept, may_take
from tests.properties.rota_world import World

# Whatever is listed by one of these breaks a rule; by the number of the invariant (tests/architecture).
WRONG = {
    "2: two places at once": """
        SELECT p.id, q.id FROM place p JOIN place q ON p.helper_id = q.helper_id AND p.id < q.id AND p.during && q.during
        WHERE p.state = 'held' AND q.state = 'held'""",
    "2: two calls at once": """
        SELECT c.id, d.id FROM callback c JOIN callback d ON c.assigned_helper_id = d.assigned_helper_id AND c.id < d.id
            AND c.during && d.during
        WHERE c.state IN ('promised', 'ringing', 'talking') AND d.state IN ('promised', 'ringing', 'talking')""",
    "2: a place at another time than its shift": """
        SELECT p.id FROM place p JOIN shift s ON s.id = p.shift_id
        WHERE p.state = 'held' AND (p.during <> s.during OR s.cancelled_at IS NOT NULL)""",
    "3: more places than there should be, and nobody said so": """
        SELECT s.id FROM shift s WHERE s.most <
            (SELECT count(*) FROM place p WHERE p.shift_id = s.id AND p.state = 'held' AND NOT p.overridden)""",
    "4: two live promises of one ticket": """
        SELECT ticket_id FROM callback WHERE state IN ('offered', 'promised', 'ringing', 'talking', 'deficit')
        GROUP BY ticket_id HAVING count(*) > 1""",
    "7: a deficit without its open alert, or two": """
        SELECT c.id FROM callback c WHERE c.state = 'deficit' AND 1 <>
            (SELECT count(*) FROM alert a WHERE a.callback_id = c.id AND a.kind = 'deficit' AND a.resolved_at IS NULL)""",
    "7: an alert without a deficit": """
        SELECT a.id FROM alert a WHERE a.kind = 'deficit' AND 1 >
            (SELECT count(*) FROM ticket_event e WHERE e.kind = 'deficit'
                AND e.details @> jsonb_build_object('callback', a.callback_id))""",
    "13: a place or a shift without the row of its change": """
        SELECT p.id FROM place p WHERE 1 <> (SELECT count(*) FROM rota_change r
                WHERE r.place_id = p.id AND r.kind IN ('place_taken', 'place_given', 'swap_taken'))
            OR (p.state = 'dropped') <> EXISTS (SELECT FROM rota_change r WHERE r.place_id = p.id AND r.kind = 'place_dropped'
                OR r.kind = 'swap_taken' AND r.details ->> 'from_place' = CAST(p.id AS text))
        UNION ALL
        SELECT s.id FROM shift s WHERE s.version <> (SELECT count(*) FROM rota_change r
            WHERE r.shift_id = s.id AND r.kind IN ('shift_added', 'shift_edited', 'shift_cancelled'))""",
}


def everything_holds(world: World) -> None:
    """The rows, by themselves; and the promises, by trying every way of keeping them."""
    broken = {name: rows for name, statement in WRONG.items() if (rows := world.town.fetch(statement))}
    assert not broken
    promises_hold(world.seen())


def promises_hold(seen: Seen) -> None:
    """All promises of a start can be kept at once, and none is given up that could be kept beside them."""
    for start in {one.starts_at for one in seen.asked if one.starts_at >= seen.now}:
        promised, people = seen.at(start)
        assert can_all_be_kept(promised, people), f"1: not all can be kept at {start}"
        given_up = [one for one in seen.asked if one.starts_at == start and one.state == "deficit"]
        for one in given_up:
            assert not can_all_be_kept([*promised, one], people), f"7: {one} could be kept"
        for one in promised:
            who = [person for person in people if person.id == one.helper]
            assert one.helper is None or (who and may_take(who[0], one)), f"2: {one} is given to somebody else"
