"""The unpatched client against the loopback server, through the one door the engine has."""

from __future__ import annotations

import copy
import threading
import time

import numpy as np
import pytest

from reetrace.core.errors import ServiceError, SettingError, TooLarge
from reetrace.core.grid import Grid
from reetrace.engines.earthengine.patience import Lost
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.transport import Transport
from reetrace.engines.earthengine.usage import Usage
from tests.earthengine.conftest import OpenLoopback
from tests.loopback.backend import BackendError, Body
from tests.loopback.faults import RESTRICTED, Fault, bad_request, too_many
from tests.loopback.made_up import MadeUp

GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)
LARGE = Grid(32647, 450_000.0, 2_867_000.0, 10.0, 3000, 2600, 100.0)


def _points(count: int) -> list[Body]:
    return [
        {
            "type": "Feature",
            "id": str(number),
            "geometry": {"type": "Point", "coordinates": [98.5, 25.9]},
            "properties": {"number": number},
        }
        for number in range(count)
    ]


def test_opening_costs_three_requests_and_none_elsewhere(
    open_loopback: OpenLoopback, monkeypatch: pytest.MonkeyPatch
):
    """The description of the interface, twice, and the list of functions.

    The client by itself also fetches a list of withdrawn data sets from another host, without a
    time limit: behind a firewall that swallows packets it would hang there for ever.
    """
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("a request"))

    opened = open_loopback(MadeUp())

    assert opened.service.usage.requests == {"discovery": 2, "algorithms": 1}
    assert opened.service.standin
    assert opened.service.project == "reetrace-test"


def test_a_value_comes_home(open_loopback: OpenLoopback):
    """One expression is one request, and it bears the tag of its site and year."""
    import ee

    opened = open_loopback(MadeUp(value={"a": 1}))

    found = opened.service.value(ee.Number(1), tag="site-2005", doing="counting")

    assert found == {"a": 1}
    assert opened.server.counts() == {"value:compute": 1}
    assert opened.server.bodies("value:compute")[0]["workloadTag"] == "site-2005"


def test_features_come_home_from_every_page(open_loopback: OpenLoopback):
    """2,500 features are three pages of at most a thousand; none is lost, none twice."""
    import ee

    opened = open_loopback(MadeUp(features=_points(2500)))

    found = opened.service.features(ee.FeatureCollection([]), tag="t", doing="sampling")

    assert [one["properties"]["number"] for one in found] == list(range(2500))
    assert found[0]["geometry"] == {"type": "Point", "coordinates": [98.5, 25.9]}
    assert opened.server.counts() == {"table:computeFeatures": 3}


def test_pages_that_never_end_are_noticed(open_loopback: OpenLoopback):
    """A service that gives the same next page for ever is not followed for ever."""
    import ee

    class Endless(MadeUp):
        def features(self, _):
            return {"features": _points(1), "nextPageToken": "again"}

    opened = open_loopback(Endless())

    with pytest.raises(ServiceError, match=r"Sampling: .*the same page twice"):
        opened.service.features(ee.FeatureCollection([]), tag="t", doing="sampling")


def test_pixels_come_home_on_the_grid_that_was_asked_for(open_loopback: OpenLoopback):
    """Each pixel holds the place of its centre; the bands are in the order wanted."""
    import ee

    opened = open_loopback(MadeUp())

    found = opened.service.pixels(
        ee.Image(1), GRID, ["northing", "easting"], np.dtype("i4"), tag="t", doing="fetching"
    )

    assert found.shape == (2, 40, 30)
    assert found[1, 0, 0] == 450_030
    assert found[0, 39, 0] == 2_866_995 - 40 * 30 + 15
    body = opened.server.bodies("image:computePixels")[0]
    assert body["grid"] == {
        "crsCode": "EPSG:32647",
        "dimensions": {"width": 30, "height": 40},
        "affineTransform": {
            "scaleX": 30,
            "shearX": 0,
            "translateX": 450_015,
            "shearY": 0,
            "scaleY": -30,
            "translateY": 2_866_995,
        },
    }
    assert body["fileFormat"] == "NPY"
    assert body["bandIds"] == ["northing", "easting"]
    assert body["workloadTag"] == "t"


def test_a_large_picture_comes_in_tiles_that_fit_together(open_loopback: OpenLoopback):
    """62 MB do not come at once: two tiles, each in its place, progress told to the end."""
    import ee

    opened = open_loopback(MadeUp())
    told: list[float] = []

    found = opened.service.pixels(
        ee.Image(1),
        LARGE,
        ["easting", "northing"],
        np.dtype("i4"),
        tag="t",
        doing="fetching",
        progress=told.append,
    )

    assert (found[0] == 450_005 + 10 * np.arange(2600)).all()
    assert (found[1] == (2_866_995 - 10 * np.arange(3000))[:, None]).all()
    assert opened.server.counts() == {"image:computePixels": 2}
    assert told == [0.5, 1.0]


def test_a_tile_too_much_for_the_service_comes_in_quarters(open_loopback: OpenLoopback):
    """Memory that runs out over a tile is a reason for smaller ones, not for giving up."""
    import ee

    backend = MadeUp()
    backend.refuse_tiles_above = 3000 * 2600 // 3
    opened = open_loopback(backend)

    found = opened.service.pixels(
        ee.Image(1), LARGE, ["easting"], np.dtype("i4"), tag="t", doing="fetching"
    )

    assert (found[0] == 450_005 + 10 * np.arange(2600)).all()
    assert opened.server.counts() == {"image:computePixels": 5}
    assert opened.service.usage.tiles_quartered == 1


def test_a_small_tile_that_is_too_much_is_given_up(open_loopback: OpenLoopback):
    """Below the size in which the service works itself, smaller tiles cure nothing."""
    import ee

    backend = MadeUp()
    backend.refuse_tiles_above = 1
    opened = open_loopback(backend)

    with pytest.raises(TooLarge, match=r"^Fetching: the computation needs more memory"):
        opened.service.pixels(
            ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching"
        )

    assert opened.server.counts() == {"image:computePixels": 1}


@pytest.mark.parametrize(
    ("dtype", "complaint"),
    [
        ("u1", "value 450030 in band easting, which uint8 cannot hold"),
        ("i2", "value 450030 in band easting, which int16 cannot hold"),
    ],
)
def test_values_that_do_not_fit_are_refused(open_loopback: OpenLoopback, dtype, complaint):
    """Wrapping round would turn one class into another without a word."""
    import ee

    opened = open_loopback(MadeUp())

    with pytest.raises(ServiceError, match=complaint):
        opened.service.pixels(
            ee.Image(1), GRID, ["easting"], np.dtype(dtype), tag="t", doing="fetching"
        )


def test_fractions_are_not_cut_off_in_silence(open_loopback: OpenLoopback):
    """Half a class is no class: 2,866,980.5 does not become 2,866,980."""
    import ee

    class Halves(MadeUp):
        def pixels(self, body):
            body["grid"]["affineTransform"]["translateY"] += 0.5
            return super().pixels(body)

    backend = Halves()
    backend.dtype = "<f8"
    opened = open_loopback(backend)

    with pytest.raises(
        ServiceError, match=r"value 2866980\.5 in band northing, which int32 cannot"
    ):
        opened.service.pixels(
            ee.Image(1), GRID, ["northing"], np.dtype("i4"), tag="t", doing="fetching"
        )


def test_whole_numbers_in_another_type_are_taken(open_loopback: OpenLoopback):
    """The service counts in 64-bit floats where it likes to."""
    import ee

    backend = MadeUp()
    backend.dtype = "<f8"
    opened = open_loopback(backend)

    found = opened.service.pixels(
        ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching"
    )

    assert found.dtype == np.dtype("i4")
    assert found[0, 0, 0] == 450_030


def test_a_picture_of_other_size_is_refused(open_loopback: OpenLoopback):
    """A service that answers on a grid of its own must not shift a map by a pixel."""
    import ee

    class Wider(MadeUp):
        def pixels(self, body):
            wider = copy.deepcopy(body)
            wider["grid"]["dimensions"]["width"] += 1
            return super().pixels(wider)

    opened = open_loopback(Wider())

    with pytest.raises(ServiceError, match=r"shape \(40, 31\), not \(40, 30\)"):
        opened.service.pixels(
            ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching"
        )


def test_other_bands_than_asked_for_are_refused(open_loopback: OpenLoopback):
    """Red must not be taken for near infrared."""
    import ee

    class Other(MadeUp):
        def pixels(self, body):
            return super().pixels({**body, "bandIds": ["northing"]})

    opened = open_loopback(Other())

    with pytest.raises(ServiceError, match="bands northing, not easting"):
        opened.service.pixels(
            ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching"
        )


def _tile_scale(body: Body) -> float:
    values = body["expression"]["values"]
    node = values[body["expression"]["result"]]["functionInvocationValue"]["arguments"]["right"]
    return float(node["constantValue"])


@pytest.mark.parametrize(("enough", "asked"), [(1, 1), (4, 3), (16, 5)])
def test_memory_that_runs_out_is_asked_again_in_smaller_pieces(
    open_loopback: OpenLoopback, enough, asked
):
    """With a tileScale of 2, 4, 8, 16; the evidence says so, and only then."""
    import ee

    def value(body: Body) -> float:
        if _tile_scale(body) < enough:
            raise BackendError("User memory limit exceeded.")
        return 7

    opened = open_loopback(MadeUp(value=value))

    found = opened.service.value(
        lambda scale: ee.Number(1).add(scale), tag="t", doing="counting 2005"
    )

    assert found == 7
    assert opened.server.counts() == {"value:compute": asked}
    note = (
        f"counting 2005 ran out of memory and was computed in smaller pieces (tileScale {enough})."
    )
    assert opened.service.usage.evidence_notes() == ((note,) if enough > 1 else ())


def test_memory_that_never_suffices_is_given_up(open_loopback: OpenLoopback):
    """After tileScale 16 there is nothing left to try; other failures are not tried at all."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(
        bad_request("value:compute", "User memory limit exceeded.", times=99)
    )

    with pytest.raises(TooLarge):
        opened.service.value(ee.Number, tag="t", doing="counting")

    assert opened.server.counts() == {"value:compute": 5}


def test_restricted_mode_is_noted_and_nothing_fails(open_loopback: OpenLoopback):
    """The client would make a Python warning of it; here it is a note for the evidence."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("value:compute", "header", headers=RESTRICTED))

    opened.service.value(ee.Number(1), tag="t", doing="counting")

    assert opened.service.usage.restricted
    assert "restricted mode" in " ".join(opened.service.usage.evidence_notes())


def test_usage_counts_what_the_server_saw(open_loopback: OpenLoopback):
    """Requests and bytes agree at both ends of the wire, retries included."""
    import ee

    opened = open_loopback(MadeUp(features=_points(1200)))
    opened.server.faults.append(too_many("value:compute"))
    service, server = opened.service, opened.server
    before = service.usage.requests.total()

    service.value(ee.Number(1), tag="t", doing="counting")
    service.features(ee.FeatureCollection([]), tag="t", doing="sampling")
    service.pixels(ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching")

    usage = service.usage
    assert {kind: usage.requests[kind] for kind in server.counts()} == server.counts()
    assert {
        kind: (usage.bytes_up[kind], usage.bytes_down[kind]) for kind in server.counts()
    } == server.bytes_moved()
    assert usage.requests_made == before + 5
    assert usage.retries == {"429": 1}


def test_compute_is_read_with_one_request(open_loopback: OpenLoopback):
    """The service keeps a profile of each computation; all are asked for at once, at the end."""
    import ee

    opened = open_loopback(MadeUp())
    for _ in range(4):
        opened.service.value(ee.Number(1), tag="t", doing="counting")
    opened.server.forget()

    spent = opened.service.read_spent()

    assert spent == pytest.approx(1.0)
    assert opened.service.usage.eecu_seconds == spent
    assert opened.server.counts() == {"value:compute": 1}


def test_compute_that_is_not_told_is_not_known(open_loopback: OpenLoopback):
    """A failure here is nobody's failure."""
    import ee

    opened = open_loopback(MadeUp())
    assert opened.service.read_spent() is None
    opened.service.value(ee.Number(1), tag="t", doing="counting")
    opened.server.faults.append(bad_request("value:compute", "Profile not found."))

    assert opened.service.read_spent() is None


def test_requests_at_once_stay_under_the_limit(open_loopback: OpenLoopback):
    """Twelve threads, three at once."""
    import ee

    gate = threading.Barrier(3, timeout=5)

    def value(_: Body) -> int:
        gate.wait()
        return 1

    opened = open_loopback(MadeUp(value=value), concurrency=3)
    ask = ee.Number(1)
    threads = [
        threading.Thread(
            target=opened.service.value, args=(ask,), kwargs={"tag": "t", "doing": "d"}
        )
        for _ in range(12)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened.server.counts() == {"value:compute": 12}
    assert opened.server.most_at_once == 3


def test_tags_of_threads_do_not_mix(open_loopback: OpenLoopback):
    """The client has one tag for the whole process; two sites at once must not share it."""
    import ee

    opened = open_loopback(MadeUp())

    def many(tag: str, number: int) -> None:
        for _ in range(10):
            opened.service.value(ee.Number(number), tag=tag, doing="counting")

    threads = [threading.Thread(target=many, args=(f"site-{n}", n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent = {
        (body["workloadTag"], body["expression"]["values"]["0"]["constantValue"])
        for body in opened.server.bodies("value:compute")
    }
    assert sent == {(f"site-{n}", n) for n in range(4)}


def test_only_this_computer_can_stand_in_for_google(monkeypatch: pytest.MonkeyPatch):
    """No address that somebody else controls gets a token or a site."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", "https://127.0.0.1.example.com/")

    with pytest.raises(SettingError, match=r"REETRACE_EARTHENGINE_URL .* only a service on this"):
        Service.open(project="reetrace-test", key=None)


def test_a_proxy_of_the_environment_is_not_used_for_this_computer(
    open_loopback: OpenLoopback, monkeypatch: pytest.MonkeyPatch
):
    """Otherwise every test behind a proxy would fail, or leak."""
    import ee

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    opened = open_loopback(MadeUp())

    assert opened.service.value(ee.Number(1), tag="t", doing="counting") == 42


def test_a_request_for_elsewhere_does_not_leave(open_loopback: OpenLoopback):
    """With a service on this computer nothing goes out, whoever asks for it."""
    import ee

    opened = open_loopback(MadeUp())
    transport = ee.data._get_state().http_transport
    assert transport is not None

    with (
        pytest.raises(ServiceError, match="was to leave this computer"),
        opened.service.calling("x"),
    ):
        transport.request("https://example.com/")


def test_when_too_many_are_refused_they_try_again_one_by_one(open_loopback: OpenLoopback):
    """A project in restricted mode may let in one; six threads then take turns, none gives up."""
    import ee

    inside = threading.Lock()

    def value(_: Body) -> int:
        if not inside.acquire(blocking=False):
            raise BackendError("Too Many Requests", status=429, status_name="RESOURCE_EXHAUSTED")
        try:
            time.sleep(0.03)
            return 1
        finally:
            inside.release()

    opened = open_loopback(MadeUp(value=value), concurrency=6, pause=lambda _: time.sleep(0.01))
    ask, found = ee.Number(1), []

    def one() -> None:
        found.append(opened.service.value(ask, tag="t", doing="counting"))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [1] * 6


def test_a_service_that_sends_elsewhere_is_not_followed(open_loopback: OpenLoopback):
    """The sign-in would go along."""
    import ee

    opened = open_loopback(MadeUp())
    there = f"{opened.server.url}/token"
    opened.server.faults.append(Fault("value:compute", status=307, headers={"Location": there}))

    with pytest.raises(ServiceError, match="the service answered"):
        opened.service.value(ee.Number(1), tag="t", doing="counting")

    assert opened.server.counts() == {"value:compute": 1}


def test_where_an_account_may_be_used_from_is_not_looked_up():
    """The address of that question holds the account's name, and proxies keep addresses."""
    transport = Transport(usage=Usage(), deadline_s=1, concurrency=1, loopback_only=False)

    with pytest.raises(Lost, match="elsewhere after 0 attempts"):
        transport.request("https://iamcredentials.googleapis.com/v1/a@b.example/allowedLocations")


def test_an_address_of_google_without_encryption_is_refused():
    """A token must not travel in the clear."""
    with pytest.raises(SettingError, match="only a service on this computer"):
        Service.open(project="a-project", key=None, url="http://earthengine.googleapis.com")
