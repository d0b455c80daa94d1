"""Statistics of answers. Pure: no Django, no rows.

`shares`, `means`, `crosstabs`, `raking` and `series` compute what results show; `suppression` hides
cells that are too small. Intervals hold at 95 %. SciPy is loaded only when a function needs one of
its distributions (see `distributions`).
"""
