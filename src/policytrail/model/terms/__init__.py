"""The words for kinds of data, purposes, people and fields."""
