"""The line of keys below every screen. Which keys they are, screens and panes say with their bindings."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Footer


class Keys(Footer):
    """Textual's footer, made anew only when other keys are to be shown.

    Bindings are looked at again whenever the focus moves or a pane changes what it can do, several times for most keys pressed;
    with a footer made anew each time, that was a fourth of what it takes to answer a key.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._shown: tuple[object, ...] = ()

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Begin anew if what is shown of the bindings has changed."""
        if self.app.app_focus and self.is_attached and screen is self.screen:
            shown = tuple(
                (active.binding.key, active.binding.description, active.enabled, active.tooltip)
                for active in screen.active_bindings.values()
                if active.binding.show
            )
            if shown == self._shown:
                return
            self._shown = shown
        super().bindings_changed(screen)
