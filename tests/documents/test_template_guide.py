from pathlib import Path

from tools.make_template_guide import guide

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "mau-van-ban.md"


def test_the_guide_lists_what_is_offered() -> None:
    """After a change of the offered names: python tools/make_template_guide.py."""
    assert GUIDE.read_text(encoding="utf-8") == guide()
