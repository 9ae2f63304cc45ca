"""A headless Chromium on a pipe: opens a page, presses keys, reads what it finds."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# Far longer than the slowest machine takes: they only end what would never end.
_DEADLINE_S, _ANSWER_S = 180.0, 300.0

# Nothing may be fetched: every host is unknown to this browser.
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)

# The protocol is spoken on descriptors 3 and 4: ours are moved there before the browser starts.
_MOVED = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""

_KEYS = {
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Home": 36,
    "End": 35,
    "Tab": 9,
}


def chromium() -> str:
    """The browser, or the test is skipped with the reason."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium here: install the package `chromium` to run this test")
    return found


class Page:
    """One tab, spoken to in the DevTools protocol."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def attach(self) -> None:
        """Open an empty tab and listen to it."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Page.setLifecycleEventsEnabled", enabled=True)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command and its answer; events that come before it are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], _ANSWER_S)
            if not ready:
                raise AssertionError(f"the browser has not answered for {_ANSWER_S:g} s")
            more = os.read(self._from, 1 << 20)
            if not more:
                raise AssertionError("the browser went away")
            self._rest += more
        message, self._rest = self._rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer

    def close(self) -> None:
        """Ask the whole browser to end, so that it leaves its profile in order."""
        self._session = None
        self.ask("Browser.close")

    def open(
        self, path: Path, *, size: tuple[int, int] = (1280, 900), mobile: bool = False
    ) -> None:
        """Load a file at a size of the window."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=mobile,
        )
        # Whatever lies beneath the pointer of the page before would be pointed at in this one.
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=0, y=0)
        loader = self.ask("Page.navigate", url=path.as_uri())["loaderId"]
        self._await_load(loader)
        self.settle()

    def _await_load(self, loader: str) -> None:
        """Until that very page is loaded: asked too early, the page before would answer."""
        while not any(
            each["params"]["loaderId"] == loader and each["params"]["name"] == "load"
            for each in self.events
            if each.get("method") == "Page.lifecycleEvent"
        ):
            self.events.append(self._next())

    def tell(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def settle(self) -> None:
        """Let it draw: what a page does at the next frame is done by the one after."""
        self.tell("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def until(self, expression: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + _DEADLINE_S
        while not self.tell(expression):
            if time.monotonic() > deadline:
                raise AssertionError(f"never so: {expression}")
            time.sleep(0.02)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key on whatever has the focus."""
        text = {} if key in _KEYS else {"text": key}
        code = {"windowsVirtualKeyCode": _KEYS[key]} if key in _KEYS else {}
        for _ in range(times):
            self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **code)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, **code)
        self.settle()

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Move, press or turn the wheel of the mouse."""
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)
        self.settle()

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        """Touch with one finger or two."""
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.ask("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        self.settle()

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Write what is seen as PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def complaints(self) -> list[str]:
        """What the console said, and every address asked for beside the page itself."""
        self.tell("0")
        said = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                said.append(params["entry"]["text"])
            elif event.get("method") == "Runtime.exceptionThrown":
                said.append(str(params["exceptionDetails"]))
            elif event.get("method") == "Network.requestWillBeSent":
                address = params["request"]["url"]
                if not address.startswith(("data:", "file:", "about:")):
                    said.append(address)
        return said


@contextmanager
def browsing(home: Path) -> Iterator[Page]:
    """A browser with an empty profile, closed at the end."""
    program = chromium()
    command_read, command_write = os.pipe()
    answer_read, answer_write = os.pipe()

    process = subprocess.Popen(
        [
            *(sys.executable, "-c", _MOVED, str(command_read), str(answer_write)),
            *(program, *_OPTIONS, f"--user-data-dir={home}"),
        ],
        pass_fds=(command_read, answer_write),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(command_read)
    os.close(answer_write)
    page = Page(command_write, answer_read)
    try:
        page.attach()
        yield page
    finally:
        with contextlib.suppress(AssertionError, OSError, subprocess.TimeoutExpired):
            page.close()
            process.wait(timeout=20)
        process.kill()
        process.wait()
        os.close(command_write)
        os.close(answer_read)
