"""A directory behind TLS, as the host that a release is downloaded from.

usage: release-server.py CERTIFICATE KEY DIRECTORY
Prints its port once it listens.
"""

import functools
import http.server
import ssl
import sys

certificate, key, directory = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=directory)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
