"""A line between two network namespaces that delays each packet, because not every kernel has netem. Needs root.

usage: delay-line.py NEAR_NAMESPACE NEAR_ADDRESS FAR_NAMESPACE FAR_ADDRESS MILLISECONDS
Prints a line once packets pass, and forwards them until it is killed.
"""

import fcntl
import os
import queue
import struct
import subprocess
import sys
import threading
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
# Longer than any packet.
LONGEST = 65536


def opened(namespace, address, other):
    """The device of one end, which is in the namespace; the file stays in this process."""
    file = os.open("/dev/net/tun", os.O_RDWR)
    request = fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", b"bench%d", IFF_TUN | IFF_NO_PI))
    device = request[:16].rstrip(b"\0").decode()
    ip("link", "set", device, "netns", namespace)
    ip("-n", namespace, "link", "set", "lo", "up")
    ip("-n", namespace, "address", "add", address, "peer", other, "dev", device)
    ip("-n", namespace, "link", "set", device, "up")
    return file


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def forward(source, destination, seconds):
    packets = queue.SimpleQueue()

    def write():
        while True:
            due, packet = packets.get()
            time.sleep(max(0, due - time.monotonic()))
            os.write(destination, packet)

    threading.Thread(target=write, daemon=True).start()
    while True:
        packet = os.read(source, LONGEST)
        packets.put((time.monotonic() + seconds, packet))


def main(near_namespace, near_address, far_namespace, far_address, milliseconds):
    near = opened(near_namespace, near_address, far_address)
    far = opened(far_namespace, far_address, near_address)
    seconds = float(milliseconds) / 1000
    threading.Thread(target=forward, args=(near, far, seconds), daemon=True).start()
    print("ready", flush=True)
    forward(far, near, seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
