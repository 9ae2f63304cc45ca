"""The registry: site files, labels, published figures."""
