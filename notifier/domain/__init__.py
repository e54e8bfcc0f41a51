"""Pure decisions, values and reasons: no clock, no random, no await (DESIGN 2)."""
