"""Reading the head of a request, for something that stands between a browser and the city."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE = 2048
MOST_HEAD = 64 * 1024
HOP_HEADERS = (b"connection:", b"keep-alive:", b"proxy-connection:", b"expect:")


@dataclass(frozen=True)
class Request:
    """The head of a request, and what of its body came along with it."""

    method: str
    path: str
    length: int
    head: bytes
    begun: bytes


def read_request(client: socket.socket) -> Request:
    """The next request, its head changed so that the connection ends with it. Raises ConnectionResetError."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(PIECE)
        if not more or len(data) > MOST_HEAD:
            raise ConnectionResetError("nothing was asked")  # browsers open connections in advance
        data += more
    head, begun = data.split(b"\r\n\r\n", 1)
    first, *headers = head.split(b"\r\n")
    method, address, _ = first.decode("latin-1").split(" ", 2)
    lengths = [line.split(b":", 1)[1] for line in headers if line.lower().startswith(b"content-length:")]
    passed_on = [line for line in headers if not line.lower().startswith(HOP_HEADERS)]
    head = b"\r\n".join([first, *passed_on, b"Connection: close"]) + b"\r\n\r\n"
    return Request(method, urlsplit(address).path, int(lengths[0]) if lengths else 0, head, begun)
