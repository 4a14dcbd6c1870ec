"""``ownmind openapi``: every HTTP route as one document, for programs that are made from such."""

from __future__ import annotations

from .options import HERE, Everywhere
from .output import print_json


def openapi(*, everywhere: Everywhere = HERE) -> int:
    """Print every HTTP route as one OpenAPI 3.1 document. Opens no home.

    Example: ownmind openapi > openapi.json
    """
    from ..openapi import document

    print_json(document())
    return 0
