"""An STS over plain http on loopback whose caller decides each response. Imported by crowd.py and long-job.py."""

import asyncio
import re
import socket
import struct
import time

# Status, code and message of each outcome that is an error of STS.
ERRORS = {
    "failed": ("400 Bad Request", "IDPCommunicationError", "the identity provider does not respond"),
    "throttled": ("400 Bad Request", "Throttling", "Rate exceeded"),
    "denied": ("403 Forbidden", "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
    "token expired": ("400 Bad Request", "ExpiredTokenException", "Token expired"),
    "unavailable": ("503 Service Unavailable", "ServiceUnavailable", "Service Unavailable"),
    "wait 30 s": ("503 Service Unavailable\r\nRetry-After: 30", "ServiceUnavailable", "Service Unavailable"),
}
ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>{}</RequestId></ErrorResponse>"
GRANTED = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<AssumedRoleUser><AssumedRoleId>AROA:scripted</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/deploy/scripted</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>
<SessionToken>token-of-this-sts</SessionToken><Expiration>{}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>"""
PAGE = "<html><body>502 Bad Gateway</body></html>"


class ScriptedSts:
    """`outcome` is called for each request, and names what becomes of it: `granted`, one of ERRORS, `away` (closed without a
    response), `reset`, `hang`, `cut off`, `page` or `slow`. Without a name it is called again. Of each session that was granted, `granted` has its end
    by `clock`. `busy` counts the connections with a request."""

    def __init__(self, outcome, clock=time.time):
        self.outcome, self.clock, self.granted, self.requests, self.busy = outcome, clock, {}, 0, 0

    async def start(self, port=0):
        """Returns its port."""
        self.server = await asyncio.start_server(self.answer, "127.0.0.1", port, backlog=4096)
        return self.server.sockets[0].getsockname()[1]

    async def answer(self, reader, writer):
        self.busy += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            form = await reader.readexactly(int(re.search(r"content-length: *(\d+)", head)[1]))
            self.requests += 1
            outcome = self.outcome()
            while not outcome:
                await asyncio.sleep(0.05)
                outcome = self.outcome()
            await self.play(outcome, form, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.busy -= 1
            writer.close()

    async def play(self, outcome, form, reader, writer):
        if outcome == "away":
            return
        if outcome == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return
        if outcome == "hang":
            await reader.read()
            return
        status, body = self.response(outcome, form)
        if outcome == "slow":
            await asyncio.sleep(5)
        text = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        writer.write(text[: len(text) - 200 if outcome == "cut off" else None].encode())
        await writer.drain()

    def response(self, outcome, form):
        if outcome in ERRORS:
            status, code, message = ERRORS[outcome]
            return status, ERROR.format(code, message, self.requests)
        if outcome == "page":
            return "502 Bad Gateway", PAGE
        key = f"ASIA{self.requests:016d}"
        seconds = re.search(rb"DurationSeconds=(\d+)", form)
        end = int(self.clock()) + int(seconds[1] if seconds else 3600)
        self.granted[key] = end
        return "200 OK", GRANTED.format(key, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end)), self.requests)
