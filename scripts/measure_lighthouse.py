"""Lighthouse's figures of a running city, as its mobile profile gives them: `scripts/measure_lighthouse.py ADDRESS`.

Slow 4G (1.6 Mbit/s, 150 ms), processor four times slower, simulated. Each page is run five times; the table shows the
median, and the spread of the performance score. Lighthouse comes from npm into `.local/lighthouse`.
"""

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local" / "lighthouse"
PROGRAM = HOME / "node_modules" / ".bin" / "lighthouse"
VERSION = "12.8.2"  # the last that runs on Node 20
CATEGORIES = ("performance", "accessibility", "best-practices")
TIMES = {"largest-contentful-paint": "LCP s", "total-blocking-time": "TBT ms", "cumulative-layout-shift": "CLS"}
PAGES = ("/melden", "/", "/meldungen", "/hilfe", "/meine")
RUNS = 5
TRIES = 3  # now and then Chromium loses the trace (NO_NAVSTART); that says nothing about the page


def main(address: str, pages: list[str]) -> None:
    """Print a table with one line a page."""
    _install()
    print("| page | performance (of five) | accessibility | best practices | LCP s | TBT ms | CLS | machine |")
    print("|---|---|---|---|---|---|---|---|")
    for page in pages or PAGES:
        print(_line(page, [_run(address.rstrip("/") + page) for _ in range(RUNS)]), flush=True)


def _install() -> None:
    if not PROGRAM.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm") or sys.exit("npm is missing: call `make test` once, or install Node.js")
        what = [f"lighthouse@{VERSION}", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([npm, "install", "--prefix", str(HOME), *what], check=True, stdout=sys.stderr)


def _run(address: str) -> dict[str, Any]:
    report = HOME / "report.json"
    command = [str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing: call `make test` once")
    environment = {"CHROME_PATH": chromium, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(HOME)}
    for _ in range(TRIES):
        if subprocess.run(command, check=False, env=environment, stdout=sys.stderr).returncode == 0:
            break
    else:
        sys.exit(f"Lighthouse could not measure {address}")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    _name_faults(found)
    return found


def _name_faults(report: dict[str, Any]) -> None:
    for key in CATEGORIES[1:]:
        for ref in report["categories"][key]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if audit["score"] is not None and audit["score"] < 1 and ref["weight"]:
                print(f"  {report['requestedUrl']}: {audit['id']}: {audit['title']}", file=sys.stderr)


def _line(page: str, reports: list[dict[str, Any]]) -> str:
    scores = {key: [round(100 * r["categories"][key]["score"]) for r in reports] for key in CATEGORIES}
    times = {key: statistics.median(r["audits"][key]["numericValue"] for r in reports) for key in TIMES}
    speed = scores["performance"]
    machine = statistics.median(r["environment"]["benchmarkIndex"] for r in reports)
    return (
        f"| `{page}` | {statistics.median(speed):.0f} ({min(speed)}–{max(speed)})"
        f" | {statistics.median(scores['accessibility']):.0f} | {statistics.median(scores['best-practices']):.0f}"
        f" | {times['largest-contentful-paint'] / 1000:.2f} | {times['total-blocking-time']:.0f}"
        f" | {times['cumulative-layout-shift']:.3f} | {machine:.0f} |"
    )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
