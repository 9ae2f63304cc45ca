"""Tests of `reetrace.classify`."""
