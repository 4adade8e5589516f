"""A server on loopback that plays one fault to each connection: the steps of a row of table.txt, one after the other.

refuse, full      no server listens at the port; the queue of connections is full, and none is accepted
tls [NAME]        the handshake, with this certificate; on a path without TLS the step is nothing
hello             reads the client's first record
flight HOW        of a handshake, what the server sends first: half of it, byte by byte (drip), changed (corrupt)
head, request     reads the request's head, or all of it
part N            reads N bytes of the request
say TEXT          sends TEXT; drip TEXT: a byte every 50 ms; flood TEXT: again and again
close, reset      ends the connection, with FIN or RST; hang: does nothing until the client closes it

In a TEXT, \\r \\n \\0 \\xNN are characters, and {S} is the status line of the good response, {H} its headers without a
length, {L} its `Content-Length`, {n} the number, {B} its body, {B:50} the first 50 % of it, {G} bytes that are no text;
{B*3} is three times as much.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
import time

# The longest a step waits. Each client has a shorter deadline.
PATIENCE = 30
GARBAGE = bytes(range(128, 256)) * 4
PLACEHOLDER = re.compile(r"\{([SHLnBG])(?::([0-9]+))?(?:\*([0-9]+))?\}|(\\(?:[rn0]|x[0-9a-f]{2}))")


class Server:
    """Counts connections and complete requests, and notes when each connection was made."""

    def __init__(self, steps, good, tls=None):
        self.steps, self.good, self.tls = steps.split("; "), good, tls
        self.connections, self.requests = [], 0
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.fillers = []

    def start(self):
        """Until then the port refuses connections, and no other program gets it."""
        if self.steps[0] == "full":
            self.listener.listen(0)
            for _ in range(2):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", self.port))
                self.fillers.append(filler)
        elif self.steps[0] != "refuse":
            self.listener.listen(64)
            threading.Thread(target=self.accept, daemon=True).start()
        return self

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connected, _ = self.listener.accept()
                self.connections.append(time.monotonic())
                threading.Thread(target=self.play, args=(connected,), daemon=True).start()

    def play(self, connected):
        connected.settimeout(PATIENCE)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(connected, self)
        # A client that goes, or that refuses our TLS, ends the play.
        with contextlib.suppress(OSError):
            for step in self.steps:
                name, _, text = step.partition(" ")
                getattr(connection, name)(text)
        with contextlib.suppress(OSError):
            connection.socket.close()

    def close(self):
        # Ends accept() in the other thread.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for opened in [self.listener, *self.fillers]:
            opened.close()


class Connection:
    """The steps."""

    def __init__(self, connected, server):
        self.socket, self.server, self.read = connected, server, b""

    def tls(self, name):
        if self.server.tls:
            self.socket = self.server.tls[name or "good"].wrap_socket(self.socket, server_side=True)

    def hello(self, _):
        self.socket.recv(16384)

    def flight(self, how):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        handshake = self.server.tls["good"].wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(self.socket.recv(16384))
        with contextlib.suppress(ssl.SSLWantReadError):
            handshake.do_handshake()
        flight = outgoing.read()
        if how == "half":
            self.socket.sendall(flight[:len(flight) // 2])
        elif how == "drip":
            self.send_slowly(flight)
        else:
            self.socket.sendall(flight[:-20] + bytes(byte ^ 0x55 for byte in flight[-20:]))

    def head(self, _):
        while b"\r\n\r\n" not in self.read:
            self.receive(4096)

    def part(self, number):
        while len(self.read) < int(number):
            self.receive(int(number) - len(self.read))

    def request(self, _):
        self.head("")
        head, _, _ = self.read.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        whole = len(head) + 4 + int(length.group(1) if length else 0)
        while len(self.read) < whole:
            self.receive(4096)
        self.server.requests += 1

    def receive(self, most):
        received = self.socket.recv(most)
        if not received:
            raise ConnectionError
        self.read += received

    def say(self, text):
        self.socket.sendall(self.bytes_of(text))

    def drip(self, text):
        self.send_slowly(self.bytes_of(text))

    def flood(self, text):
        block = self.bytes_of(text)
        block *= max(1, 65536 // len(block))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.socket.sendall(block)

    def send_slowly(self, sent):
        for at in range(len(sent)):
            self.socket.sendall(sent[at:at + 1])
            time.sleep(0.05)

    def close(self, _):
        if isinstance(self.socket, ssl.SSLSocket):
            with contextlib.suppress(OSError, ValueError):
                self.socket.unwrap()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            # With unread bytes the system would send RST.
            while self.socket.recv(65536):
                pass

    def reset(self, _):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Of a TLS socket too, close() sends nothing of TLS.
        self.socket.close()

    def hang(self, _):
        while self.socket.recv(65536):
            pass

    def bytes_of(self, text):
        """TEXT with its characters and placeholders."""
        content_type, body = self.server.good
        body = body.encode()
        parts = {"S": b"HTTP/1.1 200 OK\r\n", "H": f"Content-Type: {content_type}\r\nConnection: close\r\n".encode(),
                 "L": f"Content-Length: {len(body)}\r\n".encode(), "n": str(len(body)).encode(), "B": body, "G": GARBAGE}
        filled, end = b"", 0
        for found in PLACEHOLDER.finditer(text):
            filled, end = filled + text[end:found.start()].encode(), found.end()
            name, share, times, character = found.groups()
            if character:
                filled += character.encode().decode("unicode_escape").encode("latin-1")
            else:
                filled += parts[name][:len(parts[name]) * int(share or 100) // 100] * int(times or 1)
        return filled + text[end:].encode()


def contexts(directory):
    """The TLS settings by name: certificates.sh made the certificates."""
    made = {}
    for name in ("good", "expired", "other-host", "other-authority", "old"):
        made[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = f"{directory}/{'good' if name == 'old' else name}"
        made[name].load_cert_chain(f"{certificate}.pem", f"{certificate}.key")
    # A server of the time before TLS 1.2.
    made["old"].set_ciphers("ALL:@SECLEVEL=0")
    made["old"].minimum_version = ssl.TLSVersion.TLSv1
    made["old"].maximum_version = ssl.TLSVersion.TLSv1_1
    return made
