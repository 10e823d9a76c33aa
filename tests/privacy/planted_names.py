"""Invented people, schools, streets and towns to plant in texts: none is a word, and none is on any list."""

import random

ONSETS = "Br Cr Dr Fl Gr Kn Pl Sk Sn Thr Tw Wr Z V J Qu Sch St".split()
MIDDLES = "ando ebbi ilke orru unza axti etho imba oggle uvvi arple esko inder ollo umpre".split()
ENDINGS = {
    "name": ("ick", "ova", "worth", "son", "ell"),
    "school": ("side", "dene", "hurst"),
    "street": ("wick", "holt"),
    "town": ("thorpe", "minster", "combe"),
}
SENTENCES = {
    "name": (
        "{} was at home.",
        "We spoke with {} about this.",
        "HV {} attended.",
        "The {}s left early.",
        "mother: {}",
        "Her uncle {} rang.",
    ),
    "school": ("Attends {} Primary.", "He moved to {} Academy.", "She was seen at {} school.", "He likes {}."),
    "street": ("They live at 14 {} Street.", "Seen on {} Lane.", "Moved to 3 {} road."),
    "town": ("They moved here from {}.", "He was seen in {} with friends.", "The site at {} Fold is known."),
}


def planted_names(n: int, seed: int) -> list[tuple[str, str]]:
    """Pairs of kind (name, school, street, town) and an invented proper name, each once, in equal shares.

    Parameters
    ----------
    n : int
        At most about 1,500.
    seed : int
    """
    draw = random.Random(seed)
    planted: dict[str, str] = {}
    while len(planted) < n:
        kind = tuple(ENDINGS)[len(planted) % len(ENDINGS)]
        word = draw.choice(ONSETS) + draw.choice(MIDDLES) + draw.choice(ENDINGS[kind])
        planted.setdefault(word, kind)
    return [(kind, word) for word, kind in planted.items()]


def plant(texts: list[str], planted: list[tuple[str, str]], *, seed: int) -> list[str]:
    """The texts with each proper name in a sentence of its kind added to 3% to 15% of them."""
    draw = random.Random(seed)
    added: list[list[str]] = [[] for _ in texts]
    for kind, word in planted:
        share = draw.uniform(0.03, 0.15)
        for number in draw.sample(range(len(texts)), max(1, round(share * len(texts)))):
            added[number].append(draw.choice(SENTENCES[kind]).format(word))
    return [" ".join([text, *sentences]) for text, sentences in zip(texts, added, strict=True)]
