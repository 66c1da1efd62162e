"""Check every diagram of a folder: what runs, what is refused and why, what only documents.

`make corpus` runs it over ../shared/bpmn-samples, `make corpus CORPUS=folder` over any other. A
diagram that would be refused is no failure here; a file that cannot be judged is.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from engine.bpmn.read import read_diagram  # noqa: E402
from engine.bpmn.rules import Severity  # noqa: E402
from engine.errors import ShaodaoError  # noqa: E402
from engine.rehearsal.drawing import Drawing  # noqa: E402
from processes.checking import DIAGRAMS, Checked, check_file  # noqa: E402
from processes.cli.common import language  # noqa: E402


def main(folder: Path) -> int:
    """Print a row a file and the sums; 1 if a file could not be judged."""
    files = sorted(each for each in folder.rglob("*") if each.name.endswith(DIAGRAMS))
    begun = time.perf_counter()
    results = [check_file(path) for path in files]
    seconds = time.perf_counter() - begun
    table = Table("file", "", "why", "only documentation", "proposals")
    for checked in results:
        table.add_row(*row(checked, folder))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    reasons = Counter(code(checked) for checked in results if not checked.ok)
    for reason, count in reasons.most_common():
        console.print(f"{count:>6}  {reason}")
    runs = sum(checked.ok for checked in results)
    rate = len(files) / seconds if seconds else 0
    drawn = sum(can_be_rehearsed(checked.path) for checked in results if not checked.ok)
    console.print(
        f"{runs} of {len(files)} run as they are, {drawn} more once they say who does the work; "
        f"{rate:.0f} files/s"
    )
    return 1 if reasons["check.failed"] else 0


def code(checked: Checked) -> str:
    """Return the code of the first thing that is refused."""
    errors = (each for each in checked.findings if each.severity is Severity.ERROR)
    return next((each.code for each in errors), "")


def row(checked: Checked, folder: Path) -> list[str]:
    """Return a file's row."""
    errors = [each for each in checked.findings if each.severity is Severity.ERROR]
    why = f"{errors[0].element}: {errors[0].text.to(language())}" if errors else ""
    hints = sum(each.severity is Severity.HINT for each in checked.findings)
    counted = ", ".join(f"{tag} {count}" for tag, count in checked.read_over.items())
    verdict = "runs" if checked.ok else f"refused ({len(errors)})"
    if not checked.ok and can_be_rehearsed(checked.path):
        verdict = "rehearsed"
    name = str(checked.path.relative_to(folder))
    return [name, verdict, why, counted, str(hints) if hints else ""]


def can_be_rehearsed(path: Path) -> bool:
    """Tell whether the drawing itself runs: what is missing is who does the work, or a dialect."""
    try:
        return Drawing(read_diagram(path.read_bytes()), path.name).refused() is None
    except ShaodaoError:
        return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
