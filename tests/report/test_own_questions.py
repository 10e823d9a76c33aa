"""An authority follows the guide to the letter, with questions of its own, and gets its book."""

import re
import shutil
from pathlib import Path

import guide
import pytest
import yaml
from own_extract import copy_networks, quick_protocol, run_report

from analysis.errors import TOO_FEW_OUTCOMES
from analysis.protocol import load_protocol, parse_protocol
from analysis.study.evidence_files import check_conformance
from data_synthetic.england import synthesise

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def council(tmp_path_factory) -> Path:
    """A folder as the guide draws it: `data/Anyborough`, and beside it the protocol of step 3, made quick."""
    folder = tmp_path_factory.mktemp("council")
    synthesise(folder / "data", protocol=load_protocol(ROOT / "protocol.yml"), authorities=["LA3"], scale=0.15)
    extract = (folder / "data" / "LA3").rename(folder / "data" / "Anyborough")
    (particulars,) = [text for text in guide.snippets("yaml") if text.startswith("name:")]
    dates = (extract / "extract.yml").read_text(encoding="utf-8").splitlines()[1:]
    (extract / "extract.yml").write_text("\n".join([particulars.splitlines()[0], *dates]), encoding="utf-8")
    # Neither families nor documents: the book must say so, and the run is shorter.
    for name in ("documents.parquet", "families.csv", "names.csv"):
        (extract / name).unlink()
    quick_protocol(folder, guide.protocol_of_the_guide(), "anyborough.yml")
    return folder


def follow(command: str, folder: Path, build: Path):
    """Run a command of the guide, its paths taken from `folder`, in a build folder of its own."""
    given = [
        str(folder / word) if word.startswith(("data/", "anyborough")) else word for word in guide.arguments(command)
    ]
    small = ["--network-world", "small"] if given[0] == "report" and "--network-world" not in given else []
    return run_report(*given, *small, "--build", str(build), guard=folder / "guard")


def test_the_protocol_of_the_guide_is_accepted_as_written():
    protocol = parse_protocol(guide.protocol_of_the_guide())
    assert check_conformance(protocol, ROOT / "nowhere").added == {"P9"}
    assert protocol.authorities["Anyborough"].name == "Anyborough Council"


def test_the_deviation_of_the_guide_is_accepted_as_written(tmp_path):
    (deviation,) = [text for text in guide.snippets("yaml") if text.startswith("- address")]
    (tmp_path / "deviations.yml").write_text(deviation, encoding="utf-8")
    (record,) = yaml.safe_load(deviation)
    *sections, key = record["address"].split(".")
    values = yaml.safe_load(guide.protocol_of_the_guide())
    part = values
    for section in sections:
        part = part[section]
    part[key] = record["executed"]
    executed = parse_protocol(yaml.safe_dump(values))
    assert check_conformance(executed, tmp_path).deviating == {sections[0]}


@pytest.mark.parametrize("verb", ["check", "report", "synthesise", "delete"])
def test_every_command_of_the_guide_is_one_that_the_analysis_knows(verb, capsys):
    from analysis.__main__ import main

    typed = guide.commands(verb)
    assert typed or verb == "delete"
    for command in typed:
        with pytest.raises(SystemExit) as left:
            main([*guide.arguments(command), "--help"])
        assert left.value.code == 0


def test_check_of_the_guide_says_what_its_predictions_would_stand_on(council):
    (command,) = [command for command in guide.commands("check") if "PROTOCOL" in command]
    done = follow(command, council, council / "checked")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"P9 Return to early help", done.stdout)


@pytest.fixture(scope="session")
def book(council) -> Path:
    """The book that the guide's own command makes."""
    (command,) = [command for command in guide.commands("report") if "OUTCOMES" in command]
    done = follow(command, council, council / "build")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return council / "build" / "_build" / "html"


def words(path: Path) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("’", "'").split())


def badges(path: Path) -> set[str]:
    return set(re.findall(r'badge-quiet badge-[a-z-]+" title="[^"]*">([^<]*)<', path.read_text(encoding="utf-8")))


def test_the_guides_example_gets_its_book_with_its_own_name(book):
    """So small an extract cannot bear P9: its page says so in a sentence that tells no count, and the book is made."""
    own = words(book / "results" / "Anyborough" / "P9.html")
    assert "P9, Anyborough Council: Return to early help" in own and "cannot be studied on these cases" in own
    assert TOO_FEW_OUTCOMES[:60] in own and "pre-registered" not in own
    registered = words(book / "results" / "Anyborough" / "P5.html")
    assert "P5, Anyborough Council: Escalation after contact" in registered
    assert "made from Anyborough Council's own extract" in registered


def test_every_page_of_a_study_that_deviates_says_so(book):
    """The protocol departs in sections on the models and on the networks: neither may pass as pre-registered."""
    for chapter in ("performance", "network_models", "network_fairness"):
        marks = badges(book / "notebooks" / f"{chapter}.html")
        assert "deviation" in marks and "pre-registered" not in marks, (chapter, marks)


def test_a_book_without_documents_names_no_model_for_text(book):
    pages = [*book.glob("results/*/*.html"), *(book / "notebooks" / f"{n}.html" for n in ("findings", "performance"))]
    for page in pages:
        assert "text and structured data" not in words(page), page
    assert "supplied no documents, so no model reads text" in words(book / "notebooks" / "text.html")
    assert "Adding text" not in words(book / "notebooks" / "findings.html")


def test_a_book_without_families_says_on_every_page_of_results_that_each_child_is_one(book):
    pages = [*book.glob("results/*/*.html"), *(book / "notebooks").glob("*.html")]
    others = ("network_", "social_workers", "redaction")
    for page in pages:
        if not page.stem.startswith(others):
            assert "each child counts as a family of one" in words(page), page


def test_the_book_says_what_was_supplied(book):
    text = words(book / "notebooks" / "supplied.html")
    assert "Anyborough Council" in text and "Annex A" in text and "List 1: Contacts" in text
    assert "April 2014" in text and "July 2019" in text


def test_an_own_book_names_the_studys_authorities_for_what_they_published_alone(book):
    """Their names stand where a published value or claim does, in the protocol, and in the guide's rehearsal."""
    published = {"claims", "protocol", "run_it_on_your_data", "performance", "search"}
    for page in book.rglob("*.html"):
        if page.stem not in published:
            assert not re.search(r"\bLA[1-4]\b", words(page)), page


def test_the_poll_and_an_invented_country_carry_no_verdict(book):
    html = (book / "notebooks" / "findings.html").read_text(encoding="utf-8")
    after = html[html.index("In New Zealand, with family networks") :]
    assert "agreement-" not in after and "invented country" in after


def test_an_extract_outside_the_study_is_refused_before_anything_is_computed(council, tmp_path):
    extract = shutil.copytree(council / "data" / "Anyborough", tmp_path / "data" / "Anyborough")
    protocol = yaml.safe_load((council / "anyborough.yml").read_text(encoding="utf-8"))
    protocol["study"] |= {"first_date": "2001-01-01", "last_date": "2005-12-31"}
    (tmp_path / "early.yml").write_text(yaml.safe_dump(protocol), encoding="utf-8")
    shutil.copy(council / "deviations.yml", tmp_path)
    own = ["--data", str(extract), "--protocol", str(tmp_path / "early.yml"), "--network-world", "small"]
    done = run_report("report", *own, "--build", str(tmp_path / "build"), guard=tmp_path / "guard")
    assert done.returncode == 1 and "but the protocol studies 01/01/2001 to 31/12/2005 only" in done.stderr
    assert "networks" not in done.stdout and not (tmp_path / "build" / "networks").exists()


@pytest.fixture(scope="session")
def book_of_returns(council, book, tmp_path_factory) -> Path:
    """The book of an authority that has its census and SSDA903 and nothing else.

    What the council's run drew of family networks, which is of no authority, is put where this run looks for it.
    """
    folder = tmp_path_factory.mktemp("returns")
    protocol = load_protocol(ROOT / "protocol.yml")
    synthesise(folder / "data", protocol=protocol, authorities=["LA1"], scale=0.12, form="returns")
    extract = (folder / "data" / "LA1").rename(folder / "data" / "Anyborough")
    for path in extract.iterdir():
        if path.is_file() and path.name != "extract.yml":
            path.unlink()
    copy_networks(council / "build", folder / "build")
    own = ["--data", str(extract), "--protocol", str(council / "anyborough.yml"), "--network-world", "small"]
    done = run_report("report", *own, "--outcomes", "P7", "--build", str(folder / "build"), guard=folder / "guard")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "build" / "_build" / "html"


def test_the_census_and_ssda903_alone_make_a_book_that_says_what_they_hold(book_of_returns):
    supplied = words(book_of_returns / "notebooks" / "supplied.html")
    assert "Children in need census and SSDA903" in supplied
    assert "P7, Anyborough Council: Child protection plan after assessment" in words(
        book_of_returns / "results" / "Anyborough" / "P7.html"
    )
    for chapter, said in {
        "text": "supplied no documents, so no model reads text",
        "performance": "each child counts as a family of one",
    }.items():
        assert said in words(book_of_returns / "notebooks" / f"{chapter}.html")
