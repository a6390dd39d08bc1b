"""The rules by which requests are read, as values. The office edits them in config/reading.toml.

A rule says which words speak for what and how much; applying them to a text is the reading's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CATEGORIES = (
    "outage_info",
    "reconnection_cost",
    "incident_report",
    "outage_complaint",
    "outage_time_change",
    "other",
    "not_a_request",
)
FORMS = ("letter", "phone", "email")
ANSWER_KINDS = ("answer", "partial", "question")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for something: ``weights`` names what for and how much (negative: against it).

    ``phrases`` are written in the phrase language of config/reading.toml; any one of them is enough, and a cue counts
    once. ``where`` is ``any``, ``subject``, ``text``, or a channel such as ``sms``. ``narrates`` cues do not weigh
    more in a sentence that asks for something. A cue does not count where one of its ``unless`` phrases stands anywhere.
    """

    name: str
    weights: Mapping[str, float]
    phrases: tuple[str, ...]
    where: str = "any"
    narrates: bool = False
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindRules:
    """How the category is weighed: starting weights, factors for the subject and for asking sentences, and the cues.

    ``words`` are trained weights of single words and pairs of words, in the order of ``CATEGORIES``; beside them the
    cues count ``cue_share`` of their weight.
    """

    start: Mapping[str, float]
    asking: float
    subject: float
    sure: float
    asks: tuple[str, ...]
    cues: tuple[Cue, ...]
    cue_share: float = 1.0
    words: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameRules:
    """Words by which names are told: surnames, titles before a person's name, first words of organisations."""

    surnames: tuple[str, ...]
    titles: tuple[str, ...]
    organisations: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneRules:
    """The office's own numbers (never a customer's) and what old prefixes became, each as digits."""

    own: tuple[str, ...]
    old_prefixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Everything that the request reader takes from the configuration."""

    short_forms: Mapping[str, str]
    kind: KindRules
    reply: tuple[Cue, ...]
    danger: tuple[Cue, ...]
    answerable: tuple[Cue, ...]
    names: NameRules
    phones: PhoneRules
    code_units: Mapping[str, str]
    published_days: int = 10
    ask_below: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """How a unit's reply is judged an answer, a part of one or a question back (config/reply-words.toml).

    ``words`` are trained weights in the order of ``ANSWER_KINDS``; beside them the rules count ``rule_share``. Below
    ``answer_from`` (0 to 1) nothing counts as an answer: it becomes the likelier of the other two, which wait for a person.
    """

    words: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    rule_share: float = 1.0
    answer_from: float = 0.55
