"""One opened connection to Earth Engine: values, features and pixels, or one of our errors."""

from __future__ import annotations

import contextlib
import functools
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from reetrace.core.errors import ReetraceError
from reetrace.core.grid import Grid
from reetrace.engines.earthengine import faults
from reetrace.engines.earthengine.address import address_of, is_googles, is_local
from reetrace.engines.earthengine.pictures import Keep, Picture
from reetrace.engines.earthengine.signing_in import SignIn, anonymous, sign_in
from reetrace.engines.earthengine.transport import Transport
from reetrace.engines.earthengine.usage import Usage, eecu_of_profile

if TYPE_CHECKING:
    import ee

TILE_SCALES = (1.0, 2.0, 4.0, 8.0, 16.0)
PAGE = 1000
"""Features an answer holds at most; the service's own default."""
GARBLED_AGAIN = 2
"""Times an answer that makes no sense is asked for again."""


class Service:
    """What the engine asks of Google, in as many words.

    The client keeps one sign-in for the whole process; whichever service was opened last is the
    one that all of them talk to.
    """

    def __init__(self, *, signed_in: SignIn, url: str, usage: Usage, transport: Transport) -> None:
        self.project = signed_in.project
        self.signed_in = signed_in
        self.standin = not is_googles(url)
        self.usage = usage
        self._transport = transport
        self._concurrency = transport.concurrency

    @classmethod
    def open(
        cls,
        *,
        project: str | None,
        key: Path | None,
        url: str | None = None,
        concurrency: int = 20,
        deadline_s: float = 360,
        pause: Callable[[float], None] = time.sleep,
    ) -> Service:
        """Sign in and initialise the client.

        Args:
            project: Google Cloud project; where it is not given the credentials may name one.
            key: Key file of a service account, tried before all others.
            url: A service on this computer; Google's where neither it nor the environment says so.
            concurrency: Requests at once; Google allows 40 a project.
            deadline_s: Longest wait for one answer. Google itself gives up after five minutes.
            pause: Called with the seconds to wait before a request is sent again.

        Raises:
            AccountError: The sign-in is missing, broken or refused.
            SettingError: The address is not of this computer.
            ServiceError: The service does not answer.
        """
        import ee
        import ee.deprecation

        url = address_of(url)
        local = is_local(url)
        signed_in = (
            anonymous(project) if local and key is None else sign_in(project=project, key=key)
        )
        usage = Usage()
        transport = Transport(
            usage=usage,
            deadline_s=deadline_s,
            concurrency=concurrency,
            loopback_only=local,
            pause=pause,
        )
        service = cls(signed_in=signed_in, url=url, usage=usage, transport=transport)
        _quieten()
        # Filled, it keeps the client from fetching a list of withdrawn data sets, without a time
        # limit and from another host, each time it initialises.
        nothing = ee.deprecation.DeprecatedAsset("", None, None, None)
        ee.deprecation.deprecated_assets = {nothing.id: nothing}
        # The transport repeats what is worth repeating, and hears when the service says how long.
        ee.data.setMaxRetries(0)
        try:
            with service.calling("signing in to Earth Engine"):
                ee.Initialize(
                    signed_in.credentials,
                    url=url,
                    project=signed_in.project,
                    http_transport=transport,
                )
        except ReetraceError:
            transport.close()
            raise
        return service

    def __repr__(self) -> str:
        return f"Service(project={self.project!r}, standin={self.standin})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._transport.close()

    @contextlib.contextmanager
    def calling(self, doing: str, *, tag: str = "") -> Iterator[None]:
        """Calls of the client within bear the tag, and fail with our errors only.

        Args:
            doing: What the calls are for, as a message begins: `composing 2005 of mine-A`.
            tag: Workload tag, see `workload_tag`.
        """
        import ee

        try:
            with self._transport.tagged(tag), ee.data.profiling(self.usage.keep_profile):
                yield
        except Exception as error:
            plain = faults.translated(error, doing=doing, project=self.project)
            if plain is None or plain is error:
                raise
            # A traceback shows the cause, and causes of this kind quote who was signed in.
            raise plain from (error if faults.is_discreet(repr(error)) else None)

    def ask(self, call: Callable[[], Any], tag: str, doing: str) -> Any:  # noqa: ANN401
        """The answer of one call of the client, made within `calling`.

        It is made again, twice at most, where the answer makes no sense.
        """
        for _ in range(GARBLED_AGAIN):
            try:
                with self.calling(doing, tag=tag):
                    return call()
            except faults.Garbled:
                self.usage.count_retry("garbled")
        with self.calling(doing, tag=tag):
            return call()

    def value(
        self,
        what: ee.ComputedObject | Callable[[float], ee.ComputedObject],
        *,
        tag: str,
        doing: str,
    ) -> Any:  # noqa: ANN401  # whatever JSON the expression comes to
        """What an expression comes to.

        Args:
            what: The expression, or a function that makes it for a tileScale: where memory runs
                out it is asked again with larger ones.
            tag: Workload tag.
            doing: As for `calling`.
        """
        import ee

        def answer(expression: ee.ComputedObject) -> Any:  # noqa: ANN401  # as above
            return self.ask(functools.partial(ee.data.computeValue, expression), tag, doing)

        if not callable(what):
            return answer(what)
        for scale in TILE_SCALES[:-1]:
            try:
                return answer(what(scale))
            except faults.MemoryExceeded:
                self.usage.raise_tile_scale(doing, 2 * scale)
        return answer(what(TILE_SCALES[-1]))

    def features(
        self, collection: ee.FeatureCollection, *, tag: str, doing: str
    ) -> list[dict[str, Any]]:
        """All features of a collection as GeoJSON, in its order, however many pages it takes."""
        import ee

        found: list[dict[str, Any]] = []
        token, seen = "", set[str]()
        while True:
            ask = {"expression": collection, "pageSize": PAGE}
            if token:
                ask["pageToken"] = token
            page = self.ask(functools.partial(ee.data.computeFeatures, ask), tag, doing)
            found.extend(page.get("features", []))
            token = page.get("nextPageToken", "")
            if not token:
                return found
            if token in seen:
                raise faults.garbled("the same page twice", doing=doing, project=self.project)
            seen.add(token)

    def pixels(
        self,
        image: ee.Image,
        grid: Grid,
        bands: Sequence[str],
        dtype: np.dtype[Any],
        keep: Keep,
        *,
        tag: str,
        doing: str,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Bands of an image on the grid, fetched in tiles at once and handed on one by one.

        Args:
            image: Masked pixels come as 0.
            grid: Obeyed to the pixel.
            bands: In the order wanted.
            dtype: Values that it cannot hold are refused.
            keep: Takes the values; what it was given is worth nothing where this raises.
            tag: Workload tag.
            doing: As for `calling`.
            progress: Told the share done, 0-1.
        """
        picture = Picture(self, image, grid, tuple(bands), np.dtype(dtype), tag=tag, doing=doing)
        picture.fetch(keep, self._concurrency, progress)

    def read_spent(self) -> float | None:
        """Compute of the interactive requests so far, in EECU seconds; None where it is not told.

        One request for all of them. It is for information: where it fails, nothing else does.
        """
        import ee

        if self.usage.profiles:
            ask = ee.ApiFunction.lookup("Profile.getProfiles").call(ids=list(self.usage.profiles))
            with contextlib.suppress(ReetraceError):
                text = self.value(ask, tag="", doing="reading what the run has used")
                self.usage.eecu_seconds = eecu_of_profile(str(text))
        return self.usage.eecu_seconds


def _quieten() -> None:
    """Whatever these log is raised as well, and they quote answers and accounts in full."""
    for name in ("googleapiclient", "google.auth", "google_auth_httplib2"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
