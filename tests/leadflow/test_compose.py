"""The server deployment as data: nothing secret has a default, nothing runs as root, everything is watched."""

import re

import pytest
import yaml

from leadflow.places import BASE

COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
EXAMPLE = (BASE / ".env.example").read_text()
OURS = ("web", "worker", "beat", "migrate")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "ALLOWED_HOSTS", "BASE_URL")


def test_it_has_every_process():
    assert sorted(SERVICES) == ["beat", "migrate", "postgres", "valkey", "web", "worker"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_server_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_serves_before_the_database_is_prepared(name):
    assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES[name]["environment"]["LEADFLOW_PROCESS"] == name


@pytest.mark.parametrize("name", OURS)
def test_our_processes_have_no_rights_to_lose(name):
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["read_only"] is True


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name):
    text = (BASE / "docker-compose.yml").read_text()
    first, *_ = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
    assert first == ":?set it in .env"
    assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


def test_every_variable_is_explained_in_the_example():
    text = (BASE / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))


def test_only_the_web_is_reachable_and_only_from_this_machine():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_data_lies_in_named_volumes():
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_the_image_runs_as_an_ordinary_user():
    lines = (BASE / "Dockerfile").read_text().splitlines()
    assert "USER leadflow" in lines[lines.index("FROM python:3.12-slim") :]
    assert "--require-hashes" in "\n".join(lines)
