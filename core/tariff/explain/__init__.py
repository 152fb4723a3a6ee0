"""One bill explained: every figure, rounding and rule, as data and text; recomputed from them."""
