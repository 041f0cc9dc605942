"""Programs for those who work on zoneproxy."""
