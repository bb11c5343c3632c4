"""Draws the PNG icons of the installed site from `static/img/icon.svg`; run it again when that changes.

Needs Chromium, as the browser tests do: `python scripts/make_app_icons.py`. A maskable icon fills the square, because
each phone cuts its own shape out of it; what matters lies within the middle 80 % (W3C, Web Application Manifest).
"""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
SIZES = 192, 512


def main() -> None:
    """Write icon-192.png, icon-512.png, maskable-192.png, maskable-512.png."""
    drawing = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    kinds = {"icon": drawing, "maskable": _filling(drawing)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        for kind, svg in kinds.items():
            for size in SIZES:
                _draw(page, svg, size, FOLDER / f"{kind}-{size}.png")
        browser.close()


def _filling(svg: str) -> str:
    """The same sign without round corners, a little smaller on its ground."""
    head, colour, sign = re.split(r'<rect[^>]*fill="(#[0-9A-Fa-f]{6})"/>', svg.replace("</svg>", ""), maxsplit=1)
    return (
        f'{head}<rect width="64" height="64" fill="{colour}"/>'
        f'<g transform="translate(32 32) scale(.82) translate(-32 -32)">{sign}</g></svg>'
    )


def _draw(page: Page, svg: str, size: int, target: Path) -> None:
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
    page.screenshot(path=target, omit_background=True)


if __name__ == "__main__":
    main()
