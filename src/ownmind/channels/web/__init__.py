"""The page on this machine: a server on loopback behind a fence, and static files without a build step."""
