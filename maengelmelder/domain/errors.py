"""The one way in which the domain says no."""


class Refusal(Exception):
    """Something that may not be done, with a code that the edge turns into a sentence for people.

    code: stable, lower case, for example `place_missing`; every code has a sentence in `web/sentences.py`.
    field: the form field it belongs to, in the names of the public form (`photos`, `answer-art`), or None.
    params: values that the sentence needs.
    """

    def __init__(self, code: str, field: str | None = None, **params: object) -> None:
        super().__init__(code if field is None else f"{code} ({field})")
        self.code = code
        self.field = field
        self.params = params


class Refusals(Exception):
    """Several refusals at once, so that a form can show every error in one go."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(", ".join(str(refusal) for refusal in refusals))
        self.refusals = refusals
