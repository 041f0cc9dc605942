"""Java and Apache Kafka's jars: found, fetched with Maven, or missed with words on what to install.

``python -m tests.kafka.java`` prints the folder of the jars.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = HERE.parent.parent / ".work" / "kafka"
JARS_VARIABLE = "ZONEPROXY_KAFKA_JARS"
OLDEST_JAVA = 17

INSTALL = """\
The tests against a real Apache Kafka need {missing}.
Install Java 17 or newer (a JDK) and Maven, and run the tests again:
  Debian, Ubuntu   apt-get install default-jdk-headless maven
  Fedora           dnf install java-latest-openjdk-devel maven
  macOS            brew install openjdk maven
With the jars of tests/kafka/pom.xml already in a folder, {variable}=FOLDER does without Maven.
`make unit` runs the tests that need none of this."""


class MissingTool(Exception):
    """Something that the tests cannot do without is not installed; the text says what to install and how."""

    def __init__(self, missing: str) -> None:
        super().__init__(INSTALL.format(missing=missing, variable=JARS_VARIABLE))


def _program(name: str) -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(name, path=f"{home}/bin") if home else None
    found = found or shutil.which(name)
    if not found:
        raise MissingTool(f"`{name}`, which is not on the PATH")
    return found


@cache
def java() -> str:
    """The java program. Raises MissingTool if there is none, or only an old one."""
    program = _program("java")
    text = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stderr
    version = re.search(r'version "(\d+)', text)
    if not version or int(version[1]) < OLDEST_JAVA:
        raise MissingTool(f"Java {OLDEST_JAVA} or newer ({program} is {text.splitlines()[0]})")
    return program


def compiler() -> str:
    """The javac program. Raises MissingTool if there is none."""
    return _program("javac")


@cache
def jars() -> Path:
    """The folder of the jars, fetched with Maven the first time. Raises MissingTool without Maven."""
    given = os.environ.get(JARS_VARIABLE)
    folder = Path(given) if given else WORK / "jars"
    if not any(folder.glob("kafka_2.13-*.jar")):
        fetch = ["-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        subprocess.run([_program("mvn"), *fetch, f"-DoutputDirectory={folder}"], check=True)
    return folder


def check() -> None:
    """Raise MissingTool unless Java is there, and the jars or Maven are."""
    java()
    compiler()
    jars()


def classpath(*more: Path) -> str:
    """All jars in a fixed order, which class-data archives rely on, then ``more``."""
    return os.pathsep.join(map(str, [*sorted(jars().glob("*.jar")), *more]))


def command(
    main_class: str,
    *arguments: str,
    log_level: str = "info",
    options: tuple[str, ...] = (),
    more: tuple[Path, ...] = (),
) -> list[str]:
    """The command line of a short-lived JVM: little memory, quick to start; ``more`` goes behind the jars."""
    quick = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms64m", "-Xmx512m"]
    if archive().exists():
        quick.append(f"-XX:SharedArchiveFile={archive()}")
    logs = [f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", f"-Dlog.level={log_level}"]
    return [java(), *quick, *logs, *options, "-cp", classpath(*more), main_class, *arguments]


def archive() -> Path:
    """Where the class-data archive of this Java stands: it halves the time a JVM needs to start."""
    return jars() / f"classes-{zlib.crc32(os.path.realpath(java()).encode()):08x}.jsa"


def main() -> None:
    """Print where the jars are; fetch them if need be."""
    try:
        check()
    except MissingTool as missing:
        sys.exit(str(missing))
    print(jars())


if __name__ == "__main__":
    main()
