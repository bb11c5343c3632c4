"""What the house does, one file a verb: load, ask the domain, write rows.

A service takes a session and never commits.
"""
