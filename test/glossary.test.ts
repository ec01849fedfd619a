// One term per idea: a name that the glossary has replaced is not used again, and a name means one thing.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { test } from 'node:test'

import { codeWords, wordsOf } from './support/sources/code-words.ts'

const ROOT = join(import.meta.dirname, '..')

/** Retired names of symbols, columns, error codes and event actions, with their replacements. */
const RETIRED_NAMES: Readonly<Record<string, string>> = {
  // Rate limiting
  drawGuess: 'consumeGuess',
  drawAll: 'consumeAll',
  drawFromBucket: 'consumeFromBucket',
  settleGuess: 'recordSuccess',
  giveBack: 'refundGuess',
  clearBuckets: 'resetBuckets',
  clearKind: 'resetGuessesAt',
  clearUserBuckets: 'resetUserBuckets',
  lookingAt: 'refundOnBusy',
  recordClosed: 'recordBlock',
  refuseWhileClosed: 'rejectWhileBlocked',
  closed_by: 'block_event_id',
  noteClosedBy: 'setBlockEvent',
  'throttle.closed': 'throttle.blocked',
  'throttle.opened': 'throttle.unblocked',
  'throttle.wait': 'throttle.blocked',
  shutAt: 'lockoutThreshold',
  FOREVER: 'INDEFINITELY',
  delayAfter: 'backoffAfter',
  delaySteps: 'backoffSteps',
  BucketDrawers: 'ClientClass',
  drawersOf: 'clientClassOf',
  BucketKind: 'GuessedFactor',
  BUCKET_KINDS: 'GUESSED_FACTORS',
  rememberBrowser: 'issueDeviceCookie',
  knownBrowser: 'deviceCookieOwner',
  BrowserEntry: 'DeviceCookieEntry',
  signedText: 'macInput',
  '__Host-browser': '__Host-device',
  staysKnown: 'reissueDeviceCookie',
  refusedTries: 'blockedGuesses',
  countRefusedTry: 'countBlockedGuess',
  forgetRefusedTries: 'clearBlockedGuesses',
  takeRequest: 'limitRequestRate',
  RequestRate: 'FixedWindowLimiter',
  guessFor: 'bucketsFor',
  guessForName: 'bucketsForLogin',
  guessDetails: 'throttleDetails',
  holdByChance: 'the floor for the response time of refusals',
  RefusalDeadline: 'UniformResponseTime',
  LookedAt: 'HashTiming',
  expectImported: 'calibrate',
  measureImported: 'calibrateImportedHashes',
  decoy: 'dummyHash',
  decoyFor: 'dummyHashFor',
  decoys: 'dummySecret',
  // Sign-in and identity
  lookAtPassword: 'verifyPassword',
  lookAt: 'verifyFactors',
  findWhoSignsIn: 'findUserByLogin',
  atFirstSight: 'completeExternalRow',
  sealAtFirstSight: 'sealTargetSecret',
  sealHandTypedSecret: 'sealPlaintextSecret',
  sealHandTypedSecrets: 'sealPlaintextSecrets',
  sealNewHandTypedSecrets: 'sealNewPlaintextSecrets',
  plainCodeSecrets: 'plaintextTotpSecrets',
  takePlainCodeSecret: 'takePlaintextTotpSecret',
  handTyped: 'insertedExternally',
  takeIn: 'completeExternalRows',
  'database.adopted': 'database.upgraded',
  unlessLater: 'bestEffort',
  traceOf: 'refusalDetails',
  correctDraw: 'adjustCounters',
  DrawnGuess: 'CountedGuess',
  GuessFailure: 'FailedVerification',
  refuseLoser: 'refuseConcurrentEnrolment',
  ConfirmWay: 'ReauthenticationFactor',
  judgeWay: 'selectReauthenticationFactor',
  wayToOne: 'enrolLink',
  waysToAdd: 'addFactorLinks',
  whoSignsIn: 'signedInAsLine',
  tellClockOffset: 'detectClockDrift',
  matchDistantStep: 'findStepInWideWindow',
  noteToldStep: 'markStepDisclosed',
  told_step: 'disclosed_step',
  clock_off: 'clock_drift',
  LeftBehind: 'KeyLossImpact',
  whoNeeds: 'countAffectedUsers',
  dropWhatNeeded: 'revokeSecretsOf',
  onUser: 'withTargetUser',
  Holdings: 'CredentialsSummary',
  holdingsOf: 'summarizeCredentials',
  userDangerPages: 'accountActionsPages',
  userTriesPages: 'unlockPages',
  onMyself: 'withOwnAccount',
  readMyself: 'loadOwnAccount',
  keepOnlyThisSession: 'endOtherSessions',
  settleRemoval: 'cleanUpAfterRemoval',
  asShown: 'matchesForm',
  tagOf: 'etagOf',
  // Assurance and authorization
  CallerSession: 'SessionPrincipal',
  CallerUser: 'PrincipalUser',
  Carrier: 'Transport',
  asCaller: 'inAuthorizedTransaction',
  mayStillAsk: 'isStillAuthorized',
  giveProof: 'reauthenticate',
  noteProof: 'recordReauthentication',
  provenAt: 'authenticatedAt',
  provenMethods: 'authenticationMethods',
  proven_at: 'authenticated_at',
  proven_methods: 'authentication_methods',
  'access.proof_needed': 'access.reauthentication_required',
  'access.stronger_proof_needed': 'access.stronger_authentication_required',
  'session.proof_given': 'session.reauthenticated',
  'session.proof_refused': 'session.reauthentication_refused',
  'access.token_refused': 'access.invalid_token',
  'access.scope_missing': 'access.insufficient_scope',
  'access.token_not_enough': 'access.session_required',
  STRENGTHS: 'ASSURANCE_LEVELS',
  strengthOf: 'assuranceOf',
  strongestOf: 'highestAssuranceOf',
  isAsStrong: 'meetsLevel',
  isFullProof: 'meetsAccountAssurance',
  isEnoughToSignIn: 'meetsSignInAssurance',
  SecondFactorCounts: 'FactorDates, EnrolledFactors',
  judgeSession: 'sessionStatus',
  judgeAttempt: 'attemptStatus',
  judgeLink: 'linkStatus',
  judgeApiToken: 'apiTokenStatus',
  judgeClientData: 'checkClientData',
  judgeKey: 'checkPublicKey',
  judgeForm: 'checkResponseForm',
  judgeChallenge: 'checkChallenge',
  judgeOwner: 'checkUserHandle',
  judgeFlags: 'checkAuthenticatorFlags',
  judgeSignCount: 'checkSignCount',
  judgePassword: 'nextSignInStep',
  judgeServer: 'evaluateServer',
  judgeRows: 'evaluateRows',
  refuseTaken: 'requireNameAvailable',
  refuseIfLastAdmin: 'requireOtherAdmin',
  refuseOwnAccount: 'requireOtherUser',
  refuseUnfitUser: 'requireValidUser',
  toldBy: 'withEventId',
  refuseFaults: 'requireNoFieldErrors',
  'request.faults': 'request.validation_failed',
  combinedPolicy: 'effectivePolicy',
  isEnough: 'satisfiesPolicy',
  afterFactors: 'stepAfterFactors',
  demandOf: 'factorRequirementOf',
  demandAt: 'factorRequirementAt',
  AllDemands: 'AllRequirements',
  Concerned: 'EvaluatedUser',
  ConcerningVersion: 'ApplicableVersion',
  concerningVersions: 'applicableVersions',
  concerningPolicies: 'applicablePolicies',
  ConcernThen: 'ScopedPolicyAt',
  concernInWords: 'scopeInWords',
  AskedOfUser: 'RequiredFactor',
  // Concurrency and database
  SharedCommit: 'GroupCommit',
  Gathered: 'hasBacklog',
  isCrowded: 'hasBacklog',
  SharedSnapshot: 'nothing: each read has its own snapshot',
  hotQuery: 'preparedQuery',
  offerDirect: 'runPrepared',
  directReadOf: 'runPrepared',
  directRunOf: 'runPrepared',
  workingIn: 'runPrepared',
  patiently: 'retryWhileBusy',
  unlessBusy: 'tryOnce, tryLock',
  inPart: 'inSavepoint, partialSuccess',
  part_of_it: 'nested',
  holdingRows: 'forShare',
  takingRows: 'forUpdate',
  takeUserById: 'lockUserById',
  startingOver: 'retryOnConflict',
  passLostRace: 'passConflict',
  insertMending: 'insertResyncingSequence',
  mendIdentity: 'resyncIdSequence',
  refuseTakenByUnkeyed: 'requireUniqueAmongUnkeyedRows',
  keysInTheWay: 'conflictingKeys',
  refuseTakenMeanwhile: 'refuseOnUniqueViolation',
  scrub: 'secureVacuum',
  oweScrub: 'markVacuumPending',
  isScrubOwed: 'isVacuumPending',
  SPENT_AT: 'CONSUMED_AT',
  spent_at: 'consumed_at',
  keepHouse: 'jobs',
  CHORES: 'jobs',
  forgetExpired: 'deleteExpiredSessions, deleteExpiredLinks …',
  LastUses: 'LastUsedWriter',
  turnUsers: 'pageUsers',
  UserPlace: 'UserCursor',
  // Crypto and audit
  sealPending: 'chainPending',
  startSealer: 'the job of the chain writer',
  sealingOverdue: 'chainLag',
  Sealers: 'ChainWriterDeps',
  newHead: 'newCheckpoint',
  appendHead: 'appendCheckpoint',
  readHeads: 'readCheckpoints',
  auditHeadInterval: 'auditCheckpointInterval',
  newWatch: 'newTamperMonitor',
  startJudging: 'startVerification',
  brokenAs: 'classifyBreak',
  'refusal.not_found': 'audit_event.not_found',
  // Web
  OncePressed: 'SubmitDeduplicator',
  leaveWord: 'setFlash',
  justDone: 'readFlash',
  doneBanner: 'flashBanner',
  seeDone: 'redirectWithFlash',
  sameWithTheApi: 'apiEquivalent',
  notches: 'stepIndicator',
  sureButton: 'dangerButton',
  heardColumn: 'screenReaderColumn',
  placeToGo: 'redirectTarget',
  UsersAddress: 'UserListQuery',
  whenConfirmed: 'redirectAfterReauthentication',
  arrivalBanner: 'reauthenticatedBanner',
  seenRequest: 'observedRequest',
  startOver: 'restartSignIn',
  // Two-person rule
  ApprovalWish: 'ApprovalRequest',
  ResetWish: 'FactorReset',
  PasswordWish: "Given<'set-password'>",
  wishKey: 'requestKey',
  selectSameWish: 'selectSameRequest',
  parametersOfVersion: 'encodeChange',
  versionOfParameters: 'decodeChange',
  // Command line, configuration and boot
  refuseUnprepared: 'requireMigratedDatabase',
  Powers: 'Dependencies',
  SignInPowers: 'With<…>',
  openDoorward: 'openApplication',
  bringUp: 'initialize',
  keepObjectsYoung: 'a flag on the command line',
  withoutOptimizing: 'a flag on the command line',
}

/** Retired names of files, without what follows the first dot. */
const RETIRED_FILES: Readonly<Record<string, string>> = {
  'known-browser': 'device-cookie',
  'known-here': 'device-cookie',
  'refused-tries': 'limits',
  'refusal-deadline': 'uniform-response-time',
  hold: 'uniform-response-time',
  'first-sight': 'plaintext-secret',
  'hand-typed': 'external-row',
  'adopt-origin': 'upgrade-legacy-database',
  'take-over': 'legacy-upgrade',
  ways: 'factors',
  'confirm-way': 'reauthentication-factor',
  'second-step': 'second-factor',
  ended: 'session-ended',
  'turned-off': 'disabled',
  'own-words': 'password, existing-credentials',
  'plain-patterns': 'password',
  'offer-order': 'factor-order',
  'lost-keys': 'key-recovery',
  'held-factors': 'enrolled-factors',
  'user-tries': 'user-failed-guesses',
  'user-danger': 'account-actions',
  'enrolment-at-hand': 'in-person-enrolment',
  'as-shown': 'optimistic-locking',
  strength: 'assurance',
  'shared-commit': 'group-commit',
  'shared-snapshot': 'nothing: each read has its own snapshot',
  gathered: 'nothing: each hash is answered when it is done',
  'hot-query': 'prepared-query',
  direct: 'database',
  patience: 'write-lock',
  part: 'transaction',
  'holding-rows': 'lock',
  'lost-race': 'optimistic-locking',
  scrub: 'secure-vacuum',
  housekeeping: 'jobs',
  'last-uses': 'last-used-writer',
  sealer: 'chain-writer',
  'sealing-with': 'chain-writer',
  'audit-head': 'checkpoint',
  'head-file': 'checkpoint',
  'head-watch': 'chain-writer',
  'judge-chain': 'chain-verification',
  'refusal-trace': 'refused-event',
  'look-up': 'refused-event',
  'once-pressed': 'submit-deduplicator',
  'just-done': 'flash',
  'sign-in-first': 'sign-in-redirect',
  'users-address': 'user-list-query',
  'seen-request': 'observed-request',
  'start-over': 'restart-sign-in',
  'handed-link': 'link-output',
  'named-user': 'invocation',
  'head-flag': 'checkpoint-flag',
  'place-flags': 'path-flags',
  'v8-flags': 'a flag on the command line',
  'invoked-as': 'program-name',
  enough: 'sufficient-factors',
  demand: 'factor-requirement',
  asking: 'deadline',
  meanwhile: 'exemption-effect',
  whom: 'scope-argument',
  concerned: 'applicable',
  'policy-concerns': 'named-policy',
  'policy-wishes': 'policies',
}

/** Files where a retired name must remain, with the reason. */
const KEEP_OLD_NAMES: Readonly<Record<string, string>> = {
  'src/foundation/platform/database/migrations/':
    'earlier migrations created the old columns, and a later one renames them',
  'src/foundation/platform/database/migrate.test.ts': 'opens databases of earlier versions',
  'src/domain/audit/event.ts': 'the stored value of an action is under a MAC and is mapped to its current name',
  'src/domain/audit/audit.service.test.ts': 'shows that mapping',
  'src/foundation/web/http/cookies.test.ts': 'the former device cookie is removed until 0.2',
}

/** Everyday words that left identifiers, names of files and comments, with the words of the glossary that say which idea is meant. */
const RETIRED_WORDS: Readonly<Record<string, string>> = {
  'places?': 'path (of a file), location (of a database), position (in a list), URL, installation',
  shut: 'blocked, locked out',
  'address(?:es)?': 'email, IP address, URL, location',
  present: 'current, or exists',
  'told|tells?|telling': 'notified, disclosed, shown, distinguished',
  'judged?|judges|judging': 'evaluated, checked, decided',
}

/** Terms that contain one of these words, in identifiers and comments. */
const TERMS = new RegExp(
  [
    String.raw`\bin[- ]place\b(?! of)`, // the upgrade of a legacy database, and a restore
    String.raw`\bshut out\b`, // disabled or expired, a term of the glossary
    String.raw`\bshuts down\b`, // what a server of PostgreSQL does
    String.raw`\b(?:ip|ipv4|ipv6|ipv4-mapped|email) address(?:es)?\b`,
    String.raw`\buser present\b|\bno user was present\b`, // a flag of WebAuthn
    String.raw`\bif present\b|\bpresent due to\b`, // names of conditions of the conformance suite
    String.raw`^present (?=\w)`, // the verb, by which functions say what is sent
  ].join('|'),
  'gi',
)

/** Names of others, and names that stay because clients, operators or the version before know them: by file, or in any. */
const KEPT_WORDS: readonly (readonly [name: string, files: RegExp, reason: string])[] = [
  ['remoteAddress', /^/, 'of a socket in Node'],
  ['localAddress', /^test\/foreign\/https-client\.ts$/, 'an option of a connection in Node'],
  ['AddressInfo', /^/, 'a type of Node'],
  [
    'address',
    /\.test\.ts$|^src\/entry\/http\/server\.ts$|^test\/support\/server\/|smtp-server\.ts$|agent-host\.ts$|static-server\.ts$|\/outbound\.ts$|mcp\/client\.js$/,
    'of a server, a lookup or an envelope',
  ],
  ['ipv4_address', /^test\/recipes\.test\.ts$/, 'a key of a compose file'],
  [
    'address',
    /^src\/foundation\/platform\/(?:mailer\/mailer|logging\/logger)\.ts$/,
    'a field of the mail library, and of the log',
  ],
  [
    'address',
    /^src\/domain\/(?:sessions|remembered-devices)\/|\/(?:schema|tables|0021-\S+)\.ts$/,
    'a column of sessions and devices',
  ],
  [
    'address',
    /\/(?:own-sessions|own-devices|user-sessions|user-devices)\.|\/commands\/(?:session|device)\.ts$/,
    'that column, as the API sends it',
  ],
  [
    'address',
    /^src\/domain\/(?:audit|notices)\/|^src\/use-cases\/(?:\w+\/(?:audit|activity)\/|page-sections\/event-filter\.)/,
    'a detail of an event, a fact of a mail, a field of the API',
  ],
  [
    'address',
    /\/commands\/(?:audit\/audit|refusal)\.ts$|^test\/(?:sql|support\/mail)\/|^bench\/growth-reads\.ts$/,
    'a flag, and the same field',
  ],
  ['address', /^src\/foundation\/texts\/\w+\/(?:account|checkup)\.ts$/, 'a word in a URL, and the id of a check'],
  ['address', /\/foreign\//, 'of a network interface, and a detail of an event'],
  ['address_key', /^/, 'a column'],
  ['address', /\/migrations\/address-keys\.ts$/, 'fills that column'],
  ['fillAddressKeys', /\/migrations\//, 'fills that column'],
  ['namesAndAddresses', /\/migrations\//, 'the name of a migration'],
  ['place', /\/commands\/db\.ts$/, 'a field of `db status --json`'],
  [
    'shut',
    /^src\/use-cases\/administration\/audit\/refused-event\.schema\.ts$|refusal-reference\.test\.ts$/,
    'a field of the API',
  ],
  ['shut', /^src\/domain\/audit\/event\.ts$/, 'a stored reason, which is mapped to its current name'],
  ['told_at', /^/, 'a column'],
]
/** These names of files keep a word, for the same reasons. */
const KEPT_FILES = ['address-keys', '0023-names-and-addresses']

const FILES = globSync('{src,test,bench,scripts,docs}/**/*.{ts,js,mjs,sh,sql,md}', {
  cwd: ROOT,
  exclude: ['**/node_modules/**', 'test/fixtures/**', 'test/glossary.test.ts'],
}).map((path) => path.split(sep).join('/'))

test('no symbol, column, error code or event action has a name that the glossary retired', () => {
  const names = Object.keys(RETIRED_NAMES).map((name) => RegExp.escape(name))
  const retired = new RegExp(`(?<![\\w.-])(?:${names.join('|')})(?![\\w-])`, 'g')
  const kept = Object.keys(KEEP_OLD_NAMES)
  const found = FILES.filter((path) => !kept.some((start) => path.startsWith(start))).flatMap((path) =>
    [...new Set(readFileSync(join(ROOT, path), 'utf8').match(retired))].map((name) => `${path}: ${name}`),
  )
  assert.deepEqual(found, [])
})

test('no file has a name that the glossary retired', () => {
  const found = FILES.filter((path) => Object.hasOwn(RETIRED_FILES, basename(path).split('.')[0] ?? ''))
  assert.deepEqual(found, [])
})

/** The code of policies, which says effective policy, evaluation, requirement, scope, applies and sufficient. */
const OF_POLICIES =
  /^src\/(?:domain\/policies|use-cases\/administration\/polic[^/]+|entry\/cli\/commands\/policy|foundation\/platform\/database\/user-policies\.ts)/
const WORDS_REPLACED_IN_POLICIES = /\w*(?:enough|demand|asking|concern|whom|wish)\w*/gi
/** Texts and names that other programs read: a column and field of the API, a detail of events, a field of a form. */
const READ_BY_OTHERS = /'[^'\n]*'|\bconcerned\b|\bconcerns: scopeKey|\bwhom: \{ id/g

test('the code of policies has none of the words that the field has others for', () => {
  const files = FILES.filter((path) => OF_POLICIES.test(path))
  assert.ok(files.length > 60, `${files.length} files`)
  const found = files.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .map((line) =>
        /^\s*(?:\/\/|\/?\*)/.test(line) ? line.replace(/`[^`]*`/g, '') : line.replace(READ_BY_OTHERS, ''),
      )
      .flatMap((line) => line.match(WORDS_REPLACED_IN_POLICIES) ?? [])
      .map((word) => `${path}: ${word}`),
  )
  assert.deepEqual(found, [])
})

const CODE = globSync('{src,test,bench,scripts,assets}/**/*.{ts,js,mjs,css}', {
  cwd: ROOT,
  exclude: ['**/node_modules/**', 'test/fixtures/**', 'test/glossary.test.ts'],
}).map((path) => path.split(sep).join('/'))

const EVERYDAY = new RegExp(String.raw`\b(?:${Object.keys(RETIRED_WORDS).join('|')})\b`, 'i')

function isRetired(words: string): boolean {
  return EVERYDAY.test(words.replaceAll(TERMS, ''))
}

/** Of a stylesheet only the comments and the custom properties: classes and properties are names of the markup and of CSS. */
function wordsIn(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  if (path.endsWith('.css'))
    return text.match(/\/\*[^]*?\*\/|--[\w-]+/g)?.filter((words) => isRetired(wordsOf(words))) ?? []
  const { identifiers, comments } = codeWords(text)
  const kept = KEPT_WORDS.filter(([, files]) => files.test(path)).map(([name]) => name)
  return [
    ...comments.filter((comment) =>
      isRetired(comment.replaceAll(/`[^`]*`|"[^"]*"/g, '').replaceAll(/\s*\n\s*\*? ?/g, ' ')),
    ),
    ...identifiers.filter((name) => !kept.includes(name) && isRetired(wordsOf(name))),
  ]
}

test('no identifier, comment or file has a word for which the glossary has a term', () => {
  const names = CODE.map((path) => basename(path).split('.')[0] ?? '').filter((name) => !KEPT_FILES.includes(name))
  const words = CODE.flatMap((path) => [...new Set(wordsIn(path))].map((found) => `${path}: ${found}`))
  assert.deepEqual([...words, ...names.filter((name) => isRetired(wordsOf(name)))], [])
})

/** How often src may say so, names and texts included. A sentence names the user, admin, operator, attacker or reader instead. */
const MOST_VAGUE = 40

test('who acts is named: whoever, somebody and nobody are rare in src', () => {
  const said = CODE.filter((path) => path.startsWith('src/')).flatMap(
    (path) => readFileSync(join(ROOT, path), 'utf8').match(/whoever|somebody|nobody/gi) ?? [],
  )
  assert.ok(said.length <= MOST_VAGUE, `${said.length}`)
})

test('each name that keeps a retired word is still used', () => {
  const read = new Map(
    CODE.map((path) => [path, new Set(codeWords(readFileSync(join(ROOT, path), 'utf8')).identifiers)]),
  )
  const unused = KEPT_WORDS.filter(
    ([name, files]) => !CODE.some((path) => files.test(path) && read.get(path)?.has(name)),
  )
  assert.deepEqual(unused, [])
})

test('no two exported functions of src have one name', () => {
  const exported = FILES.filter((path) => path.startsWith('src/')).flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(
      ([, name = '']) => ({ name, path }),
    ),
  )
  assert.ok(exported.length > 500)
  const shared = [...Map.groupBy(exported, ({ name }) => name)].filter(([, files]) => files.length > 1)
  assert.deepEqual(shared, [])
})
