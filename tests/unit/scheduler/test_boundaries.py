"""Who may do what with which topic, unless a network says otherwise."""

import pytest

from scheduler.boundaries import AUTHORITY_TOPICS, DEFAULT, Stance, with_changes
from tickets.vocabulary import PHONE_TOPICS, HelperKind, Topic


def test_every_kind_of_helper_has_a_stance_on_every_topic() -> None:
    assert {kind: set(row) for kind, row in DEFAULT.items()} == {kind: set(Topic) for kind in HelperKind}


@pytest.mark.parametrize("topic", PHONE_TOPICS.values())
def test_a_network_of_volunteers_alone_can_promise_a_call_on_every_key(topic) -> None:
    assert DEFAULT[HelperKind.VOLUNTEER][topic].takes_calls


@pytest.mark.parametrize("topic", sorted(AUTHORITY_TOPICS))
def test_with_authorities_staff_handle_and_volunteers_guide(topic) -> None:
    assert DEFAULT[HelperKind.STAFF][topic] is Stance.HANDLES
    assert DEFAULT[HelperKind.VOLUNTEER][topic] is Stance.GUIDES


def test_nobody_takes_a_call_about_the_bank() -> None:
    assert not any(row[Topic.PANKKI].takes_calls for row in DEFAULT.values())


def test_an_organisation_may_keep_its_volunteers_from_a_topic() -> None:
    changed = with_changes(DEFAULT, {"volunteer": {"TUNNIST": "refers"}})
    assert not changed[HelperKind.VOLUNTEER][Topic.TUNNIST].takes_calls
    assert changed[HelperKind.STAFF] == DEFAULT[HelperKind.STAFF]
    assert changed[HelperKind.VOLUNTEER][Topic.KELA] is Stance.GUIDES


def test_an_organisation_without_changes_keeps_the_matrix() -> None:
    assert with_changes(DEFAULT, {}) is DEFAULT


@pytest.mark.parametrize(
    ("word", "changes"),
    [
        ("robot", {"robot": {}}),
        ("KAHVI", {"staff": {"KAHVI": "handles"}}),
        ("maybe", {"staff": {"KELA": "maybe"}}),
    ],
)
def test_an_unknown_word_in_a_matrix_is_named(word, changes) -> None:
    with pytest.raises(ValueError, match=word):
        with_changes(DEFAULT, changes)
