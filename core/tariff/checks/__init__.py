"""Whether a document makes sense: units, levels, tables, tiers, cycles; every fault is located."""
