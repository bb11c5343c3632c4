"""Static files under an address that changes with their content, so that browsers may keep them for a year."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = "public, max-age=31536000, immutable"
BUNDLES = "built"  # scripts/build_browser_files.sh
PART_OF_BUNDLE = re.compile(r"/built/js/part-.*-[0-9A-Z]{8}\.js$")  # named after their content


def asset(name: str) -> str:
    """The address of a static file, with a mark of its content; the bundled one, where bundles were made."""
    folder = Path(current_app.static_folder or "")
    bundled = f"{BUNDLES}/{name}"
    name = bundled if (folder / bundled).exists() else name
    return url_for("static", filename=name, v=_mark(folder / name))


def serve_assets(app: Flask) -> None:
    """Offer `asset` to templates, and let browsers keep what carries a mark."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            is_marked = request.args.get("v") or PART_OF_BUNDLE.search(request.path)
            response.headers["Cache-Control"] = YEAR if is_marked else "public, max-age=300"
        return response


def _mark(path: Path) -> str:
    try:
        return _mark_of(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return "0"


@lru_cache(maxsize=256)
def _mark_of(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
