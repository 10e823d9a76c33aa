"""Where everything of one run lies: every path below its build folder, derived here and nowhere else."""

from dataclasses import dataclass
from pathlib import Path

from analysis.disclosure.containment import CHILD_LEVEL
from analysis.errors import StepError

RELEASED = "released"
SETTINGS = "settings.json"


@dataclass(frozen=True)
class Paths:
    """The paths of the run whose products lie in `build`; a problem is named by its slug, such as "LA1/P1"."""

    build: Path

    @property
    def protocol(self) -> Path:
        return self.build / "protocol.json"

    @property
    def settings(self) -> Path:
        return self.build / SETTINGS

    @property
    def problems(self) -> Path:
        return self.build / "problems.json"

    @property
    def book(self) -> Path:
        """The text of the book, before it is built."""
        return self.build / "book"

    @property
    def definitions(self) -> Path:
        return self.book / "definitions.md"

    @property
    def papers(self) -> Path:
        """Papers for a meeting and for an authority's file, which the book carries."""
        return self.build / "papers"

    @property
    def summary(self) -> Path:
        return self.build / "summary"

    @property
    def shuffled(self) -> Path:
        """The numbers of the claims about models with shuffled risks."""
        return self.build / "shuffled.json"

    @property
    def networks_summary(self) -> Path:
        return self.build / "summary-networks" / "networks.csv"

    def released(self, slug: str) -> Path:
        """Released tables of one problem."""
        return self.build / slug / RELEASED

    def every_released(self, authority: str) -> list[Path]:
        """Folders of released tables of one authority, of this run and of others in the same build folder."""
        return sorted((self.build / authority).glob(f"*/{RELEASED}"))

    def child_level(self, authority: str) -> Path:
        """Checked tables of one authority, for their owner only."""
        return self.build / authority / CHILD_LEVEL

    def supplied(self, authority: str) -> Path:
        """What one authority supplied, as a released table."""
        return self.build / "supplied" / authority / RELEASED

    @property
    def transport(self) -> Path:
        """Released tables of the models that were moved between authorities."""
        return self.build / "transport" / RELEASED

    def networks(self, world: str) -> Path:
        """Released tables of the family networks of one world: "full", "small" or "own"."""
        return self.build / "networks" / world / RELEASED

    def several_worlds(self, world: str) -> Path:
        """Gains in worlds whose truth is known, drawn beside this one."""
        return self.build / "networks" / world / "several_worlds.csv"

    def synthetic_authority(self, authority: str) -> Path:
        """The extract of an invented authority."""
        return self.build / "synthetic" / "england" / authority

    def planted(self, authority: str) -> Path:
        """The risks that the outcomes of an invented authority were drawn from, apart from its extract."""
        return self.build / "synthetic" / "planted" / f"{authority}.parquet"

    def synthetic_networks(self, world: str) -> Path:
        """The tables of an invented country."""
        return self.build / "synthetic" / "network" / world

    def page(self, slug: str) -> Path:
        """The executed notebook of one problem."""
        return self.book / "results" / f"{slug}.ipynb"

    def landing(self, authority: str) -> Path:
        """The page of one authority in a book of many."""
        return self.book / "results" / f"{authority}.md"

    @property
    def all_authorities(self) -> Path:
        """The page that lists the authorities of a book of many."""
        return self.book / "all_authorities.md"

    def chapter(self, name: str) -> Path:
        """The executed notebook of a chapter."""
        return self.book / "notebooks" / f"{name}.ipynb"

    def page_files(self, slug: str) -> Path:
        """Figures and tables of one page, by the slug of its problem or the name of its chapter."""
        return self.book / "_files" / file_slug(slug)

    def step(self, name: str) -> Path:
        """What a step of the workflow recorded of its last run."""
        return self.build / "steps" / f"{file_slug(name)}.json"


def file_slug(slug: str) -> str:
    """A slug as part of a file name: "LA1-P1"."""
    return slug.replace("/", "-")


def find_build(build: str | Path) -> Path:
    """The build folder of that name: here, or in the nearest folder above that holds a run.

    A notebook that is opened in its own folder so finds the run that was made at the top of the repository.

    Raises
    ------
    StepError
        If no run lies there.
    """
    build = Path(build)
    places = [Path()] if build.is_absolute() else [Path(), *Path.cwd().parents]
    for folder in places:
        if Paths(folder / build).settings.is_file():
            return folder / build
    raise StepError(str(build), "holds no run; run `python -m analysis report` first")
