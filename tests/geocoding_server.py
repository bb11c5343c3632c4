"""A geocoding service on this machine, answering in the shapes that Nominatim and Photon document."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# nominatim.org/release-docs/latest/api/Output, jsonv2 with addressdetails
NOMINATIM_HOUSE = {
    "place_id": 100149,
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
    "osm_type": "node",
    "osm_id": 107775,
    "lat": "48.5371",
    "lon": "12.1524",
    "category": "building",
    "type": "yes",
    "place_rank": 30,
    "importance": 0.00001,
    "addresstype": "building",
    "name": "",
    "display_name": "14, Erfundene Gasse, Altstadt, Landshut, Bayern, 84028, Deutschland",
    "boundingbox": ["48.5370", "48.5372", "12.1523", "12.1525"],
    "address": {
        "house_number": "14",
        "road": "Erfundene Gasse",
        "suburb": "Altstadt",
        "city": "Landshut",
        "state": "Bayern",
        "postcode": "84028",
        "country": "Deutschland",
        "country_code": "de",
    },
}
# github.com/komoot/photon, "Using the API": a FeatureCollection
PHOTON_HOUSE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [12.1524, 48.5371]},
    "properties": {
        "osm_type": "N",
        "osm_id": 107775,
        "osm_key": "building",
        "osm_value": "yes",
        "type": "house",
        "housenumber": "14",
        "street": "Erfundene Gasse",
        "postcode": "84028",
        "district": "Altstadt",
        "city": "Landshut",
        "state": "Bayern",
        "country": "Deutschland",
        "countrycode": "DE",
    },
}


def far_away(house: dict[str, Any]) -> dict[str, Any]:
    """The same house in Berlin, for a service that heeds no bounds."""
    if "geometry" in house:
        return house | {"geometry": {"type": "Point", "coordinates": [13.4, 52.5]}}
    return house | {"lat": "52.5", "lon": "13.4"}


@dataclass
class GeocodingServer:
    """What it was asked, and how it misbehaves: `fault` is sent instead of an answer, after `delay` seconds."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    fault: tuple[int, dict[str, str], bytes] | None = None
    delay: float = 0.0
    drip: bool = False

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """As the service on that path would."""
        knows = "erfundene gasse" in query.get("q", "").casefold() or query.get("lat", "").startswith("48.53")
        if path == "/search":
            return [far_away(NOMINATIM_HOUSE), NOMINATIM_HOUSE] if knows else []
        if path == "/reverse" and "format" in query:
            return NOMINATIM_HOUSE if knows else {"error": "Unable to geocode"}
        houses = [far_away(PHOTON_HOUSE), PHOTON_HOUSE] if path == "/api" else [PHOTON_HOUSE]
        return {"type": "FeatureCollection", "features": houses if knows else []}


@contextmanager
def geocoding_server() -> Iterator[GeocodingServer]:
    """A service on a port of its own."""
    service = GeocodingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            service.asked.append((parts.path, query))
            service.agents.append(self.headers["User-Agent"])
            time.sleep(service.delay)
            body = json.dumps(service.answer(parts.path, query)).encode()
            status, headers, body = service.fault or (200, {"Content-Type": "application/json"}, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(body)

        def _write(self, body: bytes) -> None:
            try:
                for byte in body if service.drip else ():
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.3)
                self.wfile.write(b"" if service.drip else body)
            except OSError:
                return  # the other side has had enough

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
