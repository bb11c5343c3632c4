"""What every category asks, in one document: the report form reads it once, and a phone keeps it for no network."""

from flask import Blueprint, render_template

from maengelmelder.domain.reports import is_required
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.report_form import contacts_of, empty_form

blueprint = Blueprint("report_questions", __name__)


@blueprint.get("/melden/fragen")
def show() -> str:
    """The questions as the form's own page shows them, one section a category."""
    catalogue = the_catalogue()
    categories = [category for group in catalogue.groups for category in catalogue.active_in(group)]
    return render_template(
        "public/questions.html",
        forms=[empty_form(catalogue, category, is_fixed=False) for category in categories],
        is_required=is_required,
        contacts_of=contacts_of,
    )
