"""Does the family network improve prediction? Recorded and whole-life networks, at the size of a country."""
