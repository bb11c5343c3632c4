"""Smaller answers for slow phones: brotli 4 before gzip 6, by measurement the best seconds for the bytes."""

from flask import Flask, Response, request
from flask_compress import Compress

# A page that shows a secret beside something that a stranger can choose would tell the secret by its compressed length
# (BREACH, CVE-2013-3587).
WITH_SECRETS = ("staff.", "security.", "own.")


def squeeze(app: Flask) -> None:
    """Compress text for browsers that want it. To be called before all others: what is last to touch an answer."""
    app.config.from_mapping(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br"],
    )
    compress = Compress(app)

    @app.after_request
    def _squeeze(response: Response) -> Response:
        if (request.endpoint or "").startswith(WITH_SECRETS):
            return response
        if close := getattr(response.response, "close", None):
            response.call_on_close(close)  # the library wraps a file and forgets to close it
        return compress.after_request(response)
