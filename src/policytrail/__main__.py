"""`python -m policytrail` is the command `policytrail`."""

from .cli.main import main

main()
