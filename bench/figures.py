"""The house in figures: how the package, its tests, docs and commits are laid out, at any revision.

    python bench/figures.py [--rev REV] [--since REV]

Prints a table. Without --rev it counts the files as they are here; with it, those of that commit, out of `git archive`.
Commit subjects are those after --since (default: the whole history) up to the revision. Imports inside functions and
those for types alone count like all others.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import statistics
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VALUES = {
    "dataclass": "dataclass",
    "NamedTuple": "NamedTuple",
    "BaseModel": "pydantic",
    "Part": "Part",
    "TypedDict": "TypedDict",
}
OF_THE_WHOLE = ("project", "security")  # folders of tests that belong to no single folder of the package
Figure = tuple[str, str]


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, its text and its syntax tree."""

    name: str
    text: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree."""
        return list(ast.walk(self.tree))

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """Every function and method, those within others too."""
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef)]


def modules(source: Path) -> dict[str, Module]:
    """The package below `source`, by dotted names; a folder's `__init__.py` has the folder's name."""
    found = {}
    for path in sorted(source.glob("policytrail/**/*.py")):
        name = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text()
        found[name] = Module(name, text, ast.parse(text))
    return found


def imports(module: Module, known: Iterable[str], is_folder: bool) -> set[str]:
    """The modules of the package that a module imports anywhere."""
    names = set()
    parts = module.name.split(".")
    for node in module.nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = node.level - 1 if is_folder else node.level
            base = ".".join(parts[: len(parts) - up]) if node.level else ""
            start = ".".join(filter(None, (base, node.module)))
            names |= {f"{start}.{alias.name}" if f"{start}.{alias.name}" in known else start for alias in node.names}
    return names & set(known) - {module.name}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


def of_package(package: dict[str, Module], source: Path) -> Iterator[Figure]:
    """The figures of the package's files."""
    levels = Counter(path.parent for path in source.glob("policytrail/**/*.py") if path.name != "__init__.py")
    worst, most = levels.most_common(1)[0]
    yield "most files on one level", f"{most} ({worst.relative_to(source)})"
    folders = {name for name in package if (source / name.replace(".", "/")).is_dir()}
    found = circles({name: imports(module, package, name in folders) for name, module in package.items()})
    yield "import circles", f"{len(found)}{_listed(' <-> '.join(group) for group in found)}"
    everything = [(module, node) for module in package.values() for node in module.nodes]
    anys = sum(len(re.findall(r"^.*\bAny\b", module.text, re.MULTILINE)) for module in package.values())
    skips = sum(module.text.count("# fmt: skip") for module in package.values())
    yield (
        "lines with Any / imports inside functions / fmt: skip",
        f"{anys} / {sum(map(lazy, package.values()))} / {skips}",
    )
    ways = Counter(way for module in package.values() for way in values(module))
    yield "ways to write a value", f"{len(ways)}{_listed(f'{way} {count}' for way, count in ways.most_common())}"
    yield (
        "class names with several meanings",
        _repeated(
            node.name for module in package.values() for node in module.tree.body if isinstance(node, ast.ClassDef)
        ),
    )
    yield (
        "module names with several meanings",
        _repeated(name.rpartition(".")[2] for name in package if name not in folders),
    )
    roots = sum(map(bare_roots, package.values()))
    literals = sum(isinstance(node, ast.BinOp) and _joins_a_literal(node) for _, node in everything)
    yield "`root: Path` parameters / path literals", f"{roots} / {literals}"
    lines = {name: len(module.text.splitlines()) for name, module in package.items()}
    longest = max(lines, key=lambda name: lines[name])
    yield "files / lines of the package", f"{len(lines)} / {sum(lines.values()):,}"
    yield "longest module", f"{lines[longest]} lines ({longest})"
    sizes = [
        function.end_lineno - function.lineno + 1
        for module in package.values()
        for function in module.functions
        if function.end_lineno
    ]
    yield "lines of a function: median / 95th / longest", _spread(sizes)


def lazy(module: Module) -> int:
    """How many import statements stand inside functions."""
    inner = {
        id(node)
        for function in module.functions
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    return len(inner)


def values(module: Module) -> Iterator[str]:
    """How each class of values is written: by its decorator or its base."""
    for node in module.nodes:
        if isinstance(node, ast.ClassDef):
            words = {
                name.id
                for name in ast.walk(ast.Module([ast.Expr(each) for each in (*node.decorator_list, *node.bases)], []))
                if isinstance(name, ast.Name)
            }
            yield from (way for word, way in VALUES.items() if word in words)


def bare_roots(module: Module) -> int:
    """How many parameters are a bare `root: Path`."""
    arguments = [
        argument
        for function in module.functions
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    ]
    return sum(
        argument.arg == "root" and isinstance(argument.annotation, ast.Name) and argument.annotation.id == "Path"
        for argument in arguments
    )


def _joins_a_literal(node: ast.BinOp) -> bool:
    right = node.right
    literal = isinstance(right, ast.JoinedStr) or (isinstance(right, ast.Constant) and isinstance(right.value, str))
    return isinstance(node.op, ast.Div) and literal


def of_tests(root: Path) -> Iterator[Figure]:
    """How many files of tests lie in the folder that is named like the package's."""
    tests = sorted((root / "tests").rglob("test_*.py"))
    places = [path.parent.relative_to(root / "tests") for path in tests]
    like = sum(place != Path() and (root / "src/policytrail" / place).is_dir() for place in places)
    whole = sum(bool(place.parts) and place.parts[0] in OF_THE_WHOLE for place in places)
    yield "test files laid out like the package", f"{like} of {len(tests)}, and {whole} of the whole project"


def of_docs(root: Path) -> Iterator[Figure]:
    """The words of the docs."""
    pages = sorted((root / "docs").rglob("*.md"))
    yield "words / pages of docs", f"{sum(len(page.read_text().split()) for page in pages):,} / {len(pages)}"


def of_commits(revision: str, since: str | None) -> Iterator[Figure]:
    """The lengths of commit subjects, and how many commits have a body."""
    span = f"{since}..{revision}" if since else revision
    done = subprocess.run(["git", "log", "--format=%s%x1f%b%x1e", span], cwd=ROOT, capture_output=True, text=True)
    commits = [entry.strip("\n").split("\x1f") for entry in done.stdout.split("\x1e") if entry.strip()]
    if not commits:
        yield f"commit subjects ({span})", "none"
        return
    bodies = sum(bool(body.strip()) for _, body in commits)
    yield (
        f"commit subjects ({span}): median / 95th / longest",
        f"{_spread([len(subject) for subject, _ in commits])} of {len(commits)}; {bodies} with a body",
    )


def _spread(sizes: list[int]) -> str:
    ordered = sorted(sizes)
    return f"{statistics.median(ordered):.0f} / {ordered[int(len(ordered) * 0.95)]} / {ordered[-1]}"


def _repeated(names: Iterable[str]) -> str:
    several = {name: count for name, count in Counter(names).most_common() if count > 1 and not name.startswith("_")}
    return f"{len(several)}{_listed(f'{name} {count}' for name, count in list(several.items())[:8])}"


def _listed(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return f" ({text})" if text else ""


def archived(revision: str, folder: Path) -> Path:
    """Unpack a commit's files into `folder`. Raises CalledProcessError where git doesn't know it."""
    made = subprocess.run(
        ["git", "archive", revision, "src", "tests", "docs"], cwd=ROOT, check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def table(root: Path, revision: str, since: str | None) -> str:
    """All figures of the files below `root`, as a Markdown table."""
    package = modules(root / "src")
    rows = [*of_package(package, root / "src"), *of_tests(root), *of_docs(root), *of_commits(revision, since)]
    return "\n".join(
        [
            "| what | figure |",
            "| --- | --- |",
            *(f"| {what} | {re.sub(r'[|]', '/', figure)} |" for what, figure in rows),
        ]
    )


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rev", help="a commit; without it, the files as they are here")
    parser.add_argument("--since", help="the commit after which subjects are counted")
    options = parser.parse_args()
    if not options.rev:
        print(table(ROOT, "HEAD", options.since))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(table(archived(options.rev, Path(folder)), options.rev, options.since))


if __name__ == "__main__":
    main()
