"""The one place that says which version of the kit this is."""

__version__ = "0.2.0"
