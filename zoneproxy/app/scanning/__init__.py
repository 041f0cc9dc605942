"""Data at rest, looked through for what detectors know: files, log segments of Kafka, topics.

units.py     what is looked at at once: a record, a line, a document
files.py     files and folders -> units
batches.py   record batches -> units
topics.py    a topic of an upstream -> units
search.py    units -> findings
run.py       all of it, from what is named to the report
report.py    findings -> what is told, never a value
"""
