"""How often one network may knock: hashes only, salted anew with every start of the process."""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time

from flask import abort, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from maengelmelder.house import house

REPORTS_AT_ONCE_PUBLIC = RateLimitItemPerHour(10)  # above it a clerk looks first
REPORTS = RateLimitItemPerHour(300)  # mobile carriers put many people behind one address
UPLOADS = RateLimitItemPerHour(900)
UPLOADED_MEGABYTES = RateLimitItemPerHour(300)  # begun ones count whole: 300 photos as phones shrink them, or 20 huge
SUGGESTIONS = RateLimitItemPerMinute(300)
DUPLICATES = RateLimitItemPerMinute(120)
JOINS = RateLimitItemPerHour(60)
LOG_INS = RateLimitItemPerMinute(5, 15)
SECRETS = RateLimitItemPerHour(30)
ADDITIONS = RateLimitItemPerHour(60)
EMAILS = RateLimitItemPerHour(5)  # to one address, and about one report

_salt = secrets.token_bytes(16)
_limiter = MovingWindowRateLimiter(MemoryStorage())


def network_of(address: str | None) -> str:
    """A salted hash of the caller's network: the IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    network = ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False)
    return hmac.new(_salt, str(network).encode(), hashlib.sha256).hexdigest()[:32]


def hit(
    limit: RateLimitItemPerHour | RateLimitItemPerMinute, purpose: str, who: str | None = None, *, cost: int = 1
) -> bool:
    """Count one, or what it costs; False when there were too many. Nothing is counted when limits are switched off."""
    if not house().settings.rate_limits:
        return True
    return _limiter.hit(limit, purpose, who or network_of(request.remote_addr), cost=cost)


def seconds_left(limit: RateLimitItemPerHour | RateLimitItemPerMinute, purpose: str, who: str | None = None) -> int:
    """Seconds until there is room for one more, or at least for something; at least 1."""
    stats = _limiter.get_window_stats(limit, purpose, who or network_of(request.remote_addr))
    return max(1, math.ceil(stats.reset_time - time.time()))


def is_full(limit: RateLimitItemPerHour | RateLimitItemPerMinute, purpose: str, who: str | None = None) -> bool:
    """Whether one more would be too many, without counting."""
    who = who or network_of(request.remote_addr)
    return house().settings.rate_limits and not _limiter.test(limit, purpose, who)


def demand(limit: RateLimitItemPerHour | RateLimitItemPerMinute, purpose: str, who: str | None = None) -> None:
    """Count one; 429 when there were too many."""
    if not hit(limit, purpose, who):
        abort(429)


def forget_all() -> None:
    """Start counting anew, between tests."""
    _limiter.storage.reset()
