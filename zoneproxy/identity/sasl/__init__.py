"""SASL on the server side, sans-IO: what a client sends in, what to answer out.

- shapes         what mechanisms have in common: steps, needs, refusals
- server         SaslHandshake and SaslAuthenticate, in the order that Kafka has them
- plain, scram, oauthbearer   the mechanisms
- credentials    who has which password, as salted verifiers; credentials_file reads and writes them
- tokens, signing_keys, providers   JSON Web Tokens, the keys they are checked with, and who issues them
"""

from __future__ import annotations
