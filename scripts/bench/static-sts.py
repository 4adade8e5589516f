"""An STS that does no work: a fixed response over TLS, so that a measurement shows the client.

usage: static-sts.py [CERTIFICATE KEY [ADDRESS]]      prints its port; without a certificate it speaks http
"""

import datetime
import socketserver
import ssl
import sys
from http.server import BaseHTTPRequestHandler

SESSION = "arn:aws:sts::123456789012:assumed-role/bench/bench"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
END = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

ASSUMED = f"""<AssumeRoleWithWebIdentityResponse xmlns="{NAMESPACE}"><AssumeRoleWithWebIdentityResult>
<Audience>11111111-1111-4111-8111-111111111111</Audience><AssumedRoleUser>
<AssumedRoleId>AROAEXAMPLEEXAMPLEEXA:bench</AssumedRoleId><Arn>{SESSION}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAEXAMPLEEXAMPLE23</AccessKeyId>
<SecretAccessKey>{"s" * 40}</SecretAccessKey>
<SessionToken>{"t" * 1000}</SessionToken>
<Expiration>{END}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>"""

IDENTITY = f"""<GetCallerIdentityResponse xmlns="{NAMESPACE}"><GetCallerIdentityResult>
<Arn>{SESSION}</Arn><UserId>AROAEXAMPLEEXAMPLEEXA:bench</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId>
</ResponseMetadata></GetCallerIdentityResponse>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"]))
        body = (IDENTITY if b"GetCallerIdentity" in form else ASSUMED).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        # In one write, as one TLS record: otherwise the client's calls depend on how fast it reads.
        self.wfile.write(head.encode() + body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, context, address="127.0.0.1"):
        self.context = context
        super().__init__((address, 0), Handler)

    def finish_request(self, request, client_address):
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        with request:
            super().finish_request(request, client_address)

    def handle_error(self, *_):
        pass


context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    # No session tickets: sent after the handshake, they are in the same segment as the response or not.
    context.num_tickets = 0
server = Server(context, *sys.argv[3:])
print(server.server_address[1], flush=True)
server.serve_forever()
