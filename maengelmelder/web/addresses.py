"""Addresses that carry on what somebody's own address asked for."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for


def address_with(endpoint: str, query: Mapping[str, Iterable[str]], **parts: Any) -> str:
    """The address of a page with a query that strangers may have written.

    Never `url_for(endpoint, **query)`: names such as `_scheme` or `endpoint` mean something there, and a name that is
    also a part of the path would replace it.
    """
    address = url_for(endpoint, **parts)
    asked = urlencode(list(query.items()), doseq=True)
    return f"{address}?{asked}" if asked else address
