"""Who may do what with groups of the classic and the consumer protocol, and with their offsets. See the map in
zoneproxy/__init__.py.
"""
