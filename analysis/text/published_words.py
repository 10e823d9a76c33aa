"""Which words of the documents may be shown: general English and the lexicon, and nothing that is written as a name.

This filters what is shown. What the models read is not changed by it.
"""

import re
from functools import cache

import numpy as np

from analysis.text.english import words_that_are_no_names
from analysis.text.lexicon import read_lexicon

# Words by which redaction marks what it took out, and the parts of an address: they say that something was there.
REDACTION_WORDS = frozenset(
    "name names place places date dates dob nhs nino phone telephone mobile email mail link plate address".split()
    + ["postcode", "number"]
)


def may_be_shown(terms: np.ndarray, written_as_names: frozenset[str] = frozenset()) -> np.ndarray:
    """Whether each term may be shown: every word of it is general English or of the lexicon, and none is a name.

    When it misleads: a name that is spelt like a general word and that nobody writes with a capital passes.

    Parameters
    ----------
    terms : ndarray of str
        Words, or terms of several words with spaces between them, in lower case.
    written_as_names : frozenset of str
        Words that these documents mostly write with a capital inside a sentence.

    Returns
    -------
    ndarray of bool, of the same length

    Examples
    --------
    >>> may_be_shown(np.array(["school", "fellgate", "high school", "fellgate school"])).tolist()
    [True, False, True, False]
    """
    allowed = ((words_that_are_no_names() - written_as_names) | _lexicon_words()) - REDACTION_WORDS
    return np.array([all(word in allowed for word in term.split()) for term in terms], dtype=bool)


@cache
def _lexicon_words() -> frozenset[str]:
    lexicon = read_lexicon()
    terms = [
        term for concept in lexicon.concepts for term in (*concept.terms, *concept.parent_terms, *concept.child_terms)
    ]
    terms += [*lexicon.context["parent"], *lexicon.context["child"], *lexicon.giveaway]
    return frozenset(re.findall(r"[a-z]+", " ".join(terms)))
