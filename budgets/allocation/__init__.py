"""Who gets the money: rules of participatory budgets. Pure: no Django, no rows, no clock, no hidden chance.

`running.allocate` applies one of `catalogue.RULES` to a `model.Election`; `explaining` says how satisfied
voters are and what each rule would have chosen; `pabulib` reads and writes `.pb` files, `tables` writes
CSV. Only the modules that `running` imports need numpy. docs/algorithms explains every rule.
"""
