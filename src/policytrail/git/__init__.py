"""The only door to git: commits, tags, history, remotes, in an environment that the user's configuration can't bend."""

import os

# Else importing git's library raises where no git is installed; `Git` says so in a sentence.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
