#!/usr/bin/env python3
"""The one command that CI runs: `python build.py [--as-of DATE] [--strict]` is `policytrail build`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# A checkout runs from its own sources, whether or not the package is installed.
sys.path.insert(0, str(ROOT / "src"))

if __name__ == "__main__":
    from policytrail.cli.main import main

    sys.argv.insert(1, "build")
    main()
