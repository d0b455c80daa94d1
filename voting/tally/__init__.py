"""Counting votes. Pure: no Django, no rows, no clock, no hidden chance.

`methods.count` counts a `model.Contest` by any of `methods.METHODS`; `thresholds` says whether a quorum
or a majority is reached; `formats` reads files of ballots, `preflib.write` writes them. docs/algorithms/
explains every method.
"""
