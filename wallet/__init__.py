"""The core of badgefolio: no terminal, no prompts, no printing. Faces and exporters are built on top of it."""

__version__ = "0.1.0"
