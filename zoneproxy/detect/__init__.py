"""See the map in zoneproxy/__init__.py."""
