"""The past of a policy that lived in git, as frozen versions."""
