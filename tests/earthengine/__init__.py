"""Sentences about the Earth Engine engine, on the unpatched client and no Google."""
