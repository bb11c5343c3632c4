"""The edge that browsers and machines talk to: listens, answers, commits once."""
