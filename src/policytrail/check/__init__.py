"""`policytrail check` as a reviewer: what is wrong, what changed, what a person must decide, from when it may take effect."""
