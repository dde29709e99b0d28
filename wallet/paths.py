"""Where things lie on this computer. Pure: reads the environment it is given, creates nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one learner: the wallet (the truth), the index cache, per-computer state, and the config file."""

    wallet: Path
    cache: Path
    state: Path
    config: Path

    @classmethod
    def of_user(cls, wallet: Path | None = None, environ: Mapping[str, str] | None = None) -> Paths:
        """Default places by platform; `BADGEFOLIO_HOME` moves all four under one folder; `wallet` moves that one alone."""
        env = os.environ if environ is None else environ
        home = env.get("BADGEFOLIO_HOME")
        if home:
            base = Path(home).expanduser()
            found = cls(base / "wallet", base / "cache", base / "state", base / "config.toml")
        else:
            import platformdirs  # 5 ms that `--help` does not need

            dirs = platformdirs.PlatformDirs("badgefolio", appauthor=False)
            found = cls(
                Path(dirs.user_data_dir) / "wallet",
                Path(dirs.user_cache_dir),
                Path(dirs.user_state_dir),
                Path(dirs.user_config_dir) / "config.toml",
            )
        return found if wallet is None else cls(wallet, found.cache, found.state, found.config)

    @classmethod
    def under(cls, base: Path) -> Paths:
        """All four below one folder: for the demo and for tests."""
        return cls(base / "wallet", base / "cache", base / "state", base / "config.toml")
