"""One page to look at the evidence with: a map, and a companion to the report, in one file each."""
