"""The past of a policy that was kept in git as one text becomes frozen versions."""
