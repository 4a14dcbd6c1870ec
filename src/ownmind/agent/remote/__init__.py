"""Asking a model on another machine: what would leave, behind pseudonyms, after the person's yes."""
