"""What is remembered, found again, learnt from, and forgotten."""
