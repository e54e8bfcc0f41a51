"""The source as the house's tests read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "notifier"


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """One module of notifier."""

    path: str
    """From the repository's root."""
    room: str
    lines: int
    tree: ast.Module


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """One function or method."""

    name: str
    """With its module: `notifier/app/path.py build_path`."""
    lines: int
    public: bool
    documented: bool


def read_modules() -> list[Module]:
    """Read every module of notifier."""
    return [_read(path) for path in sorted(PACKAGE.rglob("*.py"))]


def _read(path: Path) -> Module:
    text = path.read_text("utf-8")
    within = path.relative_to(PACKAGE).parts
    return Module(
        path=path.relative_to(ROOT).as_posix(),
        room=within[0].removesuffix(".py"),
        lines=len(text.splitlines()),
        tree=ast.parse(text),
    )


def imports_of(module: Module) -> Iterator[str]:
    """Give the full name of everything a module imports, also inside functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions_of(module: Module) -> Iterator[Function]:
    """Give every function, with the length that a reader sees; inside what is private nothing is public."""
    for node, hidden in _walk(module.tree, hidden=False):
        yield Function(
            name=f"{module.path} {node.name}",
            lines=(node.end_lineno or node.lineno) - node.lineno + 1,
            public=not hidden and not node.name.startswith("_"),
            documented=ast.get_docstring(node) is not None,
        )


def _walk(parent: ast.AST, *, hidden: bool) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, hidden
            yield from _walk(node, hidden=True)
        else:
            private = isinstance(node, ast.ClassDef) and node.name.startswith("_")
            yield from _walk(node, hidden=hidden or private)
