"""maengelmelder: a citizen's photo becomes a mail in the right department's box and a pin that everyone sees."""
