"""One file a family of practices; importing this package enters their readers in the order in which they speak."""

from . import data, people, promises, tracking

__all__ = ["data", "people", "promises", "tracking"]
