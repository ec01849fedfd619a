// Writes docs/origin.md from the table of the replay.
import { DIFFERENCES } from './differences.ts'
import type { Answer, Group, Row } from './row.ts'
import { ADDED, RECORDED } from './table.ts'

/** The page about the legacy app: what stayed, what differs and why, request by request. */
export function originPage(): string {
  return [
    INTRODUCTION,
    '## Start on its database',
    START,
    '## What differs, and why',
    Object.values(DIFFERENCES)
      .map(({ what, why }) => `- **${what}.** ${why}`)
      .join('\n'),
    '## Differences that no request shows',
    UNSEEN,
    '## Request by request',
    howManyAreAlike(),
    ...RECORDED.map(groupTable),
    ADDED_INTRODUCTION,
    groupTable(ADDED),
  ]
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = `<!-- Made by \`npm run docs\` from test/contract/; change it there. -->

# From the legacy app to Doorward

Doorward began as a FastAPI tutorial about two-factor sign-in: \`josiemundi/fastapi-twofactor\`, folder \`v2\`. Its routes are the first routes of Doorward, and its clients keep working: \`POST /token\` takes the password with the six digits appended and answers with a bearer token, \`GET\` and \`PUT /users/me/\`, \`POST /users/\` and \`GET /users/{id}\` accept and return the same fields.

Its database is upgraded in place. The user of an externally inserted row with only \`username, email, full_name, hashed_password, otp_secret, disabled, role\` can sign in as well, on SQLite and on PostgreSQL.

This page lists every intended difference. A test sends each recorded request and fails where an answer differs from this page. Where the recording sets a password that is too weak for Doorward, the test sends a better one.`

const START = `You followed [josiemundi/fastapi-twofactor](https://github.com/josiemundi/fastapi-twofactor) and have its database file at PATH:

\`\`\`sh run
npm start -- --database-url sqlite:PATH
\`\`\`

Every user, id, password and authenticator app keeps working, and so do your clients. Setup keys are encrypted. A copy of the original file stays at \`PATH.before-doorward\`. Delete it when you no longer need it. If the start says \`Created a new, empty database\`, PATH was wrong. Stop, correct it and start again.

Your app can go on as well: with [doorward.py](api.md#fastapi-and-starlette) it hands its sign-in over in ten lines and keeps its routes.`

const UNSEEN = `- **TOTP secrets are sealed.** In the legacy app they are in the table in plaintext. Here they are encrypted (AES-256-GCM) with a key that is not in the database, as soon as the row is first read, and no plaintext is left in the file.
- **Passwords are stored with argon2id.** A bcrypt hash is replaced when its user signs in. bcrypt uses 72 bytes only, so a longer password keeps its old hash and its user is asked for a new one.
- **An id is never reused.** The legacy app's table gives the id of the last user, once deleted, to the next.
- **Tokens are kept as hashes** and can be revoked; there is no signing key in the source.
- **An admin acts as one only with a second factor**, and the last of them can be neither deleted, disabled nor demoted.
- **Security-relevant events are written to an audit log** whose modification is detected.`

const ADDED_INTRODUCTION = 'Differences that no recorded request shows:'

function howManyAreAlike(): string {
  const rows = RECORDED.flatMap((group) => group.rows)
  const alike = rows.filter(({ ours }) => ours === undefined).length
  return `Of ${rows.length} requests recorded from the legacy app, ${alike} are answered in the same way: same status, same \`detail\`, same relevant headers, same fields (Doorward has more of them). The others:`
}

function groupTable({ title, rows }: Group): string {
  const differing = rows.filter(({ ours }) => ours !== undefined)
  const lines = differing.map((row) => `| ${rowCells(row, title).map(escapeCell).join(' | ')} |`)
  return [
    `### ${title}`,
    '',
    '| Case | Asked by | Legacy app | Doorward | Why |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

function rowCells(row: Row, title: string): string[] {
  const { as = '—', origin, ours, why } = row
  const asked = caseOf(row, title)
  return [
    asked,
    as,
    origin ? shown(origin) : 'not recorded',
    ours ? shown(ours) : 'the same',
    why ? DIFFERENCES[why].what : '',
  ]
}

/** The case, with its request where the title of the table does not name it. */
function caseOf({ case: claim, send: { method, path } }: Row, title: string): string {
  const isById = title === 'GET /users/{user_id}' && method === 'GET'
  return isById || title === `${method} ${path}` ? claim : `${claim}: \`${method} ${path.replace('{token}', '…')}\``
}

function shown({ status, detail, headers = {}, token, user, fieldErrors, holds }: Answer): string {
  const parts = [
    detail,
    token && 'a token',
    user && 'the user',
    fieldErrors && `invalid: ${fieldErrors.map(faultName).join(', ')}`,
    holds && holds.map((name) => `\`${name}\``).join(', '),
    ...Object.entries(headers)
      .filter(isInformative)
      .map(([name, value]) => `\`${name}: ${value}\``),
  ]
  return [String(status), ...parts.filter(Boolean)].join(', ')
}

/** Whether the header is shown: each 401 has the plain challenge, so that one is left out. */
function isInformative([name, value]: [string, string]): boolean {
  return name !== 'www-authenticate' || value !== 'Bearer'
}

function faultName(fieldError: string): string {
  const [pointer = '', code] = fieldError.split(' ')
  const where = pointer === '' ? 'the body' : `\`${pointer}\``
  return code === undefined ? where : `${where} (${code})`
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
