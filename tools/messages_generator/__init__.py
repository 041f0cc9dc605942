"""Turns Kafka's message definitions into the modules of ``zoneproxy.wire.messages``.

- definitions  reads the JSON of the kafka-clients jar
- model        the facts of a message: fields, types, versions
- sizes        what a struct takes at least on the wire, and about in memory
- expressions  one Python expression or statement per range of versions
- runs         numbers that stand side by side
- reading, writing, classes, modules   the source text
- tables       the registry, the API keys, the entity walks
- errors       Kafka's error codes
"""
