"""Builds `static/icons.svg` from the icons we use; run it again after adding a name here.

Needs `node_modules/@tabler/icons` (set-up installs it): `python scripts/make_icons.py`.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@tabler" / "icons"
TARGET = ROOT / "static" / "icons.svg"

# Our name → Tabler's; the first nine are the names that city directories use for their groups.
ICONS = {
    "road": "road",
    "signal": "traffic-lights",
    "trash": "trash",
    "tree": "tree",
    "water": "droplet",
    "bus": "bus",
    "snow": "snowflake",
    "parking": "parking",
    "more": "dots",
}
UNDER_THEIR_OWN_NAME = [
    "alert-triangle",
    "arrow-left",
    "arrow-right",
    "bell",
    "building",
    "calendar",
    "camera",
    "check",
    "chevron-down",
    "chevron-right",
    "clock",
    "copy",
    "current-location",
    "download",
    "edit",
    "external-link",
    "eye-off",
    "filter",
    "help",
    "history",
    "home",
    "hourglass",
    "inbox",
    "info-circle",
    "language",
    "list",
    "lock",
    "logout",
    "mail",
    "map",
    "map-pin",
    "menu-2",
    "message",
    "phone",
    "photo",
    "photo-off",
    "plus",
    "printer",
    "refresh",
    "search",
    "send",
    "share",
    "urgent",
    "user",
    "users",
    "wifi-off",
    "x",
]

# The house's own mark, where a city has no crest: a pin that says "look here".
MARK = (
    '<rect width="24" height="24" rx="4.5" fill="currentColor" stroke="none"/>'
    '<path d="M12 3.8c-3.5 0-6.4 2.7-6.4 6.1C5.6 14.6 12 20.6 12 20.6s6.4-6 6.4-10.7c0-3.4-2.9-6.1-6.4-6.1z"'
    ' fill="#fff" stroke="none"/><path d="M12 7.1v3.8m0 3v.01"/>'
)

# The shapes of a status; colour is never alone (WCAG 1.4.1). Drawn for 24 units like the others.
STATUS = {
    "received": '<circle cx="12" cy="12" r="8.5"/>',
    "work": '<circle cx="12" cy="12" r="8.5"/>'
    '<path fill="currentColor" stroke="none" d="M12 3.5a8.5 8.5 0 0 1 0 17z"/>',
    "scheduled": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "waiting": '<path d="M7.5 8.5a4.5 4.5 0 1 1 6.6 4c-1.4.8-2.1 1.5-2.1 3"/><path d="M12 19.5v.01"/>',
    "resolved": '<circle cx="12" cy="12" r="9.5" fill="currentColor" stroke="none"/>'
    '<path stroke="#fff" d="M7.5 12.3l3 3 6-6.3"/>',
    "forwarded": '<path d="M6 18 18 6"/><path d="M9 6h9v9"/>',
    "declined": '<circle cx="12" cy="12" r="9.5" fill="currentColor" stroke="none"/>'
    '<path stroke="#fff" d="M7.5 12h9"/>',
}

HEAD = """<!-- Icons: Tabler Icons 3 (MIT), Copyright (c) 2020-2024 Paweł Kuna; licence text in static/icons.LICENSE.
     Shapes status-*: this project. Made by scripts/make_icons.py. -->
<svg xmlns="http://www.w3.org/2000/svg">
"""
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_GROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def main() -> None:
    """Write the sprite and the licence beside it."""
    symbols = [
        _symbol(name, _drawing(tabler)) for name, tabler in (ICONS | {n: n for n in UNDER_THEIR_OWN_NAME}).items()
    ]
    symbols += [_symbol(f"status-{name}", drawing) for name, drawing in STATUS.items()]
    symbols.append(_symbol("mark", MARK))
    TARGET.write_text(f"{HEAD}{''.join(symbols)}</svg>\n", encoding="utf-8")
    TARGET.with_suffix(".LICENSE").write_text((SOURCE / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


def _drawing(tabler: str) -> str:
    text = (SOURCE / "icons" / "outline" / f"{tabler}.svg").read_text(encoding="utf-8")
    found = DRAWING.search(text)
    if found is None:
        raise SystemExit(f"{tabler}.svg has no drawing in it")
    return "".join(line.strip() for line in EMPTY_GROUND.sub("", found[1]).splitlines())


def _symbol(name: str, drawing: str) -> str:
    # The attributes stand on each symbol too: a stylesheet inside a sprite does not reach every browser's <use>.
    look = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {look}>{drawing}</symbol>\n'


if __name__ == "__main__":
    main()
