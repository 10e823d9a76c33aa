"""What the chapters on family networks open: the study's released tables, and nothing of its engines."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.book.page import Page, show_figure, show_sentence, show_table
from analysis.book.sentences.network import CalibrationRecord
from analysis.disclosure import Released, read_released
from analysis.network.catalogue import NETWORK_TABLES
from analysis.study.settings import Settings, read_settings
from analysis.study.study_page import study_page
from data_synthetic.network import load_truth

OWN = "own"


def study_step(world: str) -> str:
    return f"networks/{world}"


def released_folder(build: Path, world: str) -> Path:
    return build / "networks" / world / "released"


@dataclass(frozen=True)
class NetworkStudy:
    """The released tables of one world, for its chapters.

    Attributes
    ----------
    settings : Settings
    build : Path
    world : str
    """

    settings: Settings
    build: Path
    world: str

    @cached_property
    def tables(self) -> dict[str, Released]:
        return read_released(released_folder(self.build, self.world), NETWORK_TABLES)

    def table(self, name: str, **labels) -> Released:
        """A released table, or its rows with these labels."""
        return self.tables[name].where(**labels)

    @property
    def search(self) -> CalibrationRecord:
        """How the planted values were found, by the truth file's own record."""
        record = load_truth()["search"]
        seed = self.settings.protocol.seeds.synthetic_network
        return CalibrationRecord(record["evaluations"], self.world != OWN and record["last_seed"] == seed)

    def page(self, source: str) -> Page:
        """The page this chapter is shown on; `source` is the notebook's path in the repository."""
        own = self.world == OWN
        return study_page(
            self.settings,
            self.build,
            source,
            made_from=(study_step(self.world),),
            synthetic=not own,
            authorities=tuple(map(self.settings.name, self.settings.authorities)) if own else (),
        )


def open_networks(build: str | Path = "build", world: str = "full") -> NetworkStudy:
    """Open the study of one world whose products lie in `build`."""
    return NetworkStudy(read_settings(Path(build)), Path(build), world)


def show_example(page: Page, study: NetworkStudy) -> None:
    """Show one synthetic child's network; of anyone's own data, say only that none is shown."""
    if "network_example" not in study.tables:
        show_sentence("No child's network is shown here: these are not synthetic data.")
        return
    caption = "A synthetic child's recorded and whole-life network at three moments."
    show_figure(page, "network_example", study.table("network_example"), caption=caption)
    values = study.table("network_example_values")
    names = {column.name: column.name for column in values.specification.named("setting")}
    show_table(page, values, caption="The network predictors in that picture.", headings=names)
