"""Records of the proxy's own, written to topics that no client reaches.

outbox.py     what waits to be written, within bounds
rooms.py      which partitions a topic has and who leads them; the topic made, if that was asked for
producing.py  one batch to one partition, and what the broker's answer means
pace.py       how many a second
publisher.py  one topic: from its outbox to the broker, again and again until it is written
reporter.py   facts of requests -> events and sealed copies -> publishers
trail.py      configuration -> all of the above
"""
