"""Tests of `reetrace.drawn`."""
