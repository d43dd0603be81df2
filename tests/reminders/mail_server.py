"""A mail server for tests, on this machine: takes mails without encryption, or refuses them."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    port: int = 0
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """Each mail with the address in its envelope."""
    raw: list[bytes] = field(default_factory=list)
    refusal: str = ""
    """What it answers to a recipient, such as `550 no such person`."""


def start() -> tuple[MailServer, socketserver.ThreadingTCPServer]:
    server = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            recipient = ""
            while line := self.rfile.readline().decode().strip():
                command = line[:4].upper()
                if command == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                    self.say(server.refusal or "250 fine")
                elif command == "DATA":
                    self.say("354 go on")
                    content = b""
                    while not content.endswith(b"\r\n.\r\n"):
                        content += self.rfile.readline()
                    server.raw.append(content)
                    message = message_from_bytes(content.removesuffix(b".\r\n"), policy=policy.default)
                    server.received.append((recipient, message))
                    self.say("250 taken")
                elif command == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 fine")

        def say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    listening = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server.port = listening.server_address[1]
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    return server, listening
