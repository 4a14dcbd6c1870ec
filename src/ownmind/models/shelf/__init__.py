"""Which models there are: catalogue, hub, what fits, fetching, checking."""
