"""Why a release may not be: each reason is one value, and a family of reasons is one file."""
