# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""A real mail server for the tests (aiosmtpd): writes each message it took to a folder, with its envelope.

Usage: smtp_server.py FOLDER [--certificate PEM --key PEM] [--user NAME --password WORD]
Writes its port to FOLDER/port, then serves until it is killed. Recipients beginning with "refused" get 550, with "later" 451, with "grey"
451 until there is a file FOLDER/lift; a sender beginning with "busy" gets 421.
"""
import argparse
import asyncio
import os
import ssl

from aiosmtpd.smtp import AuthResult, SMTP


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("busy"):
            return "421 4.3.2 come back later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 no such user here"
        if address.startswith("later"):
            return "451 4.7.1 greylisted"
        if address.startswith("grey") and not os.path.exists(os.path.join(self.folder, "lift")):
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = os.path.join(self.folder, f"{self.count}.eml")
        with open(name + ".new", "wb") as out:
            secure = "yes" if session.ssl else "no"
            login = getattr(session.auth_data, "login", b"").decode() if session.auth_data else ""
            out.write(f"tls={secure} user={login} from={envelope.mail_from} to={','.join(envelope.rcpt_tos)}\r\n".encode())
            out.write(envelope.original_content)
        os.rename(name + ".new", name)
        return "250 2.0.0 taken"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    wanted = parser.parse_args()

    def authenticate(server, session, envelope, mechanism, data):
        good = data.login.decode() == wanted.user and data.password.decode() == wanted.password
        return AuthResult(success=good, handled=good, auth_data=data)

    context = None
    if wanted.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(wanted.certificate, wanted.key)
    handler = Handler(wanted.folder)

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(handler, tls_context=context, require_starttls=False, auth_required=bool(wanted.user),
                         auth_require_tls=bool(context), authenticator=authenticate if wanted.user else None,
                         hostname="mail.test", loop=loop, data_size_limit=8 * 1024 * 1024),
            host="127.0.0.1", port=0)
        with open(os.path.join(wanted.folder, "port.new"), "w", encoding="ascii") as out:
            out.write(str(server.sockets[0].getsockname()[1]))
        os.rename(os.path.join(wanted.folder, "port.new"), os.path.join(wanted.folder, "port"))
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
