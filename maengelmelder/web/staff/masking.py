"""Contact data as staff see it without asking for more: enough to recognise, too little to use."""

DOTS = "…"


def mask_email(email: str) -> str:
    """`maria@post.example.de` becomes `m…@p….de`."""
    local, _, domain = email.rpartition("@")
    if not local:
        return DOTS
    ending = domain.rpartition(".")[2] if "." in domain else ""
    return f"{local[0]}{DOTS}@{domain[:1]}{DOTS}{'.' if ending else ''}{ending}"


def mask_name(name: str) -> str:
    """`Maria Huber` becomes `M… H…`."""
    return " ".join(f"{word[0]}{DOTS}" for word in name.split())
