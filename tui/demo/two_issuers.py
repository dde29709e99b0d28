"""The two sample issuers' hosts on loopback, up while a `with` block lasts. What is awarded is for the samples built on this."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tui.demo.host import LoopbackHost


class TwoIssuers:
    """A college and a growers' co-operative as hosts."""

    def __init__(self) -> None:
        self._college_host, self._growers_host = LoopbackHost(), LoopbackHost()

    def _begin(self) -> None:
        """Publish and award; both hosts answer by now."""
        raise NotImplementedError

    @property
    def allow_hosts(self) -> tuple[str, str]:
        """What `--allow-host` must name: loopback is refused otherwise, as for any address from outside."""
        return (self._college_host.allow_host, self._growers_host.allow_host)

    @property
    def requests(self) -> tuple[str, ...]:
        """What both issuers were asked for so far."""
        return (*self._college_host.requests, *self._growers_host.requests)

    def close_growers(self) -> None:
        """The second issuer goes out of business: its host no longer answers."""
        self._growers_host.stop()

    def __enter__(self) -> Self:
        self._college_host.__enter__()
        self._growers_host.__enter__()
        try:
            self._begin()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._college_host.stop()
        self._growers_host.stop()
