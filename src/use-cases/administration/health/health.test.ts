import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { CHECK_LEVELS, type Finding, findingLink, inWords } from './finding.ts'
import { checkupReport } from './health.schema.ts'
import { type CheckFacts, evaluateServer, worstOf } from './health.ts'

const NOW = 1_800_000_000_000

const WELL: CheckFacts = {
  publicUrl: 'https://id.example.org',
  weakHash: false,
  actingAdmins: 2,
  waitingAdmins: 0,
  command: (words) => `npm run -s doorward -- ${words}`,
  withoutFactor: 0,
  impossiblePolicies: [],
  reservedAttributes: [],
  importedHashes: 0,
  unknownGroups: [],
  plainSecrets: 0,
  incompleteRows: 0,
  seen: null,
  invited: 0,
  database: { kind: 'sqlite', bytes: 1_250_000, logBytes: 0, keepsStatements: true, isDamaged: false },
  skew: 0,
  clockJump: null,
  keyring: { keys: 4, from: 'file' },
  unreadableKeys: 0,
  weakenedApps: { withoutPkce: [], overHttp: [] },
  mail: {
    isOn: true,
    isInsecure: false,
    waiting: { count: 0, oldest: null, error: null },
    blocked: { count: 0, error: null },
    expired: { count: 0, latest: null },
    failed: 0,
    error: null,
  },
  jobs: [],
  chainLag: 0,
  program: { version: '1.2.3', node: '26.0.0', schema: 1, wantedSchema: 1 },
  checkpoint: { at: NOW - hours(1), stands: true },
  checkpointInterval: hours(1),
  rows: [],
}

function levels(facts: Partial<CheckFacts>): Record<string, string> {
  const findings = evaluateServer({ ...WELL, ...facts }, NOW)
  return Object.fromEntries(findings.filter(({ level }) => level !== 'ok').map(({ code, level }) => [code, level]))
}

test('a healthy server has 18 findings, each of level ok and without a remedy', () => {
  const findings = evaluateServer(WELL, NOW)
  assert.equal(worstOf(findings), 'ok')
  assert.equal(findings.length, 18)
  assert.ok(findings.every((finding) => fixOf(finding) === null))
})

function fixOf(finding: Finding): string | null {
  return inWords(texts('en'), finding).fix
}

/** A job that runs every ten minutes; it is overdue three intervals after its last success. */
const JOB = { name: 'expired-links', every: minutes(10), next_run_at: NOW, failures: 0 }

const SEEN = { host: 'id.example.org', peer: '10.0.0.2', ipAddress: '192.0.2.7', forwarded: true }

const POSTGRES = {
  kind: 'postgres',
  bytes: 1_250_000,
  logBytes: null,
  keepsStatements: true,
  isDamaged: false,
} as const

const CASES: readonly [Partial<CheckFacts>, Record<string, string>][] = [
  [{ publicUrl: 'http://id.example.org' }, { address: 'warning' }],
  [{ publicUrl: 'http://10.0.0.4:8000' }, { address: 'warning' }],
  [{ publicUrl: 'http://localhost:8000' }, {}],
  [{ database: { ...WELL.database, isDamaged: true } }, { database: 'failure' }],
  [{ publicUrl: 'http://127.0.0.1' }, {}],
  [{ publicUrl: 'http://[::1]:8000' }, {}],
  [{ publicUrl: 'http://127.0.0.1.example.org' }, { address: 'warning' }],
  [{ actingAdmins: 1 }, { admins: 'warning' }],
  [{ actingAdmins: 0, waitingAdmins: 3 }, { admins: 'failure' }],
  [{ withoutFactor: 1 }, { 'second-steps': 'note' }],
  [{ impossiblePolicies: ['Staff'] }, { policies: 'failure' }],
  [{ reservedAttributes: [{ key: 'events', replacement: 'custom_events' }] }, { attributes: 'warning' }],
  [{ weakHash: true }, { 'password-hash': 'warning' }],
  [{ importedHashes: 4 }, { 'old-password-hashes': 'note' }],
  [{ unknownGroups: ['Members'] }, { registration: 'warning' }],
  [{ plainSecrets: 1 }, { 'code-secrets': 'warning' }],
  [{ incompleteRows: 1 }, { 'external-rows': 'note' }],
  [{ seen: SEEN }, {}],
  [{ seen: { ...SEEN, host: 'id.example.org:443' } }, {}],
  [{ seen: { ...SEEN, host: 'photos.example.org' } }, { reached: 'warning' }],
  [{ seen: { ...SEEN, host: 'id.example.org:8443' } }, { reached: 'warning' }],
  [{ seen: { ...SEEN, host: 'not a host' } }, { reached: 'warning' }],
  [{ seen: { ...SEEN, ipAddress: SEEN.peer } }, { proxy: 'warning' }],
  [{ seen: { ...SEEN, forwarded: false } }, { proxy: 'warning' }],
  [{ seen: { ...SEEN, host: 'localhost', forwarded: false }, publicUrl: 'http://localhost' }, {}],
  [{ skew: hours(1) }, {}],
  [{ database: POSTGRES, skew: seconds(-1) }, {}],
  [{ database: POSTGRES, skew: seconds(-5) }, { clock: 'warning' }],
  [{ database: POSTGRES, skew: 5001 }, { clock: 'failure' }],
  [{ clockJump: { at: NOW - hours(24) + 1, movedBy: hours(24) } }, { 'clock-jumps': 'warning' }],
  [{ clockJump: { at: NOW - hours(24), movedBy: -hours(24) } }, { 'clock-jumps': 'note' }],
  [{ database: { ...POSTGRES, keepsStatements: false } }, { database: 'note' }],
  [{ database: { ...WELL.database, logBytes: 64_000_000 } }, {}],
  [{ database: { ...WELL.database, logBytes: 64_000_001 } }, { database: 'note' }],
  [{ keyring: { keys: 4, from: 'configuration' } }, {}],
  [{ unreadableKeys: 1 }, { 'signing-keys': 'warning' }],
  [{ weakenedApps: { withoutPkce: ['Wiki'], overHttp: [] } }, { apps: 'warning' }],
  [{ weakenedApps: { withoutPkce: [], overHttp: ['Wiki'] } }, { apps: 'warning' }],
  [{ chainLag: minutes(1) }, {}],
  [{ chainLag: minutes(1) + 1 }, { 'audit-chain': 'warning' }],
  [{ jobs: [{ ...JOB, next_run_at: NOW - minutes(20) }] }, {}],
  [{ jobs: [{ ...JOB, next_run_at: NOW - minutes(20) - 1 }] }, { jobs: 'warning' }],
  [{ jobs: [JOB, { ...JOB, failures: 1 }] }, { jobs: 'warning' }],
  [{ mail: { ...WELL.mail, isOn: false } }, { mail: 'note' }],
  [{ mail: { ...WELL.mail, isInsecure: true } }, { mail: 'warning' }],
  [{ mail: { ...WELL.mail, error: 'ECONNREFUSED' } }, { mail: 'failure' }],
  [{ mail: { ...WELL.mail, failed: 1 } }, { mail: 'warning' }],
  [{ mail: { ...WELL.mail, waiting: { count: 2, oldest: NOW - minutes(30), error: null } } }, {}],
  [
    { mail: { ...WELL.mail, waiting: { count: 2, oldest: NOW - minutes(30) - 1, error: '451 Later' } } },
    { mail: 'warning' },
  ],
  [{ mail: { ...WELL.mail, blocked: { count: 1, error: '550 5.7.1 Not yours' } } }, { mail: 'warning' }],
  [{ mail: { ...WELL.mail, expired: { count: 1, latest: NOW - hours(24) + 1 } } }, { mail: 'warning' }],
  [{ mail: { ...WELL.mail, expired: { count: 1, latest: NOW - hours(24) } } }, { mail: 'note' }],
  [{ program: { ...WELL.program, schema: 2 } }, { version: 'note' }],
  [{ checkpoint: null }, { 'audit-checkpoint': 'note' }],
  [{ checkpoint: { at: NOW - hours(2), stands: true } }, {}],
  [{ checkpoint: { at: NOW - hours(2) - 1, stands: true } }, { 'audit-checkpoint': 'note' }],
  [{ checkpoint: { at: NOW, stands: false } }, { 'audit-checkpoint': 'failure' }],
]

for (const [facts, wanted] of CASES) {
  test(`${JSON.stringify(facts)} leads to ${JSON.stringify(wanted)}, each with a remedy`, () => {
    assert.deepEqual(levels(facts), wanted)
    const problems = evaluateServer({ ...WELL, ...facts }, NOW).filter(({ level }) => level !== 'ok')
    assert.ok(problems.every((finding) => fixOf(finding) !== null))
  })
}

test('a server without an active admin names the command that makes the set-up link', () => {
  const found = evaluateServer({ ...WELL, actingAdmins: 0, waitingAdmins: 3 }, NOW).find(
    ({ code }) => code === 'admins',
  )
  assert.ok(found)
  assert.deepEqual(inWords(texts('en'), found), {
    name: 'Admins',
    sentence: 'There’s no active admin. 3 more still need a second step.',
    fix: 'Open the link that this prints on the server: npm run -s doorward -- setup-link',
  })
  assert.equal(
    inWords(texts('de'), found).fix,
    'Öffnen Sie den Link, den dieser Befehl auf dem Server zeigt: npm run -s doorward -- setup-link',
  )
})

test('an invalid row is a warning that names its user', () => {
  const rows = [{ code: 'role-unknown', id: 7, columns: [] }] as const
  const findings = evaluateServer({ ...WELL, rows }, NOW)
  assert.equal(findings.at(-1)?.userId, 7)
  assert.equal(worstOf(findings), 'warning')
})

test('the overall level is the worst level of the findings, in any order', () => {
  const findings = evaluateServer({ ...WELL, actingAdmins: 0, withoutFactor: 1, weakHash: true }, NOW)
  assert.equal(worstOf(findings), 'failure')
  assert.equal(worstOf(findings.toReversed()), 'failure')
  assert.equal(worstOf([]), 'ok')
  assert.deepEqual(CHECK_LEVELS, ['ok', 'note', 'warning', 'failure'])
})

test('the finding about users without a second factor links to the list of them', () => {
  const pathFor = (facts: Partial<CheckFacts>): string | undefined => {
    const [found] = evaluateServer({ ...WELL, ...facts }, NOW).filter(({ code }) => code === 'second-steps')
    return found && findingLink(found, PERMISSIONS)?.path
  }
  assert.equal(pathFor({}), undefined)
  assert.equal(pathFor({ withoutFactor: 0, invited: 2 }), undefined)
  assert.equal(pathFor({ withoutFactor: 2, invited: 1 }), '/admin/users?status=no-factor')
})

test('every finding reads as a sentence in every language, with its number in it', () => {
  const facts = {
    ...WELL,
    seen: { ...SEEN, host: 'photos.example.org' },
    withoutFactor: 31,
    importedHashes: 32,
    plainSecrets: 33,
    incompleteRows: 34,
    rows: [
      { code: 'value-unreadable', id: 35, columns: ['email', 'role'] },
      { code: 'code-secret-unreadable', id: 36, columns: [] },
      { code: 'app-secret-unreadable', id: 37, columns: [] },
    ] as const,
  }
  for (const say of LANGUAGES.map(texts)) {
    const found = evaluateServer(facts, NOW).map((finding) => inWords(say, finding))
    for (const { name, sentence, fix } of found) {
      assert.match(sentence, /^[A-ZÄÖÜ0-9].*\.$/, name)
      assert.match(fix ?? 'None.', /^[A-ZÄÖÜ0-9]/, name)
      assert.doesNotMatch(`${name} ${sentence} ${fix}`, /undefined|NaN|!/)
    }
    const text = found.map(({ name, sentence, fix }) => `${name} ${sentence} ${fix}`).join('\n')
    for (const number of ['31', '32', '33', '34', '35', '36', '37', 'email, role', 'photos.example.org'])
      assert.ok(text.includes(number))
  }
})

test('the report leaves out hosts and IP addresses, and nothing else', () => {
  const findings = evaluateServer({ ...WELL, seen: { ...SEEN, host: 'photos.example.org' } }, NOW)
  const report = checkupReport({ level: 'warning', findings }, NOW)
  assert.doesNotMatch(report, /example|192\.0\.2|10\.0\.0/)
  assert.match(report, /^Doorward check-up, 2027-.*Z: warning\n\[ok\] address: .*https:\/\/\[host\]/)
  assert.match(report, /\[warning\] reached: /)
  assert.equal(report.split('\n').length, findings.length + 1)
})
