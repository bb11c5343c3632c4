"""Setting the city up."""
