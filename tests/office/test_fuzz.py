"""A few seconds of what ``tools/fuzz.py`` does for as long as one likes: no reader of foreign input falls over."""

import itertools

import pytest

from tests.support.fuzzing import TARGETS, mutated, survives

MANY = {"mail": 250, "reply": 80, "msg": 80, "attached": 30, "form": 150, "scan": 60, "export": 12}


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_read_or_refused(name: str) -> None:
    for raw in itertools.islice(mutated(TARGETS[name], seed=9), MANY[name]):
        survives(TARGETS[name], raw)
