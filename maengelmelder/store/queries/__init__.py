"""The questions that views and services ask the tables."""
