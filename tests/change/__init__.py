"""Tests of `reetrace.change`."""
