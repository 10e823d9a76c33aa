"""Remove what identifies a person from text before anything else reads it.

Names come from the extract itself (workers, a table of names) and from the text ("Mrs Smith", "mother, Jane
Smith"); numbers, addresses and dates from the patterns they follow in the United Kingdom. No language model is
used: each rule can be read in `redaction.yml`, and how much it finds is measured on labelled text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import ahocorasick
import polars as pl

from analysis.text.english import general_words, words_that_are_no_names
from analysis.text.learned_names import introduced_names, misspelt_names, unlisted_names
from analysis.text.named_places import redact_schools, redact_streets
from analysis.text.plain_text import plain_text
from analysis.text.redaction_rules import rule_words, rules

NAME = "[name]"
DOCUMENTS_SAMPLED, FEWEST_USES = 2_000, 20  # to learn which words are in use; uses of one, at least (ours)
KINDS = ("name", "place", "nhs", "nino", "postcode", "phone", "email", "link", "date", "plate", "address", "number")
_PARTNER = re.compile(r"(?:-[A-Z][a-z]+)+")
_SURNAME = re.compile(r" ([A-Z](?:[a-z]+|['’][A-Z][a-z]+)(?:-[A-Z][a-z]+)*)\b")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z]\.? $")
_CAPITALISED = r"[A-Z](?:[a-z]+|')?(?:['’-]?[A-Z]?[a-z]+)+"


def redact(texts: Sequence[str], known_names: Iterable[str], known_identifiers: Iterable[str] = ()) -> list[str]:
    """Texts in which names, numbers, addresses and full dates are replaced by their kind in square brackets.

    Parameters
    ----------
    texts : sequence of str
        Free text about children.
    known_names : iterable of str
        Names that the extract knows, whole ("Jane Smith") or in parts. Each part is found on its own, in any case;
        a part that is also an ordinary word ("Grace", "May") only where it is written as a name.
    known_identifiers : iterable of str
        Case numbers and the like, replaced wherever they stand as a word. Those of fewer than 4 characters, or of
        digits alone, are left to the patterns.

    Returns
    -------
    list of str
        In the order given. The kinds are those of `KINDS`.

    Examples
    --------
    >>> redact(["Jane Smith (NHS 999 123 4567) moved to 4 High Street."], ["Jane Smith"])
    ['[name] (NHS [nhs]) moved to [address].']
    """
    if not len(texts):
        return []
    return redact_series(pl.Series(texts, dtype=pl.String), known_names, known_identifiers).to_list()


def redact_series(
    text: pl.Series,
    known_names: Iterable[str],
    known_identifiers: Iterable[str] = (),
    groups: Sequence | None = None,
) -> pl.Series:
    """`redact` for a column of text.

    Also reads HTML and RTF as plain text, and learns names from the texts themselves: misspelt, introduced by a title
    or a role in the family, or written with a capital and no English word.

    Parameters
    ----------
    text : polars.Series
        Of strings; nulls stay null.
    known_names : iterable of str
        As in `redact`.
    known_identifiers : iterable of str
        As in `redact`.
    groups : sequence, optional
        The family of each text: a name that one text of a family introduces is removed from all of them.

    Returns
    -------
    polars.Series
        In the order given.
    """
    text, _ = plain_text(text)
    identifiers = {identifier for identifier in known_identifiers if len(identifier) >= 4 and not identifier.isdigit()}
    if identifiers:
        text = _replace_words(text, identifiers, "[number]")
    text = redact_streets(_redact_patterns(redact_schools(text)))
    known = _name_parts(known_names)
    slips = misspelt_names(text, [form for form, is_word in known.items() if not is_word])
    known |= dict.fromkeys(slips, False)
    known |= dict.fromkeys(_words_in_use(text, known), True)
    unlisted = dict.fromkeys(unlisted_names(text) - known.keys(), True)
    return _redact_names(text, unlisted | known, introduced_names(text, groups))


def _redact_patterns(text: pl.Series) -> pl.Series:
    for rule in rules()["patterns"]:
        if rule.get("check") == "nhs":
            text = _redact_nhs_numbers(text)
        else:
            text = text.str.replace_all(rule["pattern"], rule.get("replacement", f"[{rule['kind']}]"))
    return text


def valid_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11).

    Examples
    --------
    >>> valid_nhs_number("9434765919"), valid_nhs_number("9434765918")
    (True, False)
    """
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == int(digits[9])


def _redact_nhs_numbers(text: pl.Series) -> pl.Series:
    found = text.str.extract_all(r"(?-u:\b)\d{10}(?-u:\b)").explode(empty_as_null=True).drop_nulls().unique().to_list()
    valid = [digits for digits in found if valid_nhs_number(digits)]
    return text.str.replace_many(dict.fromkeys(valid, "[nhs]")) if valid else text


def _replace_words(text: pl.Series, phrases: Iterable[str], replacement: str) -> pl.Series:
    automaton = ahocorasick.Automaton()
    for phrase in phrases:
        automaton.add_word(phrase.lower(), len(phrase))
    automaton.make_automaton()
    texts = [_replace(text, _word_spans(automaton, text), replacement) if text else text for text in text]
    return pl.Series(text.name, texts, dtype=pl.String)


def _word_spans(automaton, text: str) -> list[tuple[int, int]]:
    lower = _lower(text)
    spans = []
    for end, length in automaton.iter(lower):
        start = end - length + 1
        if _is_word(lower, start, end + 1):
            spans.append((start, end + 1))
    return _joined(spans, text)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _is_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def _name_parts(names: Iterable[str]) -> dict[str, bool]:
    """The parts of names in lower case, and whether each is also an ordinary word."""
    particles, ordinary = rule_words("particles"), rule_words("ordinary_words") | rule_words("not_names")
    ordinary |= general_words()
    parts: dict[str, bool] = {}
    for name in names:
        whole = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name or "")
        if _is_a_label(whole):
            continue
        accounts = re.findall(r"\b(?=\w*\d)(?=\w*[^\W\d])\w{5,}\b", name or "")  # the name of an account: SMITHJ01
        pieces = [*whole, *accounts, *(piece for part in whole for piece in re.split(r"[-]", part))]
        for part in pieces:
            part = part.lower()
            if len(part) > 1 and part not in particles:
                forms = {part, part.replace("’", "'"), part.replace("'", "’"), _unaccented(part)}
                for form in forms | {f"{form}s" for form in forms if len(form) > 3}:
                    parts[form] = form in ordinary
    return parts


def _is_a_label(parts: Sequence[str]) -> bool:
    # "No Worker", "Duty Team", "Family Support": every word is a plain one, and none is anybody's name.
    return len(parts) > 0 and all(part.lower() in _plain_words() for part in parts)


@cache
def _plain_words() -> frozenset[str]:
    names = rule_words("ordinary_words") | rule_words("first_names")
    return (words_that_are_no_names() | rule_words("particles") | rule_words("not_names")) - names


def _words_in_use(text: pl.Series, known: dict[str, bool]) -> set[str]:
    # A worker recorded as "Locality Duty Team" must not cost every text the word "locality": what documents use as a
    # word, in lower case and far more often than with a capital, needs its capital to be a name.
    sample = " ".join(set(text.drop_nulls().head(DOCUMENTS_SAMPLED)))
    lower, capital = Counter(re.findall(r"\b[a-z]{2,}\b", sample)), Counter(re.findall(r"\b[A-Z][a-z]+\b", sample))
    return {form for form in known if lower[form] >= FEWEST_USES and lower[form] > 2 * capital[form.capitalize()]}


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _redact_names(text: pl.Series, known: dict[str, bool], introduced: list[set[str]]) -> pl.Series:
    shared = _often_introduced(introduced)
    # A name that the extract does not know needs its capital.
    names = {**dict.fromkeys(rules()["first_names"], True), **dict.fromkeys(shared, True), **known}
    everywhere = ahocorasick.Automaton()
    for form in names.keys() | {form for found in introduced for form in found}:
        everywhere.add_word(form, form)
    everywhere.make_automaton()
    redacted = [
        _replace(value, _name_spans(everywhere, value, names, own), NAME) if value else value
        for value, own in zip(text.to_list(), introduced, strict=True)
    ]
    return pl.Series(text.name, redacted, dtype=pl.String)


def _often_introduced(introduced: list[set[str]]) -> set[str]:
    counts: dict[str, int] = {}
    for found in introduced:
        for form in found:
            counts[form] = counts.get(form, 0) + 1
    return {form for form, count in counts.items() if count >= 2}


def _name_spans(automaton, text: str, names: dict[str, bool], own: set[str]) -> list[tuple[int, int]]:
    lower = _lower(text)
    certain, doubtful = [], []
    for end, form in automaton.iter(lower):
        start, end = end - len(form) + 1, end + 1
        if not _is_word(lower, start, end) or (form not in names and form not in own):
            continue
        if not names.get(form, True) or (form in own and form not in general_words()):
            certain.append((start, end))
        elif text[start].isupper():
            doubtful.append((start, end))
    if not certain and not doubtful:
        return []
    certain += _written_as_names(text, doubtful, certain, own)
    return [_extended(text, span) for span in _joined(certain, text)]


def _written_as_names(text: str, doubtful, certain, own: set[str]) -> list[tuple[int, int]]:
    # "Will" or "Hope" is a name beside another name, after a title or an initial, or with a capital inside a sentence;
    # once it is a name in a text, it is one wherever it has a capital there. A month's name needs the first signs.
    sentence_words, months = rule_words("sentence_words") | rule_words("not_names"), rule_words("months")
    plain = _plain_words()
    neighbours = {start for start, _ in certain} | {end for _, end in certain}
    confirmed = set(own)
    for _ in range(2):  # the second time, the first word of "Will Young" has a neighbour
        for start, end in doubtful:
            form = text[start:end].lower()
            beside = {end + 1, start - 1} & neighbours or re.search(r"\b[A-Z]\.? $", text[max(0, start - 4) : start])
            inside = start >= 2 and text[start - 1] == " " and text[start - 2] not in '.!?:;\n"“•-'
            is_name_alone = form not in sentence_words and form not in plain
            if beside or is_name_alone or (inside and (form not in months or not _tells_a_month(text, start, end))):
                confirmed.add(form)
                neighbours |= {start, end}
    return [
        (start, end)
        for start, end in doubtful
        if (form := text[start:end].lower()) in confirmed and not (form in months and _tells_a_month(text, start, end))
    ]


def _tells_a_month(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 12) : start].lower().split(), text[end : end + 5].strip()
    return bool(after[:1].isdigit() or (before and (before[-1] in rule_words("before_months") or before[-1].isdigit())))


def _extended(text: str, span: tuple[int, int]) -> tuple[int, int]:
    # Take in a double-barrelled partner ("Smith-Jones"), an initial or a title before the name ("Mr J. Smith") and a
    # surname that nobody introduced after it ("Jane Quarmby").
    start, end = span
    if after := _PARTNER.match(text, end):
        end = after.end()
    if (following := _SURNAME.match(text, end)) and following[1].lower() not in rule_words("not_names"):
        end = following.end()
    before = text[max(0, start - 3) : start]
    if len(before) > 1 and (found := _INITIAL.search(before)) and found.group() not in ("A ", "I "):
        start -= len(found.group())
    if text[start - 1 : start] == " " and (title := _title_before().search(text, max(0, start - 12), start)):
        start = title.start()
    return start, end


@cache
def _title_before() -> re.Pattern:
    return re.compile(rf"\b(?:{'|'.join(rules()['titles'])})\.? $")


def _joined(spans: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in (" ", "-", "  ")):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _replace(text: str, spans: Sequence[tuple[int, int]], replacement: str) -> str:
    if not spans:
        return text
    parts, position = [], 0
    for start, end in spans:
        if start >= position:
            parts += [text[position:start], replacement]
            position = end
    return "".join([*parts, text[position:]])
