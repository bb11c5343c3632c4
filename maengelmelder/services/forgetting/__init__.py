"""Erasing what the city no longer needs (DSGVO Art. 5 Abs. 1 e, Art. 17)."""
