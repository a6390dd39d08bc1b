"""Effects: wanted once, held by one, taken over when the holder died, settled only by whoever holds them."""

import pytest

from daemon.desk.trouble import TryLater
from daemon.store import models
from daemon.store.store import LONGEST_WAIT, Store
from tests.store.hands import LEASES, NOW, claimed, event, opened, wanted


def test_wanting_twice_is_one_row(store: Store) -> None:
    wanted(store)
    wanted(store)
    assert claimed(store).key == "x/one"
    assert store.claim(LEASES) is None


def test_an_effect_in_hand_is_not_given_to_another(store: Store) -> None:
    wanted(store)
    claimed(store)
    assert store.claim(LEASES) is None


def test_a_lease_that_ran_out_is_taken_over_and_the_former_holder_changes_nothing(store: Store) -> None:
    number = opened(store)
    wanted(store, number=number)
    before = len(store.events(number))
    dead = claimed(store, lease=-1.0)
    heir = claimed(store)
    assert (heir.attempts, heir.dropped) == (2, 1)
    assert store.settle(dead, [event()], NOW) is False
    store.give_back(dead, 0, "zu spät")
    store.set_effect_aside(dead, "x", event("effect_set_aside"), NOW)
    store.not_tried(dead)
    assert store.renew(dead, 600) is False
    with pytest.raises(TryLater):
        store.about_to(dead)
    assert len(store.events(number)) == before
    assert store.claim(LEASES) is None
    assert store.settle(heir, [event("mail_sent")], NOW) is True
    assert [each.kind for each in store.events(number)][before:] == ["mail_sent"]


def test_a_person_s_retry_does_not_revive_a_former_holder(store: Store) -> None:
    wanted(store)
    dead = claimed(store, lease=-1.0)
    heir = claimed(store)
    store.set_effect_aside(heir, "hỏng", event(), NOW)
    assert store.retry_effect(heir.id, sent_anyway=True)
    third = claimed(store)
    assert third.attempts not in (dead.attempts, heir.attempts)
    assert store.settle(dead, [], NOW) is False
    assert store.settle(third, [], NOW) is True


def test_settled_twice_is_told_once(store: Store) -> None:
    number = opened(store)
    wanted(store, number=number)
    effect = claimed(store)
    assert store.settle(effect, [event()], NOW) is True
    assert store.settle(effect, [event()], NOW) is False
    assert [each.kind for each in store.events(number)].count("tested") == 1


def test_given_back_waits_its_time(store: Store) -> None:
    wanted(store)
    store.give_back(claimed(store), 30, "máy chủ bận")
    assert store.claim(LEASES) is None
    assert [row["reason"] for row in store.effects("wanted")] == ["máy chủ bận"]
    models.Effect.update(retry_at=store.database.clock() - 1).execute()
    assert claimed(store).attempts == 2


def test_dying_is_counted_and_giving_back_is_not(store: Store) -> None:
    wanted(store)
    for _ in range(3):
        claimed(store, lease=-1.0)
    effect = claimed(store)
    assert effect.dropped == 3
    store.give_back(effect, -1, "")
    assert claimed(store).dropped == 3


def test_tried_is_remembered_until_it_surely_failed(store: Store) -> None:
    wanted(store)
    effect = claimed(store, lease=-1.0)
    store.about_to(effect)
    again = claimed(store)
    assert again.tried
    store.not_tried(again)
    store.give_back(again, -1, "")
    assert not claimed(store).tried


def test_an_effect_waits_for_the_one_before_it(store: Store) -> None:
    wanted(store, "second", after="x/first")
    wanted(store, "first")
    first = claimed(store)
    assert first.key == "x/first"
    assert store.claim(LEASES) is None
    store.settle(first, [], NOW)
    assert claimed(store).key == "x/second"


def test_only_the_kinds_asked_for_are_given(store: Store) -> None:
    wanted(store)
    assert store.claim({"read_scan": 300.0}) is None


@pytest.mark.parametrize("column", ["retry_at", "lease"])
def test_a_time_written_while_the_clock_was_years_ahead_holds_nothing_up(store: Store, column: str) -> None:
    wanted(store)
    if column == "lease":
        claimed(store)
    ahead = {column: store.database.clock() + LONGEST_WAIT + 60}
    models.Effect.update(ahead).execute()
    assert claimed(store).key == "x/one"


def test_times_are_kept_to_the_second(store: Store) -> None:
    wanted(store)
    store.give_back(claimed(store), 20, "")
    row = models.Effect.get()
    assert row.retry_at - store.database.clock() == pytest.approx(20, abs=1)
