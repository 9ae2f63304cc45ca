"""The colours of a report are sRGB, by a profile made from the figures of its standard."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from reetrace.report import colour


def test_colours_are_those_of_the_standard():
    """A picture taken through the profile to sRGB and back comes home as it was."""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(colour.srgb_profile()))
    grey = Image.new("RGB", (3, 1))
    grey.putdata([(18, 53, 91), (128, 128, 128), (200, 29, 19)])

    there = ImageCms.profileToProfile(grey, profile, ImageCms.createProfile("sRGB"))

    assert there is not None
    shifts = [abs(a - b) for a, b in zip(there.tobytes(), grey.tobytes(), strict=True)]
    assert max(shifts) <= 1
    assert ImageCms.getProfileDescription(profile).strip() == colour.NAME


def test_the_profile_tells_no_time():
    """Its date is that of the standard; its bytes are the same every time."""
    made = colour.srgb_profile()

    assert made == colour.srgb_profile()
    assert int.from_bytes(made[:4]) == len(made)
    assert [int.from_bytes(made[at : at + 2]) for at in range(24, 30, 2)] == [1999, 10, 18]
