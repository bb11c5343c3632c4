"""`demo`: a city in full swing, to look at and to try things on."""

from maengelmelder.cli.demo.command import demo

__all__ = ["demo"]
