"""What the city decides: values in, a frozen description of the change out. No clock, no I/O, no framework."""
