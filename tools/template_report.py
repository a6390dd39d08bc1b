"""The report on a period."""

from typing import Any

from tools.template_letters import official


def report() -> Any:
    return official("Báo cáo")
