"""Figures of a report, drawn only from the evidence and the rasters beside it."""
