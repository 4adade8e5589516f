"""Prints a token as jobs have one, without a signature. moto and the servers of these scripts do not check it; this program
checks shape, claims and expiry.

usage: unsigned-token.py [CLAIM=VALUE...]
"""

import base64
import json
import sys
import time


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


now = int(time.time())
claims = {"iss": "https://oidc.circleci.com/org/o", "sub": "org/o/project/p/user/u", "aud": "o", "iat": now, "exp": now + 3600}
claims.update(claim.split("=", 1) for claim in sys.argv[1:])
print(f"{part({'alg': 'RS256'})}.{part(claims)}.{part('signature')}")
