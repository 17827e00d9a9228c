"""The tutorial over HTTP, run as it is written, against `rihla run`; then Ctrl-C."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from settings import ROOT
from tests.product.server import PASSWORD, Server

TUTORIAL = ROOT / "docs" / "tutorial-api.md"


def blocks() -> list[str]:
    """The shell blocks of the tutorial, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", TUTORIAL.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """`rihla run` on a simulated clock, not started yet."""
    monkeypatch.setenv("RIHLA_CLOCK", "simulated")
    return Server(tmp_path, f"sqlite:///{tmp_path / 'rihla.db'}", "run")


def test_the_tutorial_runs_and_ctrl_c_stops_everything(simulated: Server, tmp_path: Path) -> None:
    with simulated as server:
        script = "set -euo pipefail\n" + "\n".join(
            f"echo '--- {number}'\n{block}" for number, block in enumerate(blocks(), 1)
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env={
                **os.environ,
                "API": f"http://127.0.0.1:{server.port}/api/v1",
                "PASSWORD": PASSWORD,
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        said = dict(enumerate(re.split(r"^--- \d+$", done.stdout, flags=re.MULTILINE)))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "contact_client" in said[2]
        assert "The form has no field of this name" in said[5]
        assert "ready" in said[6]
        assert "contact_provider" in said[7]
        assert "'experience_years': 3" in said[9]
        assert "health_status" not in said[9]
        assert "check_vacancy" in said[10]
        assert "record_outcome_reported" in said[11]
        assert "mol_mediate" in said[12]
        assert "('letter.pdf', 'by post')\nletter.pdf" in said[13]
        assert "(2, 'case_worker.irbid', '0790000000')" in said[14]
        assert "422" in said[15]
        assert "403 Set a password of your own first" in said[15]
        assert said[15].rstrip().endswith("tasks")

        assert server.interrupt() == 0
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", server.port)) != 0
