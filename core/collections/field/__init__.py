"""Money that collectors fetch at the door: routes, devices that work off-line, what they record.

A collector is the agent of a channel of the kind field_device: float, shifts, commission and the
limit of its cash are `payments.agents`. A device signs a chain of records; `records`, `keys`,
`chain`, `shift` and `visits` are pure and say what they mean, the others keep and post it.
"""
