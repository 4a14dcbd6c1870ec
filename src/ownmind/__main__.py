"""``python -m ownmind`` is ``ownmind``."""

from .channels.cli import main

main()
