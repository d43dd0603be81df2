"""README and deploy/ agree with the code; checked without a network and without Docker."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import counters
import settings
from components import uploads
from tests import asynchronous
from tests.imports import modules, modules_of_the_app
from web import metrics

PROJECT = Path(__file__).parent.parent
DEPLOY = PROJECT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CADDYFILE = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (DEPLOY / "example.env").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def in_the_table(readme: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)`", (PROJECT / readme).read_text(encoding="utf-8"), re.MULTILINE))


def test_both_readmes_hold_the_same() -> None:
    """Not the words, but all that can be compared: sections, table rows, commands, names, diagrams, pictures."""
    english, korean = ((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md"))

    def held(text: str) -> dict[str, object]:
        shell = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        return {
            "sections": len(re.findall(r"^## ", text, re.MULTILINE)),
            "rows": len(re.findall(r"^\|", text, re.MULTILINE)),
            "commands": [line.partition("#")[0].strip() for block in shell for line in block.splitlines()],
            "names": set(re.findall(r"`([^`\n]+)`", prose)),
            "rooms": re.findall(r"^(\S+(?:\.py|/))  ", text, re.MULTILINE),
            "diagram": re.findall(r"(\w+) -[-.]+>? ?", text),
            "pictures": [name[2:] for name in re.findall(r"screenshots/(\S+?)\.webp", text)],
        }

    assert held(english) == held(korean)


def test_the_port_is_the_same_everywhere() -> None:
    assert re.search(r"EXPOSE 8501", DOCKERFILE)
    assert 'CMD ["haru", "--port=8501"]' in DOCKERFILE
    assert "'http://127.0.0.1:8501' + links.to('/account/health')" in DOCKERFILE
    assert "reverse_proxy haru:8501" in CADDYFILE


def test_only_the_container_listens_on_every_address() -> None:
    assert re.search(r"^ENV .*HARU_ADDRESS=0\.0\.0\.0$", DOCKERFILE, re.MULTILINE)
    assert COMPOSE["services"]["haru"]["environment"]["HARU_ADDRESS"] == "0.0.0.0"  # noqa: S104
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "$(BIN)/python -m web.serve --port $(PORT)" in makefile, "the command that reads HARU_ADDRESS"
    assert "$(BIN)/python -m demo --port $(PORT)" in makefile


def test_the_image_installs_what_the_app_runs_on() -> None:
    required = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^(torch|torchvision)==([\d.]+)$", required, re.MULTILINE))
    assert dict(re.findall(r"(torch|torchvision)==([\d.]+)", DOCKERFILE)) == pins
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted == ">=3.11"
    assert re.search(r"^FROM python:3\.11-slim-\w+@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert "USER haru" in DOCKERFILE, "not as root"
    assert "pip install --no-cache-dir --no-deps --editable ." in DOCKERFILE, "haru-admin makes the backups"


def test_the_image_carries_the_app_and_no_more() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    ignored = {line for line in lines if line and not line.startswith("#")}
    assert {"data", ".git", ".venv"} <= ignored, "no diary and no history goes into an image"
    assert {"**/*.env", ".streamlit/secrets.toml"} <= ignored, "and no secret"

    def is_ignored(file: Path) -> bool:
        path = file.relative_to(PROJECT)
        return any(fnmatch(str(part), line) for part in (path, *path.parents) for line in ignored)

    for name in (".env", "smtp.txt", "secrets.yaml", "key"):
        assert is_ignored(DEPLOY / name), "the operator's secrets"
    app = modules_of_the_app()
    needed = [*app.values(), *PROJECT.glob("*/MODEL_CARD.md"), *PROJECT.glob("web/html/*")]
    needed += [PROJECT / name for name in ("pyproject.toml", "requirements.txt", ".streamlit/config.toml", "LICENSE")]
    needed += [*PROJECT.glob("assets/locales/*"), *PROJECT.glob("assets/weights/*/*"), PROJECT / "demo" / "story.tsv"]
    assert [str(file) for file in needed if not file.exists() or is_ignored(file)] == []
    # What no command of the image starts stays outside of it: training, benchmarks, tests, and what makes pictures.
    others = [file for name, file in modules().items() if name not in app] + [*(PROJECT / "tests").rglob("*.py")]
    assert len(others) > 100
    assert [str(file) for file in others if not is_ignored(file)] == []


def test_the_comments_of_streamlits_settings_name_a_section_that_is_there() -> None:
    text = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    (section,) = re.findall(r'README\.md, section "([^"]+)"', text)
    assert f"\n## {section}\n" in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_compose_is_consistent() -> None:
    services = COMPOSE["services"]
    haru, caddy = services["haru"], services["caddy"]
    assert "ports" not in haru, "only the proxy is reached from outside"
    assert "443:443" in caddy["ports"]
    assert "diary:/data" in haru["volumes"]
    assert "HARU_DATA=/data" in DOCKERFILE
    volumes = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    assert {name for name in volumes if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert (DEPLOY / "Caddyfile").exists()
    assert set(haru["environment"]) <= in_the_table("README.md")
    assert haru["environment"]["STREAMLIT_SERVER_ALLOWED_HOSTS"].startswith("${HARU_DOMAIN")


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("172.30.84.2", "203.0.113.5", "203.0.113.5"),
        ("172.30.84.2", "198.51.100.9, 203.0.113.5", "203.0.113.5"),  # the first one is what the visitor made up
        ("172.30.84.1", "198.51.100.9", "172.30.84.1"),
        ("203.0.113.5", "198.51.100.9", "203.0.113.5"),
    ],
)
def test_only_the_proxy_names_the_visitors_address(peer: str, forwarded: str, seen: str) -> None:
    """As uvicorn reads FORWARDED_ALLOW_IPS, which Streamlit leaves to it."""
    answered: list[str] = []

    async def app(scope: dict, receive: object, send: object) -> None:
        answered.append(scope["client"][0])

    trusted = COMPOSE["services"]["haru"]["environment"]["FORWARDED_ALLOW_IPS"]
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    asynchronous.run(ProxyHeadersMiddleware(app, trusted)(scope, None, None))
    assert answered == [seen]


def test_the_proxy_has_the_trusted_address() -> None:
    services = COMPOSE["services"]
    subnet = ipaddress.ip_network(COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"])
    haru, caddy = (services[name]["networks"]["front"]["ipv4_address"] for name in ("haru", "caddy"))
    assert services["haru"]["environment"]["FORWARDED_ALLOW_IPS"] == caddy
    assert haru != caddy
    assert {ipaddress.ip_address(haru), ipaddress.ip_address(caddy)} < set(subnet.hosts())
    written = (PROJECT / "docs" / "beyond-localhost.md").read_text(encoding="utf-8")
    assert caddy in written
    assert not re.search(r"FORWARDED_ALLOW_IPS[=:]\s*[\"']?\*", written)


def test_every_variable_of_compose_is_in_the_example() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8") + CADDYFILE
    assert set(re.findall(r"\{\$?(HARU_[A-Z_]+|P[UG]ID)", text)) == set(EXAMPLE)
    assert EXAMPLE["HARU_TURN_SECRET"] == "", "a secret in an example is everybody's secret"
    assert ".env" in (PROJECT / ".gitignore").read_text(encoding="utf-8")
    hosting = (PROJECT / "docs" / "hosting.md").read_text(encoding="utf-8")
    named = re.findall(r"file: \./(\S+?)}|deploy/(secrets\.yaml)", hosting)
    assert len(named) == 2
    for name in filter(None, (part for pair in named for part in pair)):
        ignored = subprocess.run(["git", "check-ignore", "--quiet", f"deploy/{name}"], cwd=PROJECT, check=False)
        assert ignored.returncode == 0, f"a secret in deploy/{name} would be committed"


def test_the_live_tab_gets_servers_that_it_can_read() -> None:
    import json

    written = COMPOSE["services"]["haru"]["environment"]["HARU_ICE_SERVERS"]
    filled = re.sub(r"\$\{(\w+)[^}]*\}", lambda variable: f"a-{variable[1].lower()}", written)
    (server,) = json.loads(filled)
    assert server["urls"].startswith("turn:")
    assert {"username", "credential"} <= set(server)
    turn = COMPOSE["services"]["turn"]["command"]
    assert f"--user={server['username']}:${{HARU_TURN_SECRET}}" in turn
    assert f"--listening-port={server['urls'].rpartition(':')[2]}" in turn


@pytest.mark.parametrize(
    "network",
    [
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10"),
        *("0.0.0.0/8", "::1/128", "fc00::/7", "fe80::/10", "::ffff:0:0/96", "64:ff9b::/96", "2002::/16"),
    ],
)
def test_the_relay_reaches_no_private_network(network: str) -> None:
    prefix = "--denied-peer-ip="
    options = COMPOSE["services"]["turn"]["command"]
    ranges = [option.removeprefix(prefix) for option in options if option.startswith(prefix)]
    denied = [
        tuple(map(ipaddress.ip_address, each.partition("-")[::2] if "-" in each else (each, each))) for each in ranges
    ]
    wanted = ipaddress.ip_network(network)
    assert any(first.version == wanted.version and first <= wanted[0] and wanted[-1] <= last for first, last in denied)


def test_the_proxies_let_through_what_haru_accepts() -> None:
    assert int(re.search(r"max_size (\d+)MiB", CADDYFILE)[1]) > uploads.SERVER
    assert int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) > uploads.SERVER
    assert CADDYFILE.count("{") == CADDYFILE.count("}")


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_itself_accepts_it() -> None:
    environment = os.environ | EXAMPLE
    subprocess.run(
        ["caddy", "validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"], env=environment, check=True
    )


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_itself_accepts_the_documents_examples(tmp_path: Path) -> None:
    examples = blocks("caddyfile")
    assert len(examples) == 2
    for number, example in enumerate(examples):
        file = tmp_path / f"Caddyfile{number}"
        file.write_text(example, encoding="utf-8")
        subprocess.run(["caddy", "validate", "--config", file, "--adapter", "caddyfile"], check=True)


def test_traefiks_labels_name_the_port_and_a_network() -> None:
    (example,) = [yaml.safe_load(block) for block in blocks("yaml") if "traefik" in block]
    assert example["labels"]["traefik.http.services.haru.loadbalancer.server.port"] == "8501"
    assert all(isinstance(value, str) for value in example["labels"].values()), "Docker takes no other labels"
    assert settings.FORWARDED_ALLOW_IPS.parse(example["environment"]["FORWARDED_ALLOW_IPS"])


def test_the_example_for_prometheus_reads_the_address_that_is_there(data_folder: Path) -> None:
    (example,) = [yaml.safe_load(block) for block in blocks("yaml") if "scrape_configs" in block]
    assert example["scrape_configs"][0]["metrics_path"] == metrics.PATH
    text = (PROJECT / "docs" / "beyond-localhost.md").read_text(encoding="utf-8")
    found = generate_latest(counters.REGISTRY).decode()
    named = set(re.findall(r"`(haru_\w+)`", text))
    assert named >= {"haru_requests_total", "haru_sessions"}
    assert [name for name in named if f"# HELP {name} " not in found] == []


def test_nginx_writes_nothing_of_a_person_to_its_disk() -> None:
    """Chromium drives it in tests/browser/test_proxy.py."""
    for line in ("proxy_request_buffering off;", "proxy_buffering off;", "access_log off;"):
        assert line in NGINX


def test_the_containers_user_is_the_operators_choice() -> None:
    assert COMPOSE["services"]["haru"]["user"] == "${PUID:-1000}:${PGID:-1000}"
    assert "useradd --create-home --uid 1000 haru" in DOCKERFILE, "the default is the image's own user"
    assert (EXAMPLE["PUID"], EXAMPLE["PGID"]) == ("1000", "1000")


def blocks(kind: str) -> list[str]:
    """The examples of a kind in the document for operators."""
    text = (PROJECT / "docs" / "beyond-localhost.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def test_docker_compose_itself_accepts_it() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("Docker's compose is not installed")
    environment = os.environ | EXAMPLE | {"HARU_TURN_SECRET": "made-up"}
    command = [docker, "compose", "--file", DEPLOY / "compose.yaml", "config", "--quiet"]
    subprocess.run(command, env=environment, check=True)
