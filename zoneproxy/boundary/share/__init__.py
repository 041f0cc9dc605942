"""Share groups (KIP-932): membership, share sessions, acknowledgements, and the offsets of a group."""
