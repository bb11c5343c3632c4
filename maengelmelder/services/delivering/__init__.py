"""Telling departments and citizens what happened."""
