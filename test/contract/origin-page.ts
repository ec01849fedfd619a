// Writes docs/origin.md from the table that the replay asks.
import { DIFFERENCES, SUBSTITUTES } from './differences.ts'
import type { Difference } from './differences.ts'
import type { Answer, Group, Row } from './row.ts'
import { ADDED, RECORDED } from './table.ts'

/** The page about the origin app: what stayed, what differs and why, request by request. */
export function originPage(): string {
  return [
    INTRODUCTION,
    '## What differs, and why',
    ...Object.values(DIFFERENCES).map(({ what, why }) => `### ${what}\n\n${why}`),
    '## What does not show in a request',
    UNSEEN,
    '## Request by request',
    howManyAreAlike(),
    ...RECORDED.map(groupTable),
    ADDED_INTRODUCTION,
    groupTable(ADDED),
    '## Passwords that stand in for others',
    SUBSTITUTES_INTRODUCTION,
    substitutesTable(),
  ]
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = `<!-- Made by \`npm run docs\` from test/contract/; change it there. -->

# From the origin app to Doorward

Doorward began as a FastAPI tutorial about two-factor sign-in: \`josiemundi/fastapi-twofactor\`, folder \`v2\`. Its routes are the first routes of Doorward, and its clients work on: \`POST /token\` takes the password with the six digits appended and answers with a bearer token, \`GET\` and \`PUT /users/me/\`, \`POST /users/\` and \`GET /users/{id}\` take and give the same fields.

Its database is taken over as it is: \`npm start -- --database-url sqlite:PATH\` copies the file aside, adds what is missing and seals the code secrets. Everybody keeps id, password and authenticator app. A row typed in by hand with only \`username, email, full_name, hashed_password, otp_secret, disabled, role\` can sign in as well, on SQLite and on PostgreSQL.

This page lists every difference there is on purpose. A test asks each request below and fails where an answer is not as written here.`

const UNSEEN = `- **Code secrets are sealed.** In the origin app they stand in the table in plain text. Here they are encrypted (AES-256-GCM) with a key that is not in the database, from the moment the row is first seen, and are gone from the file.
- **Passwords are stored with argon2id.** A bcrypt hash is replaced when its owner signs in. bcrypt looks at 72 bytes only, so a longer password keeps its old hash and its owner is asked for a new one.
- **An id is never given twice.** The origin app's table gives the id of the last user, once deleted, to the next.
- **Tokens are kept as hashes** and can be revoked; there is no signing key in the source.
- **An admin acts as one only with a second factor**, and the last of them can be neither deleted, disabled nor demoted.
- **Everything that matters is written to an audit log** that shows when somebody changed it.`

const ADDED_INTRODUCTION = 'What no recorded request shows:'

const SUBSTITUTES_INTRODUCTION =
  'A new password needs eight characters and must not be one that everybody tries. Where the recording uses a weaker one, the test sends another in its place; people who bring such a password along keep it.'

function howManyAreAlike(): string {
  const rows = RECORDED.flatMap((group) => group.rows)
  const alike = rows.filter(({ ours }) => ours === undefined).length
  return `Of ${rows.length} requests recorded from the origin app, ${alike} are answered in the same way: same status, same \`detail\`, same headers where they matter, same fields (ours has more of them).`
}

function groupTable({ title, rows }: Group): string {
  const lines = rows.map((row) => `| ${rowCells(row, title).map(escapeCell).join(' | ')} |`)
  return [
    `### ${title}`,
    '',
    '| Case | Asked by | Origin app | Doorward | Why |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

function rowCells(row: Row, title: string): string[] {
  const { as = '—', origin, ours, why } = row
  const asked = caseOf(row, title)
  return [asked, as, origin ? shown(origin) : 'not recorded', ours ? shown(ours) : 'the same', why ? link(why) : '']
}

/** The request is named where the title of its table does not say it. */
function caseOf({ case: claim, send: { method, path } }: Row, title: string): string {
  const isById = title === 'GET /users/{user_id}' && method === 'GET'
  return isById || title === `${method} ${path}` ? claim : `${claim}: \`${method} ${path.replace('{token}', '…')}\``
}

function shown({ status, detail, headers = {}, token, user, faults, holds }: Answer): string {
  const parts = [
    detail,
    token && 'a token',
    user && 'the user',
    faults && `faults: ${faults.map(faultName).join(', ')}`,
    holds && holds.map((name) => `\`${name}\``).join(', '),
    ...Object.entries(headers)
      .filter(isTelling)
      .map(([name, value]) => `\`${name}: ${value}\``),
  ]
  return [String(status), ...parts.filter(Boolean)].join(', ')
}

/** The plain challenge stands beside every 401. */
function isTelling([name, value]: [string, string]): boolean {
  return name !== 'www-authenticate' || value !== 'Bearer'
}

function faultName(fault: string): string {
  const [pointer = '', code] = fault.split(' ')
  const where = pointer === '' ? 'the body' : `\`${pointer}\``
  return code === undefined ? where : `${where} (${code})`
}

function link(difference: Difference): string {
  const { what } = DIFFERENCES[difference]
  const anchor = what
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
  return `[${what}](#${anchor})`
}

function substitutesTable(): string {
  const lines = Object.entries(SUBSTITUTES).map(([recorded, { ours, why }]) => {
    const cells = [
      recorded.length > 20 ? `\`${recorded[0]}\`, ${recorded.length} times` : `\`${recorded}\``,
      `\`${ours.trim()}\``,
      why,
    ]
    return `| ${cells.map(escapeCell).join(' | ')} |`
  })
  return ['| Recorded | Sent | Because it is |', '| --- | --- | --- |', ...lines].join('\n')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
