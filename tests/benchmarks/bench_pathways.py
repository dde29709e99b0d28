"""What one learner's progress costs: states, reasons and figures of 20 pathways over 500 badges, beside the bare flows."""

from __future__ import annotations

from tests.benchmarks.harness import Row, measure
from tests.generate import crowd
from wallet.limits import LIMITS
from wallet.pathways.fitting import Fitting, unfold
from wallet.pathways.progress import evaluate
from wallet.pathways.scope import Budget, solve


def rows() -> list[Row]:
    """Nothing is compiled before: this is the first look of somebody who opens the wallet."""
    asked = crowd.pathways(20)
    (held,) = crowd.learners(1, badges=500)
    instances = [(one, unfold(one, one.root), Fitting(one, held, crowd.AT)) for one in asked]

    def bare() -> None:
        for one, tree, fitting in instances:
            solve(one, tree, fitting, Budget(LIMITS.pathway_flows, LIMITS.pathway_states))

    def product() -> None:
        for one in asked:
            evaluate(one, held, crowd.AT)

    return [
        measure(
            f"progress of {len(asked)} pathways over {len(held)} badges, beside the flows alone",
            bare,
            product,
            gate=16,
            stretch=3,
            note="matching included",
        )
    ]
