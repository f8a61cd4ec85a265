"""`python -m policytrail` is the command `policytrail`."""

from policytrail.cli.main import main

main()
