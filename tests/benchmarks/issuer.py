"""An issuer for `bench_verify`, in a process of its own so that serving does not share an interpreter with asking.

    python -m tests.benchmarks.issuer BADGES CLASSES

prints its port and serves until its input is closed. Every document is made beforehand; answers leave in one piece.
"""

from __future__ import annotations

import os
import socketserver
import sys
import threading

from tests.generate import badges


def documents(base: str, count: int, classes: int) -> dict[str, bytes]:
    """What is served at `base`, by path: awards that lack nothing, their classes with pictures, one issuer."""
    found = {"/issuer": badges.encode(badges.issuer(id=f"{base}/issuer", url=base))}
    for number in range(classes):
        name = f"{base}/classes/{number}"
        found[f"/classes/{number}"] = badges.encode(
            badges.badge_class(id=name, name=f"Class {number}", image=f"{name}.png", issuer=f"{base}/issuer")
        )
        found[f"/classes/{number}.png"] = badges.png(seed=number)
    for number in range(count):
        found[f"/awards/{number}"] = badges.encode(
            badges.assertion(number, id=f"{base}/awards/{number}", badge=f"{base}/classes/{number % classes}")
        )
    return found


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    answers: dict[str, bytes]


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        while line := self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            path = line.split(b" ")[1].decode("ascii")
            self.wfile.write(self.server.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def main(count: int, classes: int) -> None:
    """Serve until standard input ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        port = server.server_address[1]
        server.answers = {
            path: b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
            % (b"image/png" if path.endswith(".png") else b"application/ld+json", len(body), body)
            for path, body in documents(f"http://127.0.0.1:{port}", count, classes).items()
        }
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(port, flush=True)
        sys.stdin.read()
        os._exit(0)  # connections that are kept alive would wait for their clients


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
