"""What clients say that is no record, and is kept or passed on all the same: names, ids, metadata, settings.

It belongs to no topic, so the detectors of every rule between the two zones look for data in it, in both directions,
and those that a zone asks for by itself (``beside_records``). Where nothing looks, nothing is done here.

screen.py     what may be said, and what is told of what may not
texts.py      every text of a message
names.py      what a topic may be called
settings.py   CreateTopics, AlterConfigs: names and values
requests.py   requests that are refused as wholes: members of groups, transactional ids, quotas
offsets.py    the text beside a committed offset, on its way in and out
told.py       what members of a group are told of each other
client_id.py  what a client calls itself
"""
