"""`learn`: better suggestions of categories from the city's own tickets."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.adapters.suggesting.learnt_file import NAME, write_learnt
from maengelmelder.adapters.suggesting.training import LearningUnavailable, learn, split
from maengelmelder.adapters.suggesting.trial import Example, Trial, add_up, try_out
from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.reports import find_category
from maengelmelder.domain.suggesting import Keywords
from maengelmelder.domain.suggestion_figures import Figures
from maengelmelder.domain.word_stems import fold
from maengelmelder.house import house
from maengelmelder.settings import ROOT
from maengelmelder.store.queries.catalogue import get_catalogue
from maengelmelder.store.queries.learning import find_examples, find_suggested

MOST_TICKETS = 20_000
FOLDS = 5
EARLIER = 0.8  # of the tickets teach in the second trial, the later ones test
HOW_TO_INSTALL = f"pip install --require-hashes -r {ROOT / 'requirements-learn.txt'}"


@click.command("learn")
@click.option("--min-tickets", default=200, show_default=True, type=click.IntRange(20), help="Fewer teach nothing.")
@click.option("--report", is_flag=True, help="Only say how good the suggestions of the past were.")
@in_app
def learn_command(min_tickets: int, report: bool) -> None:
    """Learn from descriptions and categories which category to suggest, and say how good that is.

    What was learnt counts at once, also for a city that is being served; it is plain numbers under DATA/suggestions.
    Stems of words and pieces of words that stand in fewer than 3 tickets, numbers and addresses are not learnt.
    """
    if report:
        _tell_past(db.session())
        return
    catalogue = get_catalogue(db.session())
    examples = _examples(db.session(), catalogue)
    if len(examples) < min_tickets or len({category for _, category in examples}) < 2:
        raise click.ClickException(f"{len(examples)} tickets with different texts are too few; at least {min_tickets}.")
    try:
        _learn(catalogue, examples, house().settings.suggestions / NAME, house().now())
    except LearningUnavailable:
        raise click.ClickException(f"scikit-learn is missing. Install it: {HOW_TO_INSTALL}") from None


def _examples(session: Session, catalogue: Catalogue) -> list[Example]:
    """Every text once, so that no copy of a text that teaches is also tested; retired categories have successors."""
    found: dict[tuple[str, str], Example] = {}
    for text, key in find_examples(session, MOST_TICKETS):
        if category := find_category(catalogue, key):
            found.setdefault((fold(text), category.key), (text, category.key))
    return list(found.values())


def _learn(catalogue: Catalogue, examples: Sequence[Example], path: Path, now: datetime) -> None:
    keywords = Keywords.of(catalogue, stem)
    crosswise = _try_crosswise(examples, keywords)
    _tell(f"{FOLDS}-fold cross-validation, {len(examples)} tickets", crosswise)
    border = int(len(examples) * EARLIER)
    _tell(f"earlier {EARLIER:.0%} teach, later ones test", try_out(examples[:border], examples[border:], keywords))
    if crosswise.learnt.among <= crosswise.keywords.among:
        raise click.ClickException("Nothing was stored: the catalogue's keywords alone are as good.")
    learnt = learn([text for text, _ in examples], [category for _, category in examples], stem)
    notes = {
        "learnt_at": now.isoformat(),
        "tickets": len(examples),
        "top_1": round(crosswise.learnt.first_share, 4),
        "top_3": round(crosswise.learnt.among_share, 4),
    }
    write_learnt(path, learnt, notes)
    click.echo(
        f"Learnt {len(learnt.features)} stems and pieces of words for {len(learnt.categories)} categories: {path}"
    )


def _try_crosswise(examples: Sequence[Example], keywords: Keywords) -> Trial:
    folds = split([category for _, category in examples], FOLDS)
    return add_up(
        [try_out([examples[i] for i in taught], [examples[i] for i in tested], keywords) for taught, tested in folds]
    )


def _tell(title: str, trial: Trial) -> None:
    click.echo(f"{title:<50}  top-1   top-3")
    _tell_figures("always the most frequent", trial.frequent)
    _tell_figures("keywords of the catalogue", trial.keywords)
    _tell_figures("keywords and what was learnt", trial.learnt)


def _tell_past(session: Session) -> None:
    """People see suggestions and follow them, so this is no measure of a new model; it tells what a day was like."""
    pairs = list(find_suggested(session))
    figures = Figures.of(pairs)
    click.echo(f"{f'{figures.texts} reports with a text':<50}  top-1   top-3")
    _tell_figures("suggested at intake, against the category today", figures)
    click.echo(f"  nothing was suggested for {sum(not suggested for suggested, _ in pairs)}")


def _tell_figures(name: str, figures: Figures) -> None:
    click.echo(f"  {name:<48} {figures.first_share:6.1%}  {figures.among_share:6.1%}")
