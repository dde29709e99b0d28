"""What workers tell the screens. A worker never touches a widget: it posts one of these, and the screen's handler acts."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from wallet.progress import Event


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a result: the state it stands for (a verdict's word or "") and clean text."""

    state: str
    text: str


class ProgressChanged(Message):
    """Long work goes on."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class LineDone(Message):
    """One item of long work is done and kept."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line


class WorkEnded(Message):
    """All of it is done, or was stopped; `summary` is a clean sentence."""

    def __init__(self, summary: str, *, cancelled: bool = False) -> None:
        super().__init__()
        self.summary = summary
        self.cancelled = cancelled


class TaskFailed(Message):
    """Work ended in an error: what happened and the next step, both clean sentences."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__()
        self.message = message
        self.remedy = remedy
