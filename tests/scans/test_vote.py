"""When a reading may be used unseen: tables of votes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.form import FieldKind, Standing, Vote
from daemon.scans.raw import SeenCell
from daemon.scans.recognise import ASTER, PADDLE, TESSERACT
from daemon.scans.vote import Rules, decide, settle_votes

K = FieldKind
RULES = Rules(re.compile(r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}"), lambda text: text if "xã Bộc Bố" in text else None)


def cell(kind, *votes, ink="written", required=True):
    made = tuple(Vote(engine, text, sure) for engine, text, sure in votes)
    return SeenCell("field", kind, "Nhãn", required, ink, made, 1)


A, P, T = ASTER, PADDLE, TESSERACT
ACCEPTED = [
    (K.CODE, [(P, "PA07CD4965924", 1.0), (A, "PAO7CD4965924", 0.6)], "PA07CD4965924"),
    (K.PHONE, [(P, "0362 756 132", 0.99), (A, "0362756132", 0.9), (T, "O362 756", 0.3)], "0362756132"),
    (K.METER, [(A, "4047289009", 0.99), (T, "4047289009", 0.9), (P, "404728900", 0.5)], "4047289009"),
    (K.DATE, [(P, "1/5/2026", 1.0), (A, "01.05.2026", 0.8)], "01/05/2026"),
    (K.NAME, [(A, "Lục Công Nghiệp", 0.8), (T, "Lục Công Nghiệp", 0.9)], "Lục Công Nghiệp"),
    (K.NAME, [(A, "Lục Công Nghiệp", 0.97), (P, "Lc Công Nghip", 0.9), (T, "???", 0.1)], "Lục Công Nghiệp"),
    (K.ADDRESS, [(A, "Tổ 6, xã Bộc Bố", 0.96), (P, "T 6, xã Bc B", 0.9)], "Tổ 6, xã Bộc Bố"),
]
CHECKED = [
    (K.CODE, [(P, "PA07CD4965924", 1.0), (A, "PA07CD4965921", 0.9)]),
    (K.CODE, [(P, "PA07CD4965924", 1.0)]),
    (K.PHONE, [(P, "0162756132", 1.0), (A, "0162756132", 1.0)]),
    (K.PHONE, [(P, "0362756132", 0.99), (A, "0362756132", 0.9), (T, "0362756182", 0.95)]),
    (K.METER, [(P, "4047289009", 0.5), (A, "4047289009", 0.5)]),
    (K.NAME, [(A, "Lục Công Nghiệp", 0.5), (P, "Lc Công Nghip", 0.9)]),
    (K.NAME, [(A, "Lục Công Nghiệp", 0.99), (P, "Lc Cong Nhip", 0.9)]),
    (K.NAME, [(A, "Lục Công Nghiệp", 1.0)]),
    (K.ADDRESS, [(A, "Tổ 6, xã Lạ Lùng", 0.96), (P, "T 6, xã La Lùng", 0.9)]),
]


@pytest.mark.parametrize(("kind", "votes", "value"), ACCEPTED)
def test_agreement_is_accepted(kind, votes, value):
    reading = decide(cell(kind, *votes), RULES)
    assert (reading.value, reading.standing, reading.reason) == (value, Standing.ACCEPTED, "")


@pytest.mark.parametrize(("kind", "votes"), CHECKED)
def test_anything_less_goes_to_a_person_with_a_reason(kind, votes):
    reading = decide(cell(kind, *votes), RULES)
    assert reading.standing is Standing.CHECK and reading.reason


@pytest.mark.parametrize(("kind", "votes", "value"), ACCEPTED)
def test_a_doubtful_pose_or_trace_sends_all_to_a_person(kind, votes, value):
    assert decide(cell(kind, *votes), RULES, sure=False).standing is Standing.CHECK
    assert decide(cell(kind, *votes, ink="doubt"), RULES).standing is Standing.CHECK


def test_empty_cells():
    assert decide(cell(K.EMAIL, ink="empty", required=False), RULES).standing is Standing.ACCEPTED
    assert decide(cell(K.NAME, ink="empty"), RULES).standing is Standing.CHECK


@given(st.sampled_from(list(K)), st.text("0123456789PA/ ", max_size=16), st.sampled_from([A, P, T]))
@settings(max_examples=120, derandomize=True)
def test_one_engine_alone_is_never_believed(kind, text, engine):
    reading = decide(cell(kind, (engine, text, 1.0)), RULES)
    assert kind is K.TEXT or reading.standing is Standing.CHECK


@pytest.mark.parametrize(
    ("kind", "best", "votes", "expected"),
    [
        (K.METER, "1948516393", [(T, "1948516393"), (A, "1948516393")], ("1948516393", True)),
        (K.METER, "1948516393", [(T, "1948516393"), (A, "1948516398")], ("1948516393", False)),
        (K.METER, "1", [(A, "1948516393"), (P, "1948516393"), (T, "1948516398")], ("1948516393", True)),
        (K.METER, None, [], (None, True)),
        (K.NAME, "Hà Sỹ", [(T, "Hà Sỹ")], ("Hà Sỹ", False)),
    ],
)
def test_fields_of_a_letter(kind, best, votes, expected):
    value, reason = settle_votes(kind, best, [Vote(e, t, 0.9) for e, t in votes], RULES)
    assert (value, not reason) == expected
