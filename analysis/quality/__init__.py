"""How good the instruments are, measured on invented records with known answers."""
