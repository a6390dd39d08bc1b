"""The house keeps its order: directions of imports, a pure desk, no word where staff read English."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DAEMON = ROOT / "daemon"


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_desk_knows_only_the_standard_library() -> None:
    foreign = {
        f"{path.name}: {name}"
        for path in (DAEMON / "desk").glob("*.py")
        for name in _imports(path)
        if not name.startswith("daemon.desk") and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert not foreign


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in DAEMON.rglob("*.py")
        if "migrations" not in path.parts and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def test_the_package_named_daemon_is_ours() -> None:
    """python-daemon would take the import name; it must never be among the dependencies."""
    assert "python-daemon" not in (ROOT / "pyproject.toml").read_text("utf-8")


def test_datetimes_are_imported_in_one_way() -> None:
    wrong = [
        path for path in DAEMON.rglob("*.py") if re.search(r"^from datetime import", path.read_text("utf-8"), re.M)
    ]
    assert not wrong


def test_help_is_quick_and_loads_no_adapter() -> None:
    code = "import sys; sys.argv=['motcua']; import daemon.cli; print([m for m in ('peewee','docx','exchangelib','selectolax','numpy','pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
