"""What holds for every test: hypothesis draws as it likes, and takes the time that a busy machine takes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("project", deadline=None)
settings.load_profile("project")
