"""Sentences about the software, on worlds whose answer is known."""
