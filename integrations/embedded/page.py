"""The page on which a person sees tickets as an agent does."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from .desk import Desk, FaceName


def application(desks: Mapping[FaceName, Desk]) -> Flask:
    """Return the WSGI application that shows the desks' tickets."""
    return Flask(__name__, static_folder=None)
