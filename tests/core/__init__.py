"""Tests of `reetrace.core`."""
