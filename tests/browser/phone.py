"""What a slow phone on a slow line feels like: throttled by the browser, and timed by the browser's own clock."""

from playwright.sync_api import Page

OBSERVE = """
window.slowInputs = {};
new PerformanceObserver((list) => {
  const step = document.querySelector('.step:not([hidden])')?.dataset.step || '';
  for (const {name, interactionId, duration} of list.getEntries()) {
    if (!interactionId) continue;
    const key = `${step} ${name}`;
    window.slowInputs[key] = Math.max(window.slowInputs[key] || 0, duration);
  }
}).observe({type: 'event', durationThreshold: 16, buffered: true});
"""


def mark_inputs(page: Page) -> None:
    """Write down how long each input takes until the next picture; call before the page is opened."""
    page.add_init_script(OBSERVE)


def slow_down(page: Page, *, factor: int) -> None:
    """A processor slower by this factor."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": factor})


def slow_line(page: Page, *, down_kbit: float, up_kbit: float, round_trip_ms: float) -> None:
    """A network of this speed; only pages without a service worker feel it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": round_trip_ms,
            "downloadThroughput": down_kbit * 1000 / 8,
            "uploadThroughput": up_kbit * 1000 / 8,
        },
    )


def save_data(page: Page) -> Page:
    """The phone's own switch that asks every page to save data."""
    page.context.new_cdp_session(page).send("Emulation.setDataSaverOverride", {"dataSaverEnabled": True})
    return page


def slowest_inputs(page: Page) -> dict[str, float]:
    """Milliseconds from an input to the next picture (INP), the slowest of each step and event."""
    page.wait_for_timeout(300)  # the browser tells of them a little later
    found: dict[str, float] = page.evaluate("() => window.slowInputs")
    return found
