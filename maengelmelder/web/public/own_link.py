"""The secret link as a QR code, so that it moves from a screen to a phone or onto paper."""

from io import BytesIO

import segno
from flask import Response, url_for

from maengelmelder.house import house
from maengelmelder.web.public.own_door import blueprint, own_report, private

QUIET_ZONE = 4  # modules around it (ISO/IEC 18004)


@blueprint.get("/meine/<secret>/qr.svg")
def qr_code(secret: str) -> Response:
    """The link as a picture; black on white in every theme, because scanners expect it."""
    own_report(secret)
    address = house().settings.base_url + url_for("own.show", secret=secret)
    picture = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(picture, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    response = private(picture.getvalue())
    response.mimetype = "image/svg+xml"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
