"""How much of what identifies people redaction removes, measured on text whose identifiers are labelled."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.extract.redact import KINDS, redact

Label = tuple[int, int, str]  # start, end, kind


def redaction_quality(
    texts: Sequence[str], labels: Sequence[Sequence[Label]], known_names: Iterable[str]
) -> pd.DataFrame:
    """Recall of each kind of identifier, and precision over all kinds.

    A labelled identifier counts as removed only if every letter and digit of it is gone. Precision is the share of
    removed passages that touch a labelled identifier: the rest were ordinary words, removed for nothing.

    Returns
    -------
    pandas.DataFrame
        One row per kind and one for "all": kind, identifiers, removed, recall; `passages` removed and `precision` in
        the last row only, since a passage removed for nothing has no kind.
    """
    rows: dict[str, list[int]] = {}
    passages = right = 0
    for text, redacted, own in zip(texts, redact(texts, known_names), labels, strict=True):
        spans = removed_spans(text, redacted)
        passages += len(spans)
        right += sum(any(start < e and s < end for s, e, _ in own) for start, end in spans)
        gone = bytearray(len(text))
        for start, end in spans:
            gone[start:end] = b"\1" * (end - start)
        for start, end, kind in own:
            tally = rows.setdefault(kind, [0, 0])
            tally[0] += 1
            tally[1] += all(gone[i] or not text[i].isalnum() for i in range(start, end))
    result = pd.DataFrame(
        [(kind, *tally) for kind, tally in sorted(rows.items())], columns=["kind", "identifiers", "removed"]
    )
    total = pd.DataFrame([("all", result["identifiers"].sum(), result["removed"].sum())], columns=result.columns)
    result = pd.concat([result, total], ignore_index=True)
    result["recall"] = result["removed"] / result["identifiers"]
    last = result.index == len(result) - 1
    return result.assign(
        passages=pd.Series([passages] * len(result), dtype="Int64").where(last),
        precision=pd.Series([right / passages if passages else float("nan")] * len(result)).where(last),
    )


def removed_spans(text: str, redacted: str) -> list[tuple[int, int]]:
    """Where in the original text each bracketed kind of the redacted text stood."""
    pieces = re.split(rf"\[(?:{'|'.join(KINDS)})\]", redacted)
    pattern = "(.+?)".join(re.escape(piece) for piece in pieces)
    match = re.fullmatch(pattern, text, re.DOTALL)
    return [match.span(i) for i in range(1, len(pieces))] if match else []
