"""Taking in what citizens send."""
