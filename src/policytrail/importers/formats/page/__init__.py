"""A tree of HTML elements as Markdown: what a reader sees of it, with every word in its place."""

from .blocks import blocks, document_markdown

__all__ = ["blocks", "document_markdown"]
