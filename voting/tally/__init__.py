"""Counting votes. Pure: no Django, no rows, no clock, no hidden chance.

`methods.count` counts a `model.Contest` by any of `methods.METHODS`; `thresholds` says whether a quorum
or a majority is reached; `formats` reads and writes files of ballots; `answers` makes a contest of a
question's answers. docs/algorithms/ explains every method.
"""
