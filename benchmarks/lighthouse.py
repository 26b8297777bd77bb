"""Lighthouse on the pages that shoppers meet first, as on a mid-range telephone; holds them to the shop's bounds.

    make lighthouse
    .venv/bin/python -m benchmarks.lighthouse --address http://127.0.0.1:8000    (a shop that is open already)

Without an address a demonstration shop is painted and served beside the real one, from a temporary folder. Needs node
and npm 20 or later, which fetch the pinned Lighthouse into ``var/lighthouse`` once, and a Chromium (CHROMIUM=/path
names another one). Writes benchmarks/results/lighthouse.json; exits 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.open_shop import open_demo_shop

ROOT = Path(__file__).resolve().parents[1]
LIGHTHOUSE = "12.8.2"
FOLDER = ROOT / "var" / "lighthouse"
RESULTS = ROOT / "benchmarks" / "results" / "lighthouse.json"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BOUNDS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
MOST_BYTES = 150_000
PICTURES = "Image"
# A search page must not be found by search engines, which Lighthouse counts against it.
WITHOUT = {"search": "is-crawlable"}
PATIENCE_SECONDS = 180
ATTEMPTS = 3


class NotMeasured(Exception):
    """Lighthouse is not there, or could not load the page."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one page scored.

    Attributes:
        page: Its name.
        performance: 0 … 100, the median of the runs; as the next three.
        accessibility: As Lighthouse counts it.
        best_practices: As Lighthouse counts it.
        seo: As Lighthouse counts it.
        paint_ms: Until the largest part is painted, on the simulated telephone.
        blocking_ms: How long the main thread was too busy to answer.
        shift: Cumulative layout shift.
        bytes: Transferred without pictures.
    """

    page: str
    performance: int
    accessibility: int
    best_practices: int
    seo: int
    paint_ms: int
    blocking_ms: int
    shift: float
    bytes: int

    @property
    def misses(self) -> list[str]:
        """Which bounds the page misses, in words."""
        scores = asdict(self)
        missed = [
            f"{name} {scores[name.replace('-', '_')]} < {bound}"
            for name, bound in BOUNDS.items()
            if scores[name.replace("-", "_")] < bound
        ]
        if self.shift > 0:
            missed.append(f"layout shift {self.shift}")
        if self.bytes > MOST_BYTES:
            missed.append(f"{self.bytes:,} bytes > {MOST_BYTES:,}")
        return missed


def main() -> int:
    """Measure each page and print the table. Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="an open shop; without it a demonstration shop is opened")
    parser.add_argument("--runs", type=int, default=3, help="runs of each page; the median counts (default 3)")
    parser.add_argument("--items", type=int, default=600, help="size of the demonstration shop (default 600)")
    parser.add_argument("--page", action="append", help="measure only this one: home, category, product, search")
    arguments = parser.parse_args()
    try:
        program = lighthouse_program()
        if arguments.address:
            return measure(program, arguments.address.rstrip("/"), arguments)
        with (
            tempfile.TemporaryDirectory(prefix="vitrine-lighthouse-") as folder,
            open_demo_shop(Path(folder), items=arguments.items) as address,
        ):
            return measure(program, address, arguments)
    except NotMeasured as error:
        print(error, file=sys.stderr)
        return 1


def measure(program: Path, address: str, arguments: argparse.Namespace) -> int:
    """Measure the pages of an open shop; 1 where one misses a bound."""
    scores = []
    pages = {name: path for name, path in pages_of(address).items() if not arguments.page or name in arguments.page}
    print(f"{'page':10}{'perf':>6}{'a11y':>6}{'best':>6}{'SEO':>6}{'LCP ms':>8}{'TBT ms':>8}{'CLS':>7}{'kB':>7}")
    for name, path in pages.items():
        reports = [patient_report_of(program, address + path) for _run in range(arguments.runs)]
        score = score_of(name, reports)
        scores.append(score)
        print(
            f"{name:10}{score.performance:6}{score.accessibility:6}{score.best_practices:6}{score.seo:6}"
            f"{score.paint_ms:8}{score.blocking_ms:8}{score.shift:7.3f}{score.bytes / 1000:7.1f}",
            flush=True,
        )
    if not arguments.page:
        RESULTS.write_text(json.dumps([asdict(score) for score in scores], indent=2) + "\n", encoding="utf-8")
    missed = [f"{score.page}: {miss}" for score in scores for miss in score.misses]
    print("\n".join(missed) or "Every bound holds.")
    return 1 if missed else 0


def pages_of(address: str) -> dict[str, str]:
    """The four pages by name: home, its first category, that category's first product, a search.

    Raises:
        NotMeasured: The shop shows no category or no product.
    """
    category = first_link(address, "/", "/categories/")
    product = first_link(address, category, "/items/").partition("?")[0]
    return {"home": "/", "category": category, "product": product, "search": "/search/?q=blue"}


def first_link(address: str, page: str, start: str) -> str:
    """The first address on a page that begins with ``start``."""
    with urlopen(Request(address + page, headers={"User-Agent": "lighthouse"})) as answer:  # noqa: S310 - our own shop
        text = answer.read().decode("utf-8")
    found = re.search(rf'<main.*?href="({start}[^"]+)"', text, re.DOTALL)
    if found is None:
        raise NotMeasured(f"{address}{page} leads to nothing below {start}.")
    return found[1].replace("&amp;", "&")


def score_of(page: str, reports: list[dict[str, Any]]) -> Score:
    """The medians of several reports on one page."""

    def median(read: Any) -> float:
        return float(statistics.median(read(report) for report in reports))

    def category(name: str) -> int:
        return round(median(lambda report: category_score(report, name, without=WITHOUT.get(page, ""))))

    return Score(
        page=page,
        performance=category("performance"),
        accessibility=category("accessibility"),
        best_practices=category("best-practices"),
        seo=category("seo"),
        paint_ms=round(median(lambda report: report["audits"]["largest-contentful-paint"]["numericValue"])),
        blocking_ms=round(median(lambda report: report["audits"]["total-blocking-time"]["numericValue"])),
        shift=round(max(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports), 3),
        bytes=round(median(transferred)),
    )


def category_score(report: dict[str, Any], name: str, *, without: str = "") -> float:
    """A category's score from 0 to 100, ``without`` one audit that does not apply."""
    audits = [
        (reference["weight"], report["audits"][reference["id"]]["score"])
        for reference in report["categories"][name]["auditRefs"]
        if reference["weight"] and reference["id"] != without
    ]
    counted = [(weight, score) for weight, score in audits if score is not None]
    return float(100 * sum(weight * score for weight, score in counted) / sum(weight for weight, _score in counted))


def transferred(report: dict[str, Any]) -> int:
    """Bytes that came over the wire, pictures left out."""
    return sum(
        request["transferSize"]
        for request in report["audits"]["network-requests"]["details"]["items"]
        if request.get("resourceType") != PICTURES
    )


def patient_report_of(program: Path, address: str) -> dict[str, Any]:
    """One run, made again where the browser lost its own trace, as it does now and then on a busy machine.

    Raises:
        NotMeasured: It failed every time.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return report_of(program, address)
        except NotMeasured as error:
            print(f"once more: {error}", file=sys.stderr)
    return report_of(program, address)


def report_of(program: Path, address: str) -> dict[str, Any]:
    """One run of Lighthouse, mobile preset.

    Raises:
        NotMeasured: It could not load the page.
    """
    command = [str(program), address, "--quiet", "--output=json", "--output-path=stdout"]
    command.append("--chrome-flags=--headless=new --no-sandbox --disable-gpu")
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env=os.environ | {"CHROME_PATH": chromium_path()},
    )
    try:
        report: dict[str, Any] = json.loads(result.stdout)
    except json.JSONDecodeError as error:
        raise NotMeasured(f"Lighthouse gave no report on {address}: {result.stderr[-600:]}") from error
    if "runtimeError" in report:
        raise NotMeasured(f"{address}: {report['runtimeError']['message']}")
    return report


def chromium_path() -> str:
    """The Chromium to measure with.

    Raises:
        NotMeasured: There is none.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise NotMeasured("No Chromium found: apt-get install chromium, or set CHROMIUM=/path.")
    return found


def lighthouse_program() -> Path:
    """The pinned Lighthouse, fetched once.

    Raises:
        NotMeasured: There is no npm, or it could not fetch it.
    """
    program = FOLDER / LIGHTHOUSE / "node_modules" / ".bin" / "lighthouse"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise NotMeasured("No npm found: apt-get install nodejs npm (20 or later).")
    program.parents[2].mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", f"lighthouse@{LIGHTHOUSE}"]
    command += ["--prefix", str(program.parents[2])]
    if subprocess.run(command, check=False).returncode or not program.exists():
        raise NotMeasured(f"npm could not fetch lighthouse {LIGHTHOUSE}.")
    return program


if __name__ == "__main__":
    sys.exit(main())
