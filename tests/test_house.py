"""Rules of the house that import-linter has no contract for."""

import ast
import sys
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "audiostory"
SHARED = {"numpy", "lxml"}  # the field's own vocabulary
# Both name folders after titles, and neither may import the other. The command line has two files.
# All keep processes apart: feeds are written, and speech is asked for and kept, by several at once.
# The user's folders: config knows where the cache is, speech where Piper's voices and slots are.
EXCUSED = {
    "slugify": {"config", "publishing"},
    "filelock": {"cache", "publishing", "speech"},
    "platformdirs": {"config", "speech"},
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"audiostory"}


def test_a_library_is_imported_in_one_room_only():
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for library in imports(path) - SHARED:
            rooms[library].add(path.relative_to(PACKAGE).parts[0].removesuffix(".py"))
    assert {name: r for name, r in rooms.items() if len(r) > 1} == EXCUSED


def test_nothing_is_printed_outside_the_command_line():
    for path in PACKAGE.rglob("*.py"):
        calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
        named = {n.func.id for n in calls if isinstance(n.func, ast.Name)}
        assert "print" not in named, path
