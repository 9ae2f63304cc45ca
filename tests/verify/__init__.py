"""The 740 nm screening on ground whose minerals are known."""
