// Writes SECURITY.md: the notice and the trust model from one source (R4). A test compares the file in the repository with this.
import { noticePoints } from './notice.ts';
import { reportFields } from './report-fields.ts';

export function securityPolicy(): string {
  const points = noticePoints.map(({ anchor, title, text }) => `### <a id="${anchor}"></a>${title}\n\n${text}\n`).join('\n');
  const fields = reportFields.map(({ title, holds }) => `| ${title} | ${holds} |`).join('\n');
  return `# Security policy

<!-- Written by src/review/security-policy.ts. Change it there; a test compares. -->

CoPaw is a personal assistant with one trusted operator per instance. This page says what that means, how to run it, and how to report a hole.

## What every operator accepts

CoPaw shows this before it makes a home and works only once it is accepted.

${points}
## Trust model

- The host, the OS user CoPaw runs as, and whoever may edit its home and configuration are trusted.
- Authenticated callers and allowed senders share the operator's delegated authority. Session ids route; they never authorize.
- The model is not trusted: it is assumed to be controlled by whatever it last read. Prompt injection alone is therefore not a vulnerability; crossing a boundary is.

The boundaries are four:

1. **Host and configuration trust**: no tool can reach configuration, credentials, allowlists, approvals or the database.
2. **Channel and user allowlists**: who may write, through which channel.
3. **Tool policy**: each call is judged by what it would do and where the turn came from, asks where it must, and runs in a sandbox.
4. **Enabled skills**: what the operator enabled, at the version that was reviewed.

## Report a vulnerability privately

Use **Security → Report a vulnerability** of this repository (a private advisory). Do not open a public issue. If you have no access to private
advisories, open an issue that says only that you have a report, without any detail, and wait for an answer. The maintainers of this repository read and
handle reports themselves.

Search the existing advisories first and name likely duplicates. A report needs:

| field | what it holds |
|---|---|
${fields}

\`copaw security report --from report.md\` puts such a report together: it fills in version, commit and environment, takes out secrets and paths of the
home, and says what is missing.

Triage looks at these, in this order: the exact vulnerable path with file, function and lines on a current revision; the version or commit it was tested on; a
reproduction that works there; the boundary it crosses, demonstrated; for exposed credentials, proof of ownership; why it is in scope; advisories it may
duplicate.

Reports without reproduction, impact or remediation are looked at last. A report on exposed credentials needs proof that they belong to the project or its
maintainers. There is no bug bounty.

## Out of scope

Reports on what the operator enabled, or on what an authorised user intended, are closed. So are:

- prompt injection that crosses no boundary;
- isolation between users of one instance, and session ids as secrets;
- what an enabled skill does within its trust, and allowed senders using allowed tools;
- attacks by someone who can already write the home, configuration or memory files, or who is the same OS user or root;
- exposure that the documentation tells you not to make, and effects of an option named \`dangerously…\`;
- denial of service through the operator's own configuration;
- third-party secrets without an impact on CoPaw;
- findings without a working reproduction.

## How CoPaw is meant to be deployed

- **One machine, one operator, loopback.** CoPaw listens on 127.0.0.1. Reach it from elsewhere through a private network or an SSH tunnel, not by opening the port.
- **Shared in a company.** One instance is one trust boundary: everyone who can write to it can do what it can do. Use it for business only, on a dedicated
  machine with dedicated accounts, and with no personal accounts logged in.
- **Working directory.** The agent reads and writes \`workspaces/<agent>\` below the home. Put in what it may see, and nothing else; no keys, no password
  stores, no home directories.
- **Skills.** Installing never enables. Read a skill before you enable it; it then has the trust of a program you run.
- **Hardening.** An ordinary user; full-disk encryption; the sandbox on (bubblewrap on Linux); \`sandbox.mode\` set to \`required\` where commands must never run
  outside it; budgets set; \`copaw security audit\` after changes and from time to time.
- **Runtime.** Node 24.15 or newer, with the security updates of its line. An older one is refused at start.
- **Containers.** A non-root user, a read-only root file system, no capabilities, no new privileges. Where the container runtime forbids user
  namespaces there is no sandbox and every command asks; CoPaw says so at start. Mount the home and its \`.secret\` directory as private volumes and publish the port on loopback only.

## Supported versions

Fixes go into the newest release.
`;
}
