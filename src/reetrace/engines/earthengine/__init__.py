"""The engine that works on Google Earth Engine, through its own client."""
