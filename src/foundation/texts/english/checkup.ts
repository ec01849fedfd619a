// The check-up; what it can find stands beside this.
import { auditFindings } from './audit-findings.ts'
import { findings, type FindingWords } from './findings.ts'
import { mailFindings } from './mail-findings.ts'
import { rowFindings } from './row-findings.ts'
import { counted } from './user-questions.ts'

export type Saying =
  | keyof typeof findings
  | keyof typeof auditFindings
  | keyof typeof mailFindings
  | keyof typeof rowFindings

export const checkup = {
  title: 'Check-up',
  lead: 'How this server is doing. What hurts comes first.',
  terminal: 'Run it in a terminal on the server',
  /** The label of one that is copied. */
  command: 'Command',
  /** What each check is about. */
  checks: {
    address: 'Public address',
    reached: 'Address you opened',
    proxy: 'Proxy and your address',
    clock: 'Clock',
    'clock-jumps': 'Clock jumps',
    database: 'Database',
    keyring: 'Keys',
    'signing-keys': 'Signing keys',
    apps: 'Apps',
    admins: 'Admins',
    'second-steps': 'Second steps',
    policies: 'Policies',
    attributes: 'Attributes',
    registration: 'Registration',
    'password-hash': 'Password hashing',
    'old-password-hashes': 'Older password hashes',
    'external-rows': 'Rows from other programs',
    'code-secrets': 'Authenticator secrets',
    mail: 'Email',
    jobs: 'Background jobs',
    'audit-chain': 'Audit log chain',
    'audit-checkpoint': 'Audit log end',
    version: 'Version',
  },
  user: (id: number) => `User ${id}`,
  /** Found by the browser itself; the server cannot see it. */
  browserClock: {
    name: 'Your browser’s clock',
    shown: 'Server time when this page loaded:',
    compare: 'Compare it with your device’s clock.',
    agrees: 'Your browser and the server agree on the time.',
    ahead: (span: string) => `Your browser’s clock is about ${span} ahead of the server’s.`,
    behind: (span: string) => `Your browser’s clock is about ${span} behind the server’s.`,
    fix: 'Turn on automatic time on your device. If its clock is right, turn on automatic time (NTP) on the server. Codes depend on it.',
  },
  levels: { ok: 'OK', note: 'Note', warning: 'Needs attention', failure: 'Failing' },
  overall: {
    ok: 'Everything is OK.',
    note: 'No problems found. See the notes below.',
    warning: (count: number) => counted(count, 'thing needs attention', 'things need attention'),
    failure: (count: number) => counted(count, 'check is failing', 'checks are failing'),
  },
  list: 'All checks',
  /** What is closed until it is asked for. */
  folded: {
    notes: (count: number) => counted(count, 'note', 'notes'),
    passed: (count: number) => counted(count, 'check passed', 'checks passed'),
  },
  /** What the link beside a finding leads to. */
  links: {
    admins: 'View admins',
    withoutSecondStep: 'View users without one',
    policies: 'View policies',
    attributes: 'View attributes',
    apps: 'View apps',
    activity: 'View activity',
    mails: 'View outbox',
    user: 'View user',
  },
  report: 'Report',
  reportLead: 'Copy this when asking for help. It contains no addresses and no secrets.',
  findings: { ...findings, ...auditFindings, ...mailFindings, ...rowFindings } as Readonly<
    Record<Saying, FindingWords>
  >,
}
