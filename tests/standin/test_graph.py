"""Serialised expressions: shared subtrees, variables, checks of every call."""

from __future__ import annotations

import inspect
from typing import Any

import ee
import pytest

from tests.loopback.backend import BackendError
from tests.standin import StandIn, World
from tests.standin.faults import Unmodelled
from tests.standin.graph import evaluate
from tests.standin.offline import expression, value
from tests.standin.registering import MODELLED, parameter_name
from tests.standin.signatures import signatures
from tests.standin.small import COLLECTION, image, layer, scene, service

EMPTY = StandIn(World())


def _call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"functionInvocationValue": {"functionName": name, "arguments": arguments}}


def test_a_shared_subtree_of_a_mapped_function_differs_for_each_image():
    """The client hoists what is shared out of the function: the first answer is not the second."""
    world = World()
    scene(world, "a", SR_B4=[[10]])
    scene(world, "b", SR_B4=[[20]])

    def doubled(each):
        red = each.select("SR_B4")
        return red.add(red).copyProperties(each, ["system:index"])

    found = ee.ImageCollection(COLLECTION).map(doubled).toBands()
    backend = StandIn(world)

    assert layer(backend, found, 1, 1, "a_SR_B4")[0, 0] == 20
    assert layer(backend, found, 1, 1, "b_SR_B4")[0, 0] == 40


def test_functions_within_functions_keep_their_own_arguments():
    """The inner argument of each round meets the outer argument of its own round."""
    outer = ee.List([1, 10]).map(lambda a: ee.List([2, 3]).map(lambda b: ee.Number(a).multiply(b)))

    found = value(EMPTY, outer)

    assert found == [[2, 3], [20, 30]]


def test_iterate_hands_the_last_answer_on():
    """1 + 2 + 3 + 4, one after the other."""
    total = ee.List([1, 2, 3, 4]).iterate(lambda each, sum_: ee.Number(each).add(sum_), 0)

    assert value(EMPTY, total) == 10


def test_a_call_of_a_function_held_in_a_value_is_followed():
    """`functionReference` calls what another value defines."""
    graph = {
        "result": "0",
        "values": {
            "0": {
                "functionInvocationValue": {
                    "functionReference": "1",
                    "arguments": {"x": {"constantValue": 4}},
                }
            },
            "1": {"functionDefinitionValue": {"argumentNames": ["x"], "body": "2"}},
            "2": _call(
                "Number.add", {"left": {"argumentReference": "x"}, "right": {"integerValue": "3"}}
            ),
        },
    }

    assert evaluate(graph) == 7


def test_arrays_and_dictionaries_hold_further_nodes():
    """A list node and a dictionary node are taken apart; a constant may be nested itself."""
    graph = {
        "result": "0",
        "values": {
            "0": {
                "dictionaryValue": {
                    "values": {
                        "a": {"arrayValue": {"values": [{"valueReference": "1"}]}},
                        "b": {"constantValue": {"c": [1.0, 2.5]}},
                    }
                }
            },
            "1": {"constantValue": "x"},
        },
    }

    assert evaluate(graph) == {"a": ["x"], "b": {"c": [1, 2.5]}}


def test_an_unknown_function_is_refused():
    """The list of algorithms that comes with the client is the law."""
    with pytest.raises(BackendError, match=r"Algorithm 'Image\.sharpen' not found") as refusal:
        evaluate({"result": "0", "values": {"0": _call("Image.sharpen", {})}})

    assert refusal.value.status == 400


def test_an_unknown_argument_is_refused():
    """A misspelt argument would otherwise be ignored."""
    call = _call("Reducer.max", {"inputs": {"constantValue": 1}})

    with pytest.raises(BackendError, match="Unrecognized argument 'inputs'"):
        evaluate({"result": "0", "values": {"0": call}})


def test_a_missing_argument_is_refused():
    """`Image.add` needs two images."""
    one = _call("Image.constant", {"value": {"constantValue": 1}})
    call = _call("Image.add", {"image1": one})

    with pytest.raises(BackendError, match="Parameter 'image2' is required"):
        evaluate({"result": "0", "values": {"0": call}})


def test_an_argument_of_the_wrong_type_is_refused():
    """A text is no image."""
    call = _call("Image.abs", {"value": {"constantValue": "red"}})

    with pytest.raises(BackendError, match=r"Image\.abs, 'value'.*Expected Image"):
        evaluate({"result": "0", "values": {"0": call}})


def _parameters_beyond_the_list(name: str) -> set[str]:
    known = {parameter_name(each.name) for each in signatures()[name].arguments}
    return set(inspect.signature(MODELLED[name]).parameters) - known - {"algorithm_name"}


def test_every_model_takes_the_arguments_that_the_service_lists():
    """A parameter misspelt here would never be given."""
    beyond = {name: _parameters_beyond_the_list(name) for name in MODELLED}

    assert {name: wrong for name, wrong in beyond.items() if wrong} == {}
    assert len(MODELLED) > 250


def test_what_is_not_modelled_is_never_left_out_silently():
    """`bestEffort` at its default is fine; set, it would change the answer."""
    one = ee.Image(1)
    plain = one.reduceRegion(ee.Reducer.sum(), ee.Geometry.Point([98, 25]), 30)
    best = one.reduceRegion(ee.Reducer.sum(), ee.Geometry.Point([98, 25]), 30, bestEffort=True)

    assert value(EMPTY, plain) == {"constant": 1.0}
    with pytest.raises(Unmodelled, match="bestEffort"):
        value(EMPTY, best)


def test_a_function_without_a_model_says_its_name():
    """The test that needs it learns what is missing."""
    with pytest.raises(Unmodelled, match=r"Image\.hsvToRgb"):
        value(EMPTY, ee.Image(1).hsvToRgb().bandNames())


def test_omitted_arguments_take_the_documented_defaults():
    """`Image.unmask` without a value puts 0."""
    backend = service(SR_B4=[[5, 0]])

    assert layer(backend, image().unmask(), 1, 2).tolist() == [[5, 0]]
    assert (
        value(
            backend,
            image()
            .unmask()
            .mask()
            .reduceRegion(ee.Reducer.sum(), image().geometry(), crs="EPSG:32647", scale=30),
        )
        is not None
    )


def test_a_reference_to_nothing_is_refused():
    """A graph that was cut off is not guessed at."""
    with pytest.raises(BackendError, match="'9' is not among the values"):
        evaluate({"result": "9", "values": {}})


def test_a_chain_of_a_thousand_calls_is_followed_to_its_end():
    """Graphs are deep: every call of the client is one level."""
    chain = ee.Number(0)
    for _ in range(1_000):
        chain = chain.add(1)

    assert value(EMPTY, chain) == 1_000


def test_whole_numbers_stay_whole_over_the_wire():
    """Protobuf carries doubles only: 1.0 and 1 are the same constant."""
    assert expression(ee.Number(1.0))["values"]["0"] == {"constantValue": 1.0}
    assert value(EMPTY, ee.Image(1.0))["bands"][0]["data_type"]["precision"] == "int"


def test_the_client_is_put_back_as_it_was():
    """Whoever comes after finds the client's own functions."""
    import ee.apitestcase

    from tests.standin.offline import offline_client

    before = ee.data.getAlgorithms
    with offline_client():
        pass

    assert ee.data.getAlgorithms is before
