"""The OpenAPI description: it names all that is answered, and what a demo takes."""

from __future__ import annotations

from app.describing import RUNS, described
from app.main import create_app
from app.topics import topics

SITE = described(create_app().state.routes, "/learn")


def test_every_topic_has_its_addresses_and_every_demo_its_parameters() -> None:
    for slug, topic in topics().items():
        for address in RUNS:
            (experiment,) = SITE["paths"][f"/topics/{slug}{address}"]["get"]["parameters"]
            names = [said["$ref"].rpartition("/")[2] for said in experiment["schema"]["anyOf"]]
            assert names == [f"{slug}.{demo.name}" for demo in topic.demos]
            for name, demo in zip(names, topic.demos, strict=True):
                schema = SITE["components"]["schemas"][name]
                assert list(schema["properties"]) == ["demo", *demo.params.in_order()]
                assert all("control" not in said for said in schema["properties"].values())


def test_only_the_first_demo_may_go_without_its_name() -> None:
    for slug, topic in topics().items():
        needed = [SITE["components"]["schemas"][f"{slug}.{demo.name}"].get("required") for demo in topic.demos]
        assert needed == [None, *[["demo"]] * (len(topic.demos) - 1)]


def test_every_address_says_what_it_is_and_each_part_of_its_path() -> None:
    for path, methods in SITE["paths"].items():
        for operation in methods.values():
            assert operation["summary"].endswith((".", ":"))
            placed = [f"{{{said['name']}}}" for said in operation["parameters"] if said["in"] == "path"]
            assert [part for part in placed if part not in path] == []
            assert len(placed) == path.count("{")


def test_it_says_under_which_path_the_site_stands() -> None:
    assert SITE["servers"] == [{"url": "/learn"}]
