"""The nouns every other part speaks in: frozen values with numpy at most, no files, no engine."""
