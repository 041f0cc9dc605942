"""Who may do what with transactions and with the state of producers. See the map in zoneproxy/__init__.py."""
