"""Commands that give a notice by mail."""
