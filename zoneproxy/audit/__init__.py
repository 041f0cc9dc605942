"""The trail: what happened at the boundary, as events for those who look into it. Never a value that was found."""
