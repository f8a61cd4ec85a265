"""The one way to ask the network for a page: public addresses only."""
