"""A goal over time: what is asked of it, its steps as time unfolds them, check-ins, and what a miss changes. Parts of `goals.book`."""
