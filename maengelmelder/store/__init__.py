"""The tables, and the questions we ask them."""
