"""Where the data come from: invented worlds with planted effects, for everyone who has no extract of their own."""
