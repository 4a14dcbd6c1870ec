"""The page on this machine: a server on loopback and static files."""
