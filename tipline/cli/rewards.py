"""Rewards."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from tipline import policy
from tipline.cli.root import tipline
from tipline.domain.rewards import Scheme, quote
from tipline.policy import quotable


@tipline.group("reward")
def rewards() -> None:
    """Rewards."""


@rewards.command("quote")
@click.option("--scheme", "named", required=True, help="A scheme of the policy, or a file.")
@click.option(
    "--facts", "facts", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
def quote_reward(named: str, facts: Path, as_json: bool) -> None:
    """What a reporter would get, and which rule says so."""
    try:
        found = quote(_scheme(named), quotable.facts_in(facts))
    except policy.PolicyError as wrong:
        raise click.ClickException(str(wrong)) from None
    claim = {name: value for name, value in asdict(found.claim).items() if value is not None}
    answer = {
        "eligible": found.eligible,
        "amount_fen": found.amount_fen,
        "range_fen": found.range_fen,
        "approvals": [approval.by for approval in found.approvals],
        "claim": claim,
        "lines": [{"rule": line.rule, "effect": line.effect.en} for line in found.lines],
    }
    spoken = "\n".join(f"{line.rule}: {line.effect.en}" for line in found.lines)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else spoken)


def _scheme(named: str) -> Scheme:
    schemes = policy.load(_own_policy()).schemes
    if named in schemes:
        return schemes[named]
    if Path(named).is_file():
        return quotable.scheme_in(Path(named))
    raise click.ClickException(f"--scheme: {named} is no file and none of {', '.join(schemes)}")


def _own_policy() -> Path | None:
    own = os.environ.get("TIPLINE_POLICY", "")
    return Path(own) if own else None
