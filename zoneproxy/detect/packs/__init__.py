"""Detectors by what they are about. A policy may name a pack instead of all of its types.

    pci.py        payment cards and what belongs to them, bank accounts
    pii_us.py     people in the United States and Canada
    pii_eu.py     people in Europe
    pii_world.py  people anywhere: e-mail, phone, and the numbers of other countries
    phi.py        patients
    network.py    addresses of networks and devices
    secrets.py    credentials

A new detector is an entry in the pack it belongs to, and samples of it in ``tests/detect/packs/samples.py``.
"""
