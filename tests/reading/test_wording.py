"""No sentence says what no image can show."""

from __future__ import annotations

import pytest

from reetrace.core.errors import TemplateError
from reetrace.reading import wording


@pytest.mark.parametrize(
    "sentence",
    [
        "The mine is illegal.",
        "The site is legal under local law.",
        "Neodymium was confirmed by the spectrum.",
        "The supplier is compliant.",
        "The ore is conflict-free.",
        "The river is polluted.",
        "There is no sign of forced labour.",
        "Production rose by half.",
        "The pit is owned by a company.",
        "No mining took place in 2012.",
        "Pit 3 is located in Myanmar.",
        "The tonnage doubled.",
    ],
)
def test_a_claim_beyond_the_images_is_found(sentence):
    """Every word of the method's list is caught in an ordinary sentence."""
    assert wording.forbidden(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Disturbed ground consistent with surface mining covered 2.4 km².",
        "No disturbance above 0.09 ha was detectable.",
        "The 740 nm screening test was inconclusive.",
        "The same folder can be reproduced byte for byte; see the legend.",
        "Pixels on the Myanmar side under boundary edition osm-2017.",
        "Reproduction of the run needs the same inputs.",
    ],
)
def test_a_careful_sentence_passes(sentence):
    """Words that only look alike are left alone."""
    assert wording.forbidden(sentence) == []


def test_the_complaint_names_text_word_and_remedy():
    """Whoever wrote the text finds the place and the way out."""
    with pytest.raises(
        TemplateError, match=r"section 'limits'.*'illegal'.*an illegal mine.*instead"
    ):
        wording.check("This would be an illegal mine.", "section 'limits'")
