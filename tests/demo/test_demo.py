"""The demo is a promise of the README: it is run as a person would run it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = [sys.executable, "tools/demo.py"]


def environment() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.mark.timeout(180)
def test_it_tells_its_story_and_ends_well() -> None:
    done = subprocess.run(DEMO, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (
        "TOPIC_AUTHORIZATION_FAILED",
        "POLICY_VIOLATION",
        "************1111",
        "marketing.settlements",
        "DENIED  User:on-call",
        "on-call reads payments.completed",
        "zoneproxy_denials_total",
    ):
        assert words in done.stdout
    assert "Everything went as told." in done.stdout


@pytest.mark.timeout(180)
def test_kept_running_it_lets_a_client_in_as_it_says_and_ends_without_traces() -> None:
    with subprocess.Popen(
        [*DEMO, "--keep"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        assert demo.stdout
        seen = ""
        for line in demo.stdout:
            seen += line
            if "Ctrl-C ends everything" in line:
                break
        assert demo.poll() is None, seen
        script = re.search(r"(\S+/read_as_dashboards\.py)", seen)
        assert script, seen
        read = subprocess.run([sys.executable, script[1]], capture_output=True, text=True, check=True)
        assert "************1111" in read.stdout
        demo.send_signal(signal.SIGINT)
        seen += demo.stdout.read()
    assert demo.returncode == 0, seen
    assert not Path(script[1]).parent.exists()
