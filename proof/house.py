"""Prints how the house measures: sizes of functions and files, import contracts, commit sites.

Fails when the code base commits in more than one place, or a function or file outgrows its room.
"""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FUNCTION, LONGEST_FILE = 40, 300


def sources() -> list[Path]:
    """The files of the application."""
    return [file for part in ("tipline", "bots") for file in sorted((ROOT / part).rglob("*.py"))]


def functions(file: Path) -> list[tuple[int, str]]:
    """Length in lines and name of every function."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        (
            (node.end_lineno or 0) - node.lineno + 1,
            f"{file.relative_to(ROOT)}:{node.name}",
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def commit_sites() -> list[str]:
    """Where the code base commits."""
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sources()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if ".commit(" in line
    ]


def percentile(values: list[int], share: float) -> int:
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def spread(values: list[int]) -> str:
    """Median, 90th percentile and longest."""
    middle = statistics.median(values)
    return f"median {middle:.0f}, p90 {percentile(values, 0.9)}, longest {max(values)}"


def main() -> int:
    """Print the table; 1 when a mark is missed."""
    lines = {
        file: sum(bool(line.strip()) for line in file.read_text(encoding="utf-8").splitlines())
        for file in sources()
    }
    found = [each for file in lines for each in functions(file)]
    sites = commit_sites()
    contracts = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    print(
        f"files         {len(lines)}, {sum(lines.values())} lines, {spread(list(lines.values()))}"
    )
    print(f"functions     {len(found)}, {spread([length for length, _ in found])}")
    print(f"contracts     {contracts.splitlines()[-1]}")
    print(f"commit sites  {len(sites)}: {', '.join(sites)}")
    too_long = [name for length, name in found if length > LONGEST_FUNCTION]
    too_long += [
        str(file.relative_to(ROOT)) for file, count in lines.items() if count > LONGEST_FILE
    ]
    for name in too_long:
        print(f"too long      {name}")
    return int(bool(too_long) or len(sites) != 1)


if __name__ == "__main__":
    sys.exit(main())
