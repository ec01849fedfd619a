// The check-up; what it can find stands beside this.
import { findings } from './findings.ts'
import type { FindingWords } from './findings.ts'
import { rowFindings } from './row-findings.ts'

export type Saying = keyof typeof findings | keyof typeof rowFindings

export const checkup = {
  title: 'Check-up',
  lead: 'A health check of this server. In a terminal on the server, this command checks the same, except for what only a request shows:',
  /** What each check is about. */
  checks: {
    address: 'Public address',
    reached: 'This request',
    proxy: 'Proxy and your address',
    clock: 'Clock',
    'clock-jumps': 'Jumps of the clock',
    database: 'Database',
    keyring: 'Keys',
    admins: 'Admins',
    'second-steps': 'Second steps',
    'password-hash': 'Stored passwords',
    'old-password-hashes': 'Older passwords',
    'external-rows': 'Rows of other programs',
    'code-secrets': 'Code secrets',
    jobs: 'Background jobs',
    'audit-chain': 'Chain of the audit log',
    'audit-checkpoint': 'Recorded end of the audit log',
    version: 'Version',
  },
  user: (id: number) => `User ${id}`,
  /** Found by the browser itself; the server cannot see it. */
  browserClock: {
    name: 'Your browser’s clock',
    shown: 'When this page was made, the clock of the server said',
    compare: 'Compare that with the clock of your device.',
    agrees: 'The clocks of your browser and the server agree.',
    ahead: (span: string) => `Your browser’s clock is about ${span} ahead of the server’s.`,
    behind: (span: string) => `Your browser’s clock is about ${span} behind the server’s.`,
    fix: 'Turn on automatic time on your device. If that clock is right, turn on automatic time (NTP) on the server: codes are judged by its clock.',
  },
  levels: { ok: 'Fine', note: 'To know', warning: 'To mend', failure: 'Broken' },
  overall: {
    ok: 'On the server everything is fine.',
    note: 'On the server all is well; there is something to know.',
    warning: 'On the server something should be mended.',
    failure: 'On the server something is broken and needs you now.',
  },
  list: 'Every check',
  /** What the link beside a finding leads to. */
  links: {
    admins: 'See the admins',
    withoutSecondStep: 'See who has none',
    activity: 'See the activity',
    user: 'Open this user',
  },
  report: 'Report',
  reportLead:
    'What the server found, as text, for asking somebody for help. Addresses are left out, and there is no secret in it.',
  findings: { ...findings, ...rowFindings } as Readonly<Record<Saying, FindingWords>>,
}
