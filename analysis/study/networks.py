"""What the chapters on family networks open: the study's released tables, and nothing of its engines."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.book.page import Page, Shown, show_figure, show_sentence, show_table
from analysis.book.sentences.network import CalibrationRecord
from analysis.disclosure import Released, read_released
from analysis.network.catalogue import NETWORK_TABLES
from analysis.study.paths import find_build
from analysis.study.settings import read_settings
from analysis.study.study import Study
from data_synthetic.network import load_truth

OWN = "own"


def study_step(world: str) -> str:
    """The name of the step that studies a world."""
    return f"networks/{world}"


@dataclass(frozen=True)
class NetworkStudy(Study):
    """The released tables of one world, for its chapters.

    Attributes
    ----------
    settings : Settings
    build : Path
    world : str
    """

    world: str

    @property
    def synthetic(self) -> bool:
        return self.world != OWN

    @property
    def authorities(self) -> tuple[str, ...]:
        return tuple(map(self.settings.name, self.settings.authorities))

    @property
    def steps(self) -> tuple[str, ...]:
        return (study_step(self.world),)

    @cached_property
    def tables(self) -> dict[str, Released]:
        """Every released table by name."""
        return read_released(self.paths.networks(self.world), NETWORK_TABLES)

    def table(self, name: str, **labels) -> Released:
        """A released table, or its rows with these labels."""
        return self.tables[name].where(**labels)

    @property
    def search(self) -> CalibrationRecord:
        """How the planted values were found, by the truth file's own record."""
        record = load_truth()["search"]
        seed = self.settings.protocol.seeds.synthetic_network
        return CalibrationRecord(record["evaluations"], self.synthetic and record["last_seed"] == seed)


def open_networks(build: str | Path = "build", world: str = "full") -> NetworkStudy:
    """Open the study of family networks of a run.

    Parameters
    ----------
    build : str or Path
        The folder of the run's products, here or above; see `find_build`.
    world : {"full", "small", "own"}

    Returns
    -------
    NetworkStudy
    """
    build = find_build(build)
    return NetworkStudy(read_settings(build), build, world)


def show_example(page: Page, study: NetworkStudy) -> Shown:
    """Show one synthetic child's network; of anyone's own data, say only that none is shown.

    Parameters
    ----------
    page : Page
    study : NetworkStudy

    Returns
    -------
    Shown
    """
    if "network_example" not in study.tables:
        return show_sentence("No child's network is shown here: these are not synthetic data.")
    caption = "A synthetic child's recorded and whole-life network at three moments."
    show_figure(page, "network_example", study.table("network_example"), caption=caption)
    return show_table(page, study.table("network_example_values"), caption="The network predictors in that picture.")
