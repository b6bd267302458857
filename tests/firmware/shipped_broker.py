"""A real mosquitto with the shipped configuration: only folders and ports are this test's own."""

import getpass
import signal
import ssl
import subprocess
from pathlib import Path
from threading import Event

from authority import Authority
from broker import Broker, free_port
from cryptography import x509
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions
from waiting import until

SHIPPED = Path(__file__).parents[2] / "firmware_config" / "mosquitto"
WRITTEN_FOR = "/etc/mosquitto/checkpoint/"
PASSWORD = "the hub's own"


class ShippedBroker(Broker):
    """``port`` is the stations' door, ``hub_port`` the hub's."""

    def __init__(self, folder: Path, authority: Authority | None) -> None:
        """:param authority: None where ``folder``/checkpoint holds certificates, key and revocation list already."""
        self.keys = folder / "checkpoint"
        self.hub_port = free_port()
        if authority is not None:
            self.authority = authority
            named = x509.SubjectAlternativeName([x509.DNSName("localhost")])
            ca, cert, key = authority.write(self.keys, "broker", named)
            assert {ca.name, cert.name, key.name} == {"ca.pem", "broker.pem", "broker.key"}
            (self.keys / "revoked.pem").write_bytes(authority.revocations())
        for rules in SHIPPED.glob("*.acl"):
            (self.keys / rules.name).write_text(rules.read_text())
        passwords = self.keys / "passwords"
        passwords.touch(0o600)
        for user in ("hub", "homeassistant"):
            subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, PASSWORD], check=True)
        super().__init__(folder)

    @property
    def stations_url(self) -> str:
        return f"mqtts://localhost:{self.port}"

    @property
    def hub_url(self) -> str:
        return f"mqtt://127.0.0.1:{self.hub_port}"

    def reload(self) -> None:
        """As ``systemctl reload mosquitto`` does."""
        assert self._process is not None
        before = self.log.count("Reloading config")
        self._process.send_signal(signal.SIGHUP)
        until(lambda: self.log.count("Reloading config") > before, what="the broker's reload")

    def _lines(self) -> tuple[str, ...]:
        shipped = (SHIPPED / "checkpoint.conf").read_text()
        for written, ours in (
            (WRITTEN_FOR, f"{self.keys}/"),
            ("listener 8883\n", f"listener {self.port} 127.0.0.1\n"),
            ("listener 1883 ", f"listener {self.hub_port} "),
        ):
            assert written in shipped
            shipped = shipped.replace(written, ours)
        return shipped, f"user {getpass.getuser()}", "log_dest stderr", f"persistence_location {self._folder}/"


class Visitor:
    """A client that says and hears what it is told to, and remembers what the broker answered."""

    def __init__(self, client_id: str = "") -> None:
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
        )
        self.admitted, self.gone = Event(), Event()
        self.connack = ""
        self.received: list[str] = []
        self.texts: list[str] = []
        self.answers: dict[int, ReasonCode] = {}
        self._subscribed = Event()
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = lambda *_: self.gone.set()
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_message = self._on_message
        self.client.on_publish = lambda _, __, mid, reason, ___: self.answers.update({mid: reason})

    def with_certificate(self, ca: Path, cert: Path | None = None, key: Path | None = None) -> "Visitor":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca)
        if cert is not None:
            context.load_cert_chain(cert, key)
        self.client.tls_set_context(context)
        return self

    def with_password(self, username: str, password: str) -> "Visitor":
        self.client.username_pw_set(username, password)
        return self

    def knock(self, port: int) -> "Visitor":
        """:raises OSError: the broker does not even shake hands."""
        self.client.connect("localhost", port, keepalive=20)
        self.client.loop_start()
        until(lambda: self.admitted.is_set() or self.gone.is_set(), what="an answer to CONNECT")
        return self

    def hear(self, *topics: str) -> None:
        self._subscribed.clear()
        self.client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])
        assert self._subscribed.wait(10)

    def say(self, topic: str, text: str = "x", *, retain: bool = False) -> str:
        """Publish with QoS 1. :return: the broker's reason."""
        properties = Properties(PacketTypes.PUBLISH)
        sent = self.client.publish(topic, text, qos=1, retain=retain, properties=properties)
        until(lambda: sent.mid in self.answers, what=f"an answer to {topic}")
        return str(self.answers[sent.mid])

    def keep(self, topic: str, text: str = "x") -> None:
        """Say it so that the broker retains it."""
        self.client.publish(topic, text, qos=1, retain=True).wait_for_publish(10)

    def break_off(self) -> None:
        """Without a goodbye: the broker says the will."""
        self.client.loop_stop()
        sock = self.client.socket()
        assert sock is not None
        sock.close()

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_connect(self, _: Client, __: object, ___: object, reason: ReasonCode, ____: object) -> None:
        self.connack = str(reason)
        if not reason.is_failure:
            self.admitted.set()

    def _on_message(self, _: Client, __: object, message: MQTTMessage) -> None:
        self.received.append(message.topic)
        self.texts.append(message.payload.decode())


def knocks(visitor: Visitor, port: int) -> bool:
    """Whether the broker lets the visitor in; with TLS 1.3 it may hang up only after the handshake."""
    try:
        return visitor.knock(port).admitted.is_set()
    except (ssl.SSLError, ConnectionError):
        return False
