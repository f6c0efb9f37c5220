"""A Bandwidth account as code: a manifest is planned against the live account and applied to it."""

__version__ = "0.1.0"
