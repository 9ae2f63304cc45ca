"""A service on 127.0.0.1 that speaks Earth Engine's endpoints to the unpatched client."""
