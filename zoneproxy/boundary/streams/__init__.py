"""Streams groups (KIP-1071): their heartbeats, which bring topologies along, and what is told of them."""
