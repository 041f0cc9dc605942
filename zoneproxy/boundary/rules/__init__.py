"""Record rules: what is decided about whole records, before or after their values are treated.

    values.py       what a record says where a condition looks
    tree.py         the same for values that are not JSON
    conditions.py   whether a condition holds for a record, as far as that can be told
    filters.py      records for which one does not hold stay behind
    headers.py      headers that must be there, or must not
    sizes.py        how large parts of a record may be
    lineage.py      where a record has been, verified and sealed
    lineage_text.py what it says
    lineage_seal.py the MAC
    steps.py        all of these in their order

Each rule is a ``RecordStep`` of a plan.
"""
