"""An owner's own network tables are found beside the extract."""

import pytest

from analysis.extract import find_authorities
from analysis.protocol import load_protocol
from analysis.study.networks import study_step
from analysis.study.settings import Settings
from analysis.workflow.network_study import network_steps, own_networks


@pytest.fixture
def data(tmp_path):
    (tmp_path / "Anyborough" / "annex_a").mkdir(parents=True)
    (tmp_path / "networks").mkdir()
    (tmp_path / "networks" / "people.csv").write_text("person_id,birth_date,gender,ethnicity\n")
    return tmp_path


def test_the_folder_is_found_where_it_is(data):
    assert own_networks(data) == data / "networks"
    assert own_networks(data / "Anyborough") is None and own_networks(None) is None


def test_network_tables_are_no_authoritys_extract(data):
    assert set(find_authorities(data)) == {"Anyborough"}


def test_the_own_world_is_read_where_it_lies_and_not_drawn(data, tmp_path):
    settings = Settings(load_protocol(), False, (), network_world="own")
    steps = {step.name: step for step in network_steps(settings, tmp_path, "own", data=data / "networks")}
    assert not [name for name in steps if name.startswith("synthesise")]
    study = steps[study_step("own")]
    assert study.reads == (data / "networks",)
    assert {name: study.arguments[name] for name in ("source", "synthetic")} == {
        "source": data / "networks",
        "synthetic": False,
    }
