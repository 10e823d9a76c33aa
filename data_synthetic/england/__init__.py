"""A synthetic England: four authorities whose extracts look like the real ones and hold nobody.

Everything that was planted (sizes, prevalences, what raises a child's risk, what drifts, what leaks) is in
`truth.yml`, and only there. `synthesise` writes the extracts; `labelled_text` gives documents with the answers.
"""

from data_synthetic.england.authorities import synthesise
from data_synthetic.england.prose import labelled_text

__all__ = ["labelled_text", "synthesise"]
