"""`badgefolio config`: the settings in force."""

from __future__ import annotations

from tui.cli.frame import command as make
from tui.cli.run import Run, with_run


@make("config", examples=("badgefolio config", "badgefolio config --json"))
@with_run
def command(run: Run) -> None:
    """Show the settings and where they come from.

    The file is TOML. It may set person (the name on exports), language (such as "fr"), under [network] proxy, ca_file and
    allow_hosts, and under [accounts] page (see docs/accounts.md). A file that is not there means the defaults.
    """
    config, network = run.config, run.config.network
    there = run.paths.config.is_file()
    run.out.json(
        {
            "format": "badgefolio-config/1",
            "file": str(run.paths.config),
            "exists": there,
            "person": config.person,
            "language": config.language,
            "network": {
                "proxy": network.proxy,
                "ca_file": str(network.ca_file) if network.ca_file is not None else None,
                "allow_hosts": list(network.allow_hosts),
            },
            "accounts": {"page": config.account_page},
        }
    )
    run.out.facts(
        [
            ("file", str(run.paths.config) + ("" if there else " (not there: defaults)")),
            ("person", config.person or "not set"),
            ("language", config.language or "not set"),
            ("network proxy", network.proxy or "not set: as in the environment"),
            ("network ca_file", str(network.ca_file) if network.ca_file is not None else "not set"),
            ("network allow_hosts", ", ".join(network.allow_hosts) or "none"),
            ("accounts page", config.account_page or "not set"),
        ],
        indent=0,
    )
