"""Sentences, words and redlines of plain text."""
