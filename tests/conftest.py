"""What holds for every test: hypothesis draws as it likes, and takes the time that a busy machine takes."""

from __future__ import annotations

from hypothesis import settings
from s3_server import place, s3_server, store

__all__ = ["place", "s3_server", "store"]

settings.register_profile("project", deadline=None)
settings.load_profile("project")
