// What the imports of a test cannot show about a changed file: where they lead everywhere, which tests are for a feature, which for all.

/** A changed file that matches one of these may change what every test does or needs. */
export const CHANGES_EVERYTHING: readonly RegExp[] = [
  /^(?:scripts\/\w+\/)?package(?:-lock)?\.json$/,
  /^(?:scripts\/\w+\/)?\.npmrc$/,
  /^tsconfig\.json$/,
  /^test\/run\.ts$/,
  /^test\/support\/runner\//,
  /^test\/support\/databases\/postgres-(?:programs|server)\.ts$/,
]

/**
 * Files that put everything together, with what they gather. A test that imports one runs the whole program, so what lies behind it does
 * not distinguish the tests. For the same reason no import of test/support into src counts: people and databases of most tests are made
 * there.
 */
export const COMPOSITION_ROOTS: Readonly<Record<string, string>> = {
  'src/entry/main.js': 'the program',
  'src/entry/boot.ts': 'database, keys, hashes and log of a program',
  'src/entry/http/app.ts': 'the web server',
  'src/entry/http/server.ts': 'what listens',
  'src/entry/http/routes.ts': 'every route and page',
  'src/entry/jobs/jobs.ts': 'every job',
  'src/entry/cli/program.ts': 'every command',
  'src/entry/cli/run.ts': 'the command line',
  'src/foundation/texts/english.ts': 'every English sentence',
  'src/foundation/texts/german.ts': 'every German sentence',
  'src/foundation/kernel/refusal.ts': 'every error code',
  'src/foundation/platform/database/migrations/list.ts': 'every migration',
  'src/domain/audit/event.ts': 'every audit event',
}

/** The test files that run what every feature has one of, with what that is. They count for each changed file of src. */
export const CROSSES_ALL_FEATURES: Readonly<Record<string, string>> = {
  'scripts/asvs-page.test.ts': 'names tests and files of every feature',
  'src/entry/cli/program.test.ts': 'every command',
  'src/entry/cli/wording.test.ts': 'the words of every command',
  'src/entry/http/access.test.ts': 'what a route declares',
  'src/entry/http/openapi/openapi.test.ts': 'the document made from the routes',
  'src/entry/jobs/expired-rows.test.ts': 'every table whose rows expire',
  'src/foundation/kernel/refusal.test.ts': 'every error code',
  'src/foundation/texts/texts.test.ts': 'every sentence in each language',
  'src/foundation/texts/wording.test.ts': 'the words of every sentence',
  'test/architecture.test.ts': 'every import of src',
  'test/contract/replay.test.ts': 'the recorded contract',
  'test/cryptography.test.ts': 'every use of cryptography in src',
  'test/docs.test.ts': 'the pages that are made from the code',
  'test/gates.test.ts': 'every call on the way of a sign-in',
  'test/glossary.test.ts': 'every name in src',
  'test/limits.test.ts': 'every limit in src',
  'test/rows-visited.test.ts': 'the cost of every read of an admin',
  'test/scope.test.ts': 'the promises and their tests',
  'test/sql/sql.test.ts': 'the SQL of every query',
  'test/attacks/access-matrix.test.ts': 'every route, asked without the permission',
  'test/attacks/csrf.test.ts': 'every form, sent by another site',
  'test/attacks/fuzz.test.ts': 'every operation, asked at random',
  'test/attacks/guessing-routes.test.ts': 'every route that verifies a password or a code',
  'test/attacks/malformed-bodies.test.ts': 'every operation with a body',
  'test/attacks/malformed-parameters.test.ts': 'every operation with parameters',
  'test/attacks/mass-assignment.test.ts': 'every operation with a body, with additional fields',
  'test/attacks/pages-fuzz.test.ts': 'every page and its form',
  'test/attacks/safe-methods.test.ts': 'every GET',
  'test/attacks/secrets-at-rest.test.ts': 'the database and log after a day of everything',
  'test/attacks/statement-count.test.ts': 'the statements of the frequent requests',
  'test/attacks/two-person-coverage.test.ts': 'every change of another user',
  'test/stories/cli.test.ts': 'the built program, started as an operator does',
  'test/stories/openapi.test.ts': 'every operation, by its example',
  'test/stories/previous-version.test.ts': 'the upgrade from the version before, with its rows',
  'test/browser/flows.test.ts': 'the pages from set-up to signing out, in Chromium',
  'test/browser/screens.test.ts': 'every screen, in Chromium',
}

/** The folders whose test files are named for features. */
export const NAMED_FOR_FEATURES: readonly string[] = [
  'test/stories/',
  'test/conformance/',
  'test/attacks/',
  'test/browser/',
]

/**
 * Further words by which test files name a feature, where its folder has another name, with the reason. Several words of one name have to
 * stand in the name of the file together.
 */
export const ALSO_NAMED: Readonly<Record<string, readonly [names: readonly string[], reason: string]>> = {
  access: [['access', 'permission', 'role-lattice', 'toctou'], 'who may act on whom'],
  'account-status': [['user-status', 'ended-sessions', 'not-me'], 'disabling, signing out and the review of a user'],
  activity: [['activity', 'audit'], 'one’s own audit events'],
  administration: [['admin'], 'the pages of admins'],
  'api-tokens': [['token'], 'pages call them tokens'],
  approvals: [['approval', 'two-person'], 'requests of the two-person rule'],
  attempts: [
    ['sign-in', 'enrolment', 'onboarding', 'pending-enrolments'],
    'an attempt is a sign-in that is not finished',
  ],
  audit: [['audit', 'refusal-reference', 'refused-event'], 'an event is found by its reference'],
  authorization: [['toctou', 'admin-races', 'slow-body'], 'a principal is authorized again at each write'],
  clients: [['apps', 'openid', 'presets'], 'pages call them apps, and known ones presets'],
  credentials: [['credentials', 'lost-factor', 'password-reset'], 'resets of factors and passwords by an admin'],
  database: [
    ['lost-update', 'races', 'isolation', 'interleavings', 'two-nodes', 'two-applications', 'readiness', 'fail-closed'],
    'transactions and locks',
  ],
  dashboard: [['overview'], 'the page is called the overview'],
  enrolment: [['enrolment', 'sign-in', 'onboarding'], 'an enrolment completes a sign-in, an invitation or the set-up'],
  evaluation: [['policy'], 'what the policies of a user require together'],
  expiry: [['expiry', 'expiring'], 'accounts that expire'],
  grants: [['openid'], 'what an app gets when a user signs in to it'],
  health: [['doctor', 'overview'], 'the check-up is the command doctor'],
  http: [
    ['http', 'framing', 'compression', 'submit', 'operations', 'source-routed', 'decoded-once', 'slow-body'],
    'what a server does with every request',
  ],
  kinds: [['approval', 'two-person'], 'the values of requests of the two-person rule'],
  'key-recovery': [['key-loss'], 'what is lost with a key'],
  links: [
    ['invitation', 'invite', 'password-reset', 'not-me', 'email-confirmation', 'one-time'],
    'each kind of single-use link',
  ],
  'confirm-or-report': [['not-me', 'email-confirmation', 'own-email', 'pending-emails'], 'what mailed links do'],
  mail: [['mail', 'queued-mails', 'pending-emails'], 'the outbox'],
  migrations: [
    ['upgrade', 'schema', 'external-rows', 'legacy', 'lost-commits'],
    'databases of other versions and programs',
  ],
  joining: [['invitation', 'invite', 'expiring'], 'invitations of many users, and accounts that expire'],
  notices: [['notice', 'not-me', 'pending-emails', 'email-confirmation'], 'a notice is answered by “This wasn’t me”'],
  objections: [['approval', 'two-person'], 'an objection ends a request of the two-person rule'],
  onboarding: [['onboarding', 'invitation', 'registration', 'enrolment'], 'set-up, invitations, registrations'],
  outbox: [['mail'], 'the mails that wait'],
  'own-account': [['account', 'own-email'], 'what changes of one’s own account share'],
  'page-sections': [
    ['attribute', 'groups', 'sessions', 'devices', 'notices', 'new-password', 'policy'],
    'what its parts of pages are about',
  ],
  password: [['password', 'weak-passwords', 'pepper', 'guessing'], 'hashes, rules and guesses'],
  passwords: [['password', 'pepper', 'guessing'], 'how passwords are hashed'],
  'policy-rollout': [['policy'], 'the users that a policy stops'],
  postgres: [['postgres', 'failover', 'two-nodes', 'isolation', 'races', 'lost-update'], 'the driver of PostgreSQL'],
  profile: [['account', 'own-email', 'language'], 'name, email and language'],
  recovery: [['recovery', 'password-reset', 'lost-factor', 'enumeration'], 'a forgotten password'],
  'recovery-codes': [['recovery', 'factor', 'code-replay'], 'they stand in for a lost factor'],
  rollout: [['policy'], 'exemptions from policies, reminders and deadlines'],
  security: [['security', 'factor'], 'the page of one’s own factors'],
  'forward-auth': [['hosts'], 'it tells reverse proxies which requests of a protected host may pass'],
  'signing-keys': [['openid'], 'they sign the ID tokens of apps'],
  'sign-in': [
    ['sign-in', 'reauthentication', 'signed-out', 'guessing', 'enumeration', 'fail-closed', 'replay', 'login-name'],
    'the ways to sign in and out',
  ],
  sqlite: [['lost-commits', 'removed-wal', 'crash-recovery', 'races', 'lost-update'], 'the driver of SQLite'],
  'state-rollback': [['lost-commits', 'key-loss'], 'an older copy of the database'],
  store: [['policy'], 'stored policies'],
  throttle: [['guess', 'guessing', 'flood', 'enumeration', 'device-cookie'], 'what limits guesses'],
  totp: [['totp', 'code-replay', 'clock-drift', 'imported-secrets', 'factor'], 'codes of an app'],
  users: [['user', 'names', 'mixed-script', 'bulk', 'identity'], 'names and the list of users'],
}
