"""What a letter asks besides its own kind: sentences that, read alone, ask for something of another kind.

A letter is one ticket of one kind (P2). What else it asks is kept beside it, so that the unit and the clerk answer that
too. Judges only by the kind's scale; what follows from a find is the desk's work.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from daemon.desk.text import fold
from daemon.desk.ticket import Besides, Category
from daemon.reading.kind import KindScale, Letter, Weighed
from daemon.reading.tokens import split

_MARGIN = 3.0
"""By how much a sentence must speak for the other kind rather than for the letter's: of single letters 1 in 400 does."""
_LEAST = 1.0  # of the other kind's cues within the sentence: trained words alone are no reason
_HINT = 1.5  # of another kind's cues within the whole letter, below which no sentence is looked at
_HURRY = ("incident_report", "outage_time_change")
_OF_OUTAGES = ("outage_info", "incident_report", "outage_complaint")
_PLANNED = re.compile(r"\b(?:lich|ke hoach|(?:tuan|thang) (?:sau|toi)|mai|\d{1,2}\s?[/.-]\s?\d{1,2}|ngay \d)\b")
_PLAIN = 4.0  # of one cue that names the thing: a leaning pole, burning wires
_FEWEST_WORDS = 4
_MOST_SENTENCES = 24  # that ask, of one letter
_MOST_SHOWN = 3
_WIDTH = 160  # characters of a sentence that are kept
_NUMBERED = re.compile(r"^\s*(?:(?:\d{1,2}|[a-zđ])\s*[.)/:]+|[-–—+*•]+)\s*")


def besides(letter: Letter, whole: Weighed, scale: KindScale) -> tuple[Weighed, tuple[Besides, ...]]:
    """Return the letter's weighing and what it asks besides that kind: each other kind once, at most three.

    Where hours count for one of the others but not for the heaviest (P7), that one is the letter's kind.
    """
    if whole.winner == "not_a_request" or not _hinted(whole):
        return whole, ()
    asked = list(_asking(letter, scale))
    found: dict[str, tuple[str, Weighed]] = {}
    for sentence, alone in asked:
        kind = alone.winner
        if kind in (whole.winner, "not_a_request") or kind in found:
            continue
        sure = alone.weights[kind] >= _LEAST and alone.totals[kind] - alone.totals[whole.winner] >= _MARGIN
        if sure and _apart(whole.winner, kind, sentence, alone):
            found[kind] = sentence, alone
    first = next((kind for kind in _HURRY if kind in found), None)
    if first and whole.winner not in _HURRY:
        alone = found.pop(first)[1]
        rest = max(asked, key=lambda one: one[1].totals[whole.winner])
        if _apart(first, whole.winner, *rest):
            found = {whole.winner: rest, **found}
        whole = replace(whole, winner=first, confidence=alone.confidence)
    shown = list(found.items())[:_MOST_SHOWN]
    return whole, tuple(Besides(Category(kind), sentence) for kind, (sentence, _) in shown)


def _apart(own: str, kind: str, sentence: str, alone: Weighed) -> bool:
    """Say whether a sentence is a matter of its own: of one outage people ask why, how long, and for somebody to come."""
    if own not in _OF_OUTAGES or kind not in _OF_OUTAGES:
        return True
    if kind == "outage_info":
        return bool(_PLANNED.search(fold(sentence)))
    return any(one.factor * one.cue.weights.get(kind, 0.0) >= _PLAIN for one in alone.found)


def _hinted(whole: Weighed) -> bool:
    """Say whether any cue of the letter speaks for another kind at all: most letters end here."""
    return any(
        weight >= _HINT and kind != whole.winner for one in whole.found for kind, weight in one.cue.weights.items()
    )


def _asking(letter: Letter, scale: KindScale) -> Iterator[tuple[str, Weighed]]:
    """Yield each sentence that asks, and its weighing; a letter of one such sentence asks one thing."""
    words, masked = letter.text.words, letter.masked[1]
    asking = sorted(scale.asking(letter))[:_MOST_SENTENCES]
    if len(asking) < 2:
        return
    for number in asking:
        start, end = words.sentences[number]
        text = words.text[start:end]
        if len(text.split()) < _FEWEST_WORDS:
            continue
        names = [(max(first, start) - start, min(last, end) - start) for first, last in masked]
        inside = [(first, last) for first, last in names if first < last]
        yield _shown(text), scale.weigh(Letter(split(""), split(text), letter.channel, {}, ((), inside)))


def _shown(text: str) -> str:
    line = _NUMBERED.sub("", " ".join(text.split())).strip(" ,;:")
    return line if len(line) <= _WIDTH else line[:_WIDTH].rstrip() + "…"
