# The sending half of a mail server for tests: real SMTP (aiosmtpd, inside TLS) that hands over into the mailboxes of dovecot, as a server that checks authors
# does. What CoPaw sent is read with Python's own mail parser and written down, with everything that is wrong about it.
import asyncio, email, email.policy, json, os, pwd, ssl, sys, time, base64
from aiosmtpd.smtp import SMTP, AuthResult

folder, port = sys.argv[1], int(sys.argv[2])
count = 0


def users():
    with open(f"{folder}/users.json") as file:
        return json.load(file)


def fault(user, kinds):
    path = f"{folder}/faults/{user}"
    if not os.path.exists(path):
        return None
    with open(path) as file:
        waiting = json.load(file)
    if not waiting or waiting[0] not in kinds:
        return None
    with open(path, "w") as file:
        json.dump(waiting[1:], file)
    return waiting[0]


def put(user, box, name, raw):
    global count
    count += 1
    for part in ["", "/tmp", "/new", "/cur"]:
        directory = f"{folder}/mail/{user}{box}{part}"
        os.makedirs(directory, exist_ok=True)
        own(directory)
    path = f"{folder}/mail/{user}{box}/tmp/{time.time()}.{count}.test"
    with open(path, "wb") as file:
        file.write(raw)
    own(path)
    os.rename(path, f"{folder}/mail/{user}{box}/{name}/{os.path.basename(path)}" + (":2,S" if name == "cur" else ""))


def own(path):
    if os.getuid() == 0:
        entry = pwd.getpwnam("mail")
        os.chown(path, entry.pw_uid, entry.pw_gid)


def faults_of(raw, message):
    found = [f"{part.get_content_type()}: {type(defect).__name__}" for part in message.walk() for defect in part.defects]
    if b"\n" in raw.replace(b"\r\n", b""):
        found.append("a line that ends with LF alone")
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        found.append("a line of more than 998 bytes")
    if any(byte > 127 for byte in raw):
        found.append("bytes beyond ASCII")
    for name in ["From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version"]:
        if len(message.get_all(name, [])) != 1:
            found.append(f"not one {name}")
    return found


def note(user, envelope, message, raw):
    files = [{"name": part.get_filename(), "base64": base64.b64encode(part.get_payload(decode=True)).decode()} for part in message.iter_attachments()]
    html, plain = message.get_body(("html",)), message.get_body(("plain",))
    line = {
        "id": str(message["Message-ID"]).strip("<> "),
        "from": user,
        "to": envelope.rcpt_tos,
        "references": str(message["References"] or ""),
        "inReplyTo": str(message["In-Reply-To"] or ""),
        "subject": str(message["Subject"]),
        "auto": str(message["Auto-Submitted"]),
        "html": html.get_content() if html else None,
        "plain": plain.get_content() if plain else None,
        "files": files,
        "complaints": faults_of(raw, message),
    }
    with open(f"{folder}/sent.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address != f"{session.auth_data}@example.test":
            return "553 not yours"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = fault(session.auth_data, ["forbidden", "busy"])
        if said:
            return "550 not there" if said == "forbidden" else "451 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        user, raw = session.auth_data, envelope.content
        said = fault(user, ["broken", "lost"])
        if said == "broken":
            return "554 no"
        message = email.message_from_bytes(raw, policy=email.policy.default)
        verdict = "pass" if f"<{envelope.mail_from}>" in str(message["From"]) or str(message["From"]) == envelope.mail_from else "fail"
        head = f"Return-Path: <{envelope.mail_from}>\r\nAuthentication-Results: mx.example.test;\r\n\tdmarc={verdict} (p=reject) header.from=example.test\r\nReceived: from somewhere by mx.example.test; Thu, 1 Jan 2026 00:00:00 +0000\r\n"
        for address in envelope.rcpt_tos:
            put(address.split("@")[0], "", "new", head.encode() + raw)
        account = users()[user]
        if account.get("noted"):
            note(user, envelope, message, raw)
        if account.get("keepsSent"):
            put(user, "/.Sent", "cur", raw)
        if said == "lost":
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    user = data.login.decode().split("@")[0]
    known = users().get(user)
    good = known is not None and known["password"] == data.password.decode() and fault(user, ["unauthenticated"]) is None
    return AuthResult(success=good, handled=good, auth_data=user)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    make = lambda: SMTP(Handler(), authenticator=authenticate, auth_required=True, auth_require_tls=False, hostname="mx.example.test", data_size_limit=50_000_000)
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port, ssl=context)
    await server.serve_forever()


asyncio.run(main())
