"""Other people's policies as our sources: `.md`, `.txt`, `.html`, `.docx`; one file a format."""

from .read import read_markdown

__all__ = ["read_markdown"]
