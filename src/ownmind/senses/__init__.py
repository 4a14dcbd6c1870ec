"""Bytes to text, with spans."""
