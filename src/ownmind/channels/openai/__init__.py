"""Ownmind for programs that speak OpenAI's HTTP API, or Anthropic's: ``/v1/...``. What each may do is in its key (guard/clients.py)."""
