"""Suggestions of categories: the stemmer, what was learnt as a file, and the learning itself."""
