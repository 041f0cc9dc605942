"""`make demo`: two Kafka clusters, zoneproxy between their zones, and what it lets through.

Everything runs on this machine and needs nothing but what `make` installed: the clusters are librdkafka's mock
cluster, certificates are made on the spot. Exit code 0: everything behaved as told; 1: something did not.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaException
from rich.console import Console
from rich.json import JSON
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.demo_clients import consume, count_records, list_topics, produce
from tools.demo_setup import UPSTREAMS, World, build_world
from tools.embedded_kafka import EmbeddedKafka
from tools.proxy_process import ProxyProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

TRY_IT = """\
from confluent_kafka import Consumer

consumer = Consumer({
    "bootstrap.servers": "%(bootstrap)s",
    "security.protocol": "ssl",
    "ssl.ca.location": "%(ca)s",
    "ssl.certificate.location": "%(certificate)s",
    "ssl.key.location": "%(key)s",
    "group.id": "dashboards",
    "auto.offset.reset": "earliest",
})
consumer.subscribe(["payments.completed"])
print(consumer.poll(30).value().decode())
consumer.close()
"""
CARD = "4111" + "1111" * 3  # the test number of card schemes
PAYMENTS: tuple[dict[str, Any], ...] = (
    {
        "id": "p-1001",
        "customer": {"name": "Ada Example", "email": "ada@example.com", "country": "PT"},
        "card": {"number": CARD, "cvv": "123"},
        "amount": 42.5,
        "currency": "EUR",
        "consent": {"marketing": True},
    },
    {
        "id": "p-1002",
        "customer": {"name": "Bo Example", "email": "bo@example.com", "country": "DK"},
        "card": {"number": "5500" + "0000" * 2 + "0004", "cvv": "987"},
        "amount": 1249,
        "currency": "DKK",
        "consent": {"marketing": False},
    },
    {
        "id": "p-1003",
        "customer": {"name": "Ada Example", "email": "ada@example.com", "country": "PT"},
        "card": {"number": CARD, "cvv": "123"},
        "amount": 89.99,
        "currency": "EUR",
        "consent": {"marketing": True},
        "note": base64.b64encode(f"charge {CARD} instead".encode()).decode(),
    },
)
PAYMENT = PAYMENTS[0]
SETTLEMENT = {"id": "s-17", "payments": 312, "total": 18322.75, "contact": "settlements@example.com"}
NEWSLETTER = {"id": "n-3", "readers": 4211}
LEAK = {"id": "s-18", "payments": 1, "total": 42.5, "note": f"see card {CARD}"}


GRANT_SECONDS = 30.0  # for the proxy to notice a changed file, and for a client to try again


class NotAsTold(Exception):
    """Something behaved otherwise than the story says."""


def expect(condition: object, otherwise: str) -> None:
    """Raise NotAsTold unless the condition holds."""
    if not condition:
        raise NotAsTold(otherwise)


class Demo:
    """The story, step by step."""

    def __init__(self, console: Console, world: World, clusters: dict[str, EmbeddedKafka], proxy: ProxyProcess) -> None:
        self._console = console
        self._world = world
        self._clusters = clusters
        self._proxy = proxy

    def tell(self) -> None:
        """All of it. Raises NotAsTold."""
        self._stage()
        self._allowed()
        self._denied()
        self._blocked()
        self._redacted()
        self._shared()
        self._granted()
        self._metrics()

    def _stage(self) -> None:
        table = Table(title="What is running", title_justify="left", title_style="bold", show_edge=False)
        for name in ("zone", "level", "clients connect to", "its cluster"):
            table.add_column(name)
        for (zone, upstream), level in zip(UPSTREAMS.items(), ("restricted", "internal", "internal"), strict=True):
            brokers = len(self._clusters[upstream].addresses)
            behind = f"{upstream}: {brokers} brokers, plaintext (embedded)"
            table.add_row(zone, level, f"{self._world.bootstrap[zone]} (TLS 1.3)", behind)
        self._console.print(table)
        self._console.print("Policies: [bold]policies/*.yaml[/] of this repository. Clients: plain confluent-kafka.")

    def _allowed(self) -> None:
        self._step(1, "An allowed produce", "payment-service, at home in payments, writes to payments.completed.")
        error = produce(self._as("payment-service", "payments"), "payments.completed", _bytes(PAYMENT))
        expect(error is None, f"the produce should have been allowed, but: {error}")
        self._outcome("stored", "green")

    def _denied(self) -> None:
        self._step(2, "A denied one", "dashboards, at home in analytics, may read that topic. It tries to write to it.")
        error = produce(self._as("dashboards", "payments"), "payments.completed", _bytes({"id": "forged"}))
        expect(error and error.name() == "TOPIC_AUTHORIZATION_FAILED", f"the produce should have been denied: {error}")
        stored = self._stored("payments", "payments.completed")
        expect(stored == 1, f"payments.completed should hold 1 record, not {stored}")
        self._outcome("TOPIC_AUTHORIZATION_FAILED, and nothing reached the cluster", "red")

    def _blocked(self) -> None:
        self._step(
            3,
            "A blocked record",
            "payment-service reports settlements to analytics: a flow from restricted to internal data. "
            "The first record is fine, the second one has a card number in a free text.",
        )
        to_analytics = self._as("payment-service", "analytics")
        self._console.print(JSON.from_data(SETTLEMENT, indent=None))
        error = produce(to_analytics, "settlements", _bytes(SETTLEMENT))
        expect(error is None, f"the clean record should have crossed, but: {error}")
        contact = self._first(self._direct("analytics"), "analytics.settlements")["contact"]
        expect(contact != SETTLEMENT["contact"] and "*" in contact, "the e-mail address should be masked")
        self._outcome(f"stored, with its e-mail address masked: {contact}", "green")
        self._console.print(JSON.from_data(LEAK, indent=None))
        error = produce(to_analytics, "settlements", _bytes(LEAK))
        expect(error and error.name() == "POLICY_VIOLATION", f"the record should have been blocked: {error}")
        stored = self._stored("analytics", "analytics.settlements")
        expect(stored == 1, f"analytics.settlements should hold 1 record, not {stored}")
        self._outcome("POLICY_VIOLATION, and nothing reached the cluster", "red")

    def _redacted(self) -> None:
        self._step(
            4,
            "One topic, three zones",
            "Two more payments: of a customer who wants no newsletters, and one with a card number, in base64, in a "
            "note. All three as consumers of three zones see them:",
        )
        service = self._as("payment-service", "payments")
        for payment in PAYMENTS[1:]:
            error = produce(service, "payments.completed", _bytes(payment))
            expect(error is None, f"the produce should have been allowed, but: {error}")
        stored = self._all(self._direct("payments"), "payments.completed")
        expect(stored == list(PAYMENTS), "the records in the cluster should be those that were written")
        own = self._all(self._as("payments-operator", "payments"), "payments.completed")
        expect(own == stored, "within their zone records should be as they are")
        charts = self._all(self._as("dashboards", "payments"), "payments.completed")
        _check_charts(charts)
        letters = self._all(self._as("campaigns", "payments"), "payments.completed")
        little = [_little("p-1001", 40), _little("p-1003", 80)]
        expect(letters == little, f"campaigns should see two payments, and little of them: {letters}")
        self._side_by_side(
            ("payments (restricted): all of it", own),
            ("analytics (internal): dashboards", charts),
            ("marketing (internal): campaigns", letters),
        )
        self._outcome("dashboards can count customers without knowing them; the note crosses nowhere", "green")

    def _shared(self) -> None:
        self._step(
            5,
            "A second tenant on the same cluster",
            "marketing is another zone on the cluster of analytics. Its client campaigns has a topic settlements, too.",
        )
        campaigns = self._as("campaigns", "marketing")
        error = produce(campaigns, "settlements", _bytes(NEWSLETTER))
        expect(error is None, f"campaigns should write to its own topic, but: {error}")
        expect(self._first(campaigns, "settlements") == NEWSLETTER, "campaigns should read its own record")
        seen, there = list_topics(campaigns), list_topics(self._direct("marketing"))
        expect(seen == ["settlements"], f"campaigns should see one topic, not {seen}")
        expect(
            {"analytics.settlements", "marketing.settlements"} <= set(there), f"the cluster should have both: {there}"
        )
        self._console.print(
            f"  topics in the cluster:     {', '.join(there)}\n  topics that campaigns sees: {', '.join(seen)}"
        )
        self._outcome("both have their own settlements, and neither sees the other's", "green")

    def _granted(self) -> None:
        self._step(
            6,
            "An expired grant, and why",
            "on-call was granted a look at completed payments during an incident in October. It tries again.",
        )
        on_call = self._as("on-call", "payments")
        expect(self._refused(on_call), "the grant is over: on-call should not be let in")
        self._outcome("GROUP_AUTHORIZATION_FAILED: nothing of payments is there for it. The operator asks why:", "red")
        self._zoneproxy("explain", "-p", "on-call", "-z", "payments", "-o", "read", "-t", "payments.completed")
        self._console.print("There is a new incident. The proxy notices that the file has changed:")
        why = ("--until", "2h", "--reason", "INC-4800", "--approved-by", "payments-security@example.com")
        self._zoneproxy("grant", "on-call", "completed-payments-reader", *why)
        deadline = time.monotonic() + GRANT_SECONDS
        while self._refused(on_call):
            expect(time.monotonic() < deadline, "the grant should be in force by now")
            time.sleep(0.5)
        self._outcome("on-call reads payments.completed, redacted, for two hours", "green")

    def _metrics(self) -> None:
        self._step(7, "Where metrics are", "Prometheus reads them from the admin port; so can you:")
        self._console.print(f"  curl http://{self._world.admin}/metrics\n  curl http://{self._world.admin}/readyz")
        wanted = ("denials_total", "findings_total", "blocked_records_total", "transforms_total", "upstream_up")
        lines = self._proxy.metric_lines(*(f"zoneproxy_{name}{{" for name in wanted))
        for name in wanted:
            expect(any(name in line for line in lines), f"there should be a metric zoneproxy_{name}")
        self._console.print(Syntax("\n".join(lines), "text", word_wrap=True, background_color="default"))

    # --- helpers

    def _as(self, name: str, zone: str) -> dict[str, str | int]:
        return self._world.client_settings(name, zone)

    def _direct(self, zone: str) -> dict[str, str | int]:
        return {"bootstrap.servers": self._clusters[UPSTREAMS[zone]].bootstrap_servers}

    def _refused(self, settings: dict[str, str | int]) -> bool:
        try:
            return not consume(settings, "payments.completed", 1)
        except RuntimeError as error:
            expect("AUTHORIZATION_FAILED" in str(error), str(error))
            return True

    def _zoneproxy(self, *arguments: str) -> None:
        """Run one of the operator's commands as they would, and show what it says."""
        shown = " ".join(f'"{each}"' if " " in each else each for each in arguments)
        self._console.print(f"[cyan]$ zoneproxy {shown}[/]", highlight=False, soft_wrap=True)
        policies = ["--policies", str(self._world.folder / "policies")]
        done = subprocess.run(
            [sys.executable, "-m", "zoneproxy", *arguments, *policies], capture_output=True, text=True, check=False
        )
        expect(done.returncode == 0, done.stdout + done.stderr)
        self._console.print(escape(done.stdout.rstrip()), highlight=False, soft_wrap=True)

    def _stored(self, zone: str, topic: str) -> int:
        return count_records(self._direct(zone), topic)

    def _all(self, settings: dict[str, str | int], topic: str) -> list[Any]:
        return [json.loads(value) for value in consume(settings, topic, None)]

    def _first(self, settings: dict[str, str | int], topic: str) -> Any:
        values = consume(settings, topic, 1)
        expect(values, f"there should be a record to read in {topic}")
        return json.loads(values[0])

    def _step(self, number: int, title: str, text: str) -> None:
        self._console.print()
        self._console.rule(f"[bold]{number}. {title}", align="left", style="dim")
        self._console.print(text)

    def _outcome(self, text: str, colour: str) -> None:
        self._console.print(f"  [{colour} bold]→ {text}[/]")

    def _side_by_side(self, *views: tuple[str, list[Any]]) -> None:
        """Each record once, from left to right as the zones see it."""
        table = Table(expand=True, show_lines=True)
        for title, _ in views:
            table.add_column(title, ratio=1)
        seen = [{record["id"]: record for record in records} for _, records in views]
        for name in seen[0]:
            table.add_row(*(JSON.from_data(view[name]) if name in view else "[dim]not there[/]" for view in seen))
        self._console.print(table)


def _little(payment: str, amount: int) -> dict[str, Any]:
    """What campaigns should see of a payment."""
    return {"id": payment, "customer": {"country": "PT"}, "amount": amount, "currency": "EUR"}


def _check_charts(records: list[Any]) -> None:
    """What dashboards should see of ``PAYMENTS``."""
    expect([record["id"] for record in records] == ["p-1001", "p-1002"], "the card number in the note should not cross")
    for record, payment in zip(records, PAYMENTS, strict=False):
        expect(record["card"] == {"number": "*" * 12 + payment["card"]["number"][-4:]}, "the card should be masked")
        token = record["customer"]["email"]
        expect(token.startswith("customer-") and "@" not in token, "the e-mail address should be a token")
        expect(record["amount"] == payment["amount"], "the amount should be as it was")


def _bytes(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def keep(console: Console, world: World, proxy: ProxyProcess) -> None:
    """Say how a client of one's own gets in, and wait for Ctrl-C."""
    console.print()
    console.rule("[bold]Now your own client", align="left", style="dim")
    table = Table(show_edge=False, title_justify="left")
    table.add_column("certificate")
    table.add_column("home zone")
    table.add_column("files")
    homes = {
        "payment-service": "payments",
        "dashboards": "analytics",
        "campaigns": "marketing",
        "on-call": "analytics",
        "payments-operator": "payments, unrestricted",
    }
    for name, files in world.clients.items():
        table.add_row(name, homes[name], f"{files.certificate}\n{files.key}")
    console.print(table)
    console.print(f"certificate authority  {world.authority}")
    for zone, address in world.bootstrap.items():
        console.print(f"bootstrap.servers      {address}  ({zone})")
    console.print(f"configuration          {world.config}")
    console.print(f"proxy                  process {proxy.pid}; its log: {world.folder / 'proxy.log'}")
    script = world.folder / "read_as_dashboards.py"
    files = world.clients["dashboards"]
    places = {"ca": world.authority, "certificate": files.certificate, "key": files.key}
    script.write_text(TRY_IT % {"bootstrap": world.bootstrap["payments"], **places})
    for name in world.clients:
        (world.folder / f"{name}.properties").write_text(java_properties(world, name))
    console.print("\nRead the redacted record again (a short script: change it):")
    _command(console, f"{sys.executable} {script}")
    console.print("The same with Kafka's own tools, and an admin call; payments-operator may make those:")
    there = f"--bootstrap-server {world.bootstrap['payments']} --command-config {world.folder}"
    reading = "--topic payments.completed --partition 0 --offset earliest"
    _command(console, f"kafka-console-consumer.sh {there}/dashboards.properties {reading}")
    _command(console, f"kafka-topics.sh {there}/payments-operator.properties --list")
    console.print("Change a policy and load it:")
    _command(console, f"$EDITOR {world.folder / 'policies'}/flows.yaml && kill -HUP {proxy.pid}")
    console.print("\nCtrl-C ends everything and removes the files.")
    with contextlib.suppress(KeyboardInterrupt):
        proxy.wait()
        raise NotAsTold(f"the proxy has ended by itself:\n{proxy.last_log_lines()}")


def java_properties(world: World, name: str) -> str:
    """The same for Kafka's Java tools."""
    return "\n".join(
        (
            "security.protocol=SSL",
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={world.clients[name].both}",
            "ssl.truststore.type=PEM",
            f"ssl.truststore.location={world.authority}",
            "",
        )
    )


def _command(console: Console, text: str) -> None:
    """A line to paste, never wrapped by us."""
    console.print(f"  [cyan]{text}[/]", soft_wrap=True, highlight=False)


def run(console: Console, arguments: argparse.Namespace) -> None:
    """Start everything, tell the story, and end what was started. Raises NotAsTold."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="zoneproxy-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        clusters = {name: stack.enter_context(EmbeddedKafka()) for name in dict.fromkeys(UPSTREAMS.values())}
        world = build_world(folder, clusters, arguments.port)
        proxy = stack.enter_context(ProxyProcess(world.config, world.admin, folder / "proxy.log"))
        try:
            Demo(console, world, clusters, proxy).tell()
        except NotAsTold:
            console.print(f"\nThe proxy's log ends so:\n{proxy.last_log_lines()}", markup=False, highlight=False)
            raise
        if arguments.keep:
            keep(console, world, proxy)
        expect(proxy.stop() == 0, "the proxy should have ended in good order")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.partition("\n\n")[2] if __doc__ else None)
    parser.add_argument("--keep", action="store_true", help="leave everything running for clients of your own")
    parser.add_argument("--port", type=int, help="the first of 13 ports in a row; free ones are taken by default")
    console = Console()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    try:
        run(console, parser.parse_args(arguments))
    except (NotAsTold, RuntimeError, KafkaException) as error:
        console.print(f"\n[red bold]The demo did not go as told:[/] {escape(str(error))}")
        return 1
    except KeyboardInterrupt:
        return 130
    console.print("\n[green bold]Everything went as told.[/]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
