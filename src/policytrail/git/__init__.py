"""Frozen versions: written, proved, kept in git."""

import os

# Else importing git's library raises where no git is installed; `Git` says so in a sentence.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
