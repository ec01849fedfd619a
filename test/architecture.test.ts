// The layers of ARCHITECTURE.md as a test: which file may import which, and what may be read where.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { test } from 'node:test'

import { blockBelow, readPage } from './support/documentation/markdown.ts'
import { pathOfImport } from './support/sources/imports.ts'

const ROOT = join(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

/** From high to low: each layer may import those on lower lines. Those on one line do not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['entry/main.js'],
  ['entry/cli'],
  ['entry/http', 'entry/jobs'],
  ['entry/boot.ts'],
  [
    'use-cases/recovery',
    'use-cases/openid',
    'use-cases/forward-auth',
    'use-cases/onboarding',
    'use-cases/confirm-or-report',
    'use-cases/account',
    'use-cases/administration',
  ],
  ['use-cases/sign-in'],
  ['use-cases/enrolment'],
  ['use-cases/page-sections'],
  ['domain/attempts', 'domain/authorization', 'domain/approvals'],
  ['domain/notices'],
  ['domain/registrations', 'domain/hosts', 'domain/back-channel'],
  ['domain/policies', 'domain/expiry', 'domain/grants'],
  ['domain/mail', 'domain/agents'],
  [
    'domain/factors',
    'domain/sessions',
    'domain/links',
    'domain/api-tokens',
    'domain/groups',
    'domain/remembered-devices',
    'domain/attributes',
    'domain/clients',
    'domain/signing-keys',
  ],
  ['domain/users'],
  ['domain/roles'],
  ['domain/audit', 'domain/throttle'],
  ['foundation/web'],
  ['foundation/texts'],
  ['foundation/job.ts'],
  ['foundation/context.ts'],
  ['foundation/platform'],
  ['foundation/kernel'],
]

/** Imports within a line that are allowed, with the reason. */
const WITHIN_A_LINE: Readonly<Record<string, string>> = {
  'domain/throttle -> domain/audit': 'a blocked bucket is an event, written with the failure that blocked it',
}

const ROLES = ['queries', 'service', 'schema', 'routes', 'pages', 'view', 'job', 'test'] as const
type Role = (typeof ROLES)[number] | 'rules'

/** What a file of one role may import from features: its own and lower ones. */
const ROLE_IMPORTS: Readonly<Record<Exclude<Role, 'test'>, readonly Role[]>> = {
  rules: ['rules'],
  schema: ['schema', 'rules', 'service', 'queries', 'view'],
  queries: ['rules', 'queries'],
  view: ['rules', 'queries', 'view'],
  service: ['service', 'queries', 'view', 'rules'],
  routes: ['service', 'schema', 'rules', 'routes'],
  pages: ['service', 'schema', 'rules', 'pages'],
  job: ['service', 'rules'],
}

const FEATURES = LAYERS.flat().filter((layer) => /^(?:use-cases|domain)\//.test(layer))

/** Node's modules that only compute. */
const PURE_MODULES = ['node:crypto', 'node:util', 'node:net', 'node:url']

interface Import {
  readonly from: string
  readonly to: string
  /** As it stands in the file. */
  readonly written: string
  readonly typeOnly: boolean
  readonly line: number
}

const FILES = globSync('**/*.ts', { cwd: SRC })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => !file.endsWith('.test.ts'))
const TEXTS = new Map(FILES.map((file) => [file, readFileSync(join(SRC, file), 'utf8')]))

// Every form: import … from '…', import '…', import('…'), export … from '…'.
const IMPORT = /(?:^|[;\s])(?:(import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s*)?|import\s*\(\s*)(['"])([^'"]+)\3/g

function importsOf(file: string): Import[] {
  const text = TEXTS.get(file) ?? ''
  return [...text.matchAll(IMPORT)].map((match) => {
    const target = match[4] ?? ''
    const to = pathOfImport(`src/${file}`, target).replace(/^src\//, '')
    const line = text.slice(0, match.index).split('\n').length + (match[0].startsWith('\n') ? 1 : 0)
    return { from: file, to, written: target, typeOnly: match[2] !== undefined, line }
  })
}

const IMPORTS = FILES.flatMap(importsOf)
const INSIDE = IMPORTS.filter(({ to }) => TEXTS.has(to))

/** The layer of a file, such as `domain/users`. */
function memberOf(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}

function heightOf(file: string): number {
  return LAYERS.findIndex((line) => line.includes(memberOf(file)))
}

function roleOf(file: string): Role {
  return ROLES.find((role) => file.endsWith(`.${role}.ts`)) ?? 'rules'
}

function at({ from, line, to }: Import): string {
  return `src/${from}:${line} imports ${to}`
}

test('the imports are found: there are hundreds, and each names an existing file', () => {
  assert.ok(INSIDE.length > 300, `only ${INSIDE.length} imports were found`)
  const lost = IMPORTS.filter(({ to }) => to.endsWith('.ts') && !TEXTS.has(to) && !to.endsWith('.worker.ts'))
  assert.deepEqual(lost.map(at), [])
})

test('every file belongs to a layer', () => {
  const homeless = FILES.filter((file) => heightOf(file) < 0)
  assert.deepEqual(homeless, [])
})

/** Features with subfolders: one for each factor or resource, for kinds of requests, for rows of other programs. */
const WITH_SUBFOLDERS = [
  'use-cases/account',
  'use-cases/administration',
  'domain/factors',
  'domain/approvals',
  'domain/policies',
  'domain/users',
]

test('only these features have subfolders, of one level', () => {
  const deep = FILES.filter((file) => FEATURES.includes(memberOf(file)) && file.split('/').length > 3)
  const wrong = deep.filter((file) => !WITH_SUBFOLDERS.includes(memberOf(file)) || file.split('/').length > 4)
  assert.deepEqual(wrong, [])
})

/** From high to low, as the layers: the files of policies, whose terms and scopes are at the root. */
const PARTS_OF_POLICIES = ['rollout', 'evaluation', 'store']

test('of policies, the roll-out imports the evaluation, that the store, and each of them the root', () => {
  const heightIn = (file: string) => PARTS_OF_POLICIES.indexOf(file.split('/').at(-2) ?? '')
  const inside = INSIDE.filter(({ from, to }) => [from, to].every((file) => memberOf(file) === 'domain/policies'))
  const crossing = inside.filter(({ from, to }) => dirname(from) !== dirname(to))
  assert.ok(crossing.length > 50, `only ${crossing.length} imports between the parts were found`)
  const wrong = crossing.filter(({ from, to }) => {
    const isUpwards = heightIn(to) >= 0 && heightIn(from) >= heightIn(to)
    return isUpwards || (heightIn(from) < 0 && heightIn(to) >= 0)
  })
  assert.deepEqual(wrong.map(at), [])
})

test('a layer imports only lower ones, and those on one line do not import each other', () => {
  const wrong = INSIDE.filter(({ from, to }) => {
    const [a, b] = [memberOf(from), memberOf(to)]
    return a !== b && heightOf(from) >= heightOf(to) && WITHIN_A_LINE[`${a} -> ${b}`] === undefined
  })
  assert.deepEqual(wrong.map(at), [])
})

test('what lies in another layer is imported by an alias, and what lies in the same one by a relative path', () => {
  const wrong = INSIDE.filter(({ from, to, written }) => written.startsWith('#') !== (memberOf(from) !== memberOf(to)))
  assert.deepEqual(wrong.map(at), [])
})

test('inside the features each role imports what it may', () => {
  const wrong = INSIDE.filter(({ from, to, typeOnly }) => {
    if (!FEATURES.includes(memberOf(from)) || !FEATURES.includes(memberOf(to)) || typeOnly) return false
    const role = roleOf(from)
    return role !== 'test' && !ROLE_IMPORTS[role].includes(roleOf(to))
  })
  assert.deepEqual(wrong.map(at), [])
})

test("only a view imports another feature's queries", () => {
  const foreign = INSIDE.filter(({ from, to, typeOnly }) => memberOf(from) !== memberOf(to) && !typeOnly)
  const queries = foreign.filter(({ to }) => FEATURES.includes(memberOf(to)) && roleOf(to) === 'queries')
  const wrong = queries.filter(({ from }) => roleOf(from) !== 'view')
  assert.deepEqual(wrong.map(at), [])
})

test('every *.job.ts is in the list of entry/jobs/jobs.ts, which alone imports it', () => {
  const jobs = FILES.filter((file) => roleOf(file) === 'job')
  assert.ok(jobs.length > 5, `only ${jobs.length} jobs were found`)
  for (const file of jobs) {
    const importers = INSIDE.filter(({ to }) => to === file).map(({ from }) => from)
    assert.deepEqual(importers, ['entry/jobs/jobs.ts'], file)
  }
  const list = TEXTS.get('entry/jobs/jobs.ts') ?? ''
  const listed = [...list.matchAll(/^ {4}(\w+)(?:\(\))?,$/gm)].map(([, name = '']) => name)
  const imported = [...list.matchAll(/^import \{ (\w+) \} from '[^']*\.job\.ts'$/gm)].map(([, name = '']) => name)
  assert.deepEqual(listed.toSorted(), imported.toSorted())
})

/** The features of what users do to their own account, and what admins do to others. */
const CHANGING_ACCOUNTS = ['use-cases/account', 'use-cases/administration']

test('pages and routes are in use cases: the domain has neither', () => {
  const wrong = FILES.filter((file) => file.startsWith('domain/') && ['pages', 'routes'].includes(roleOf(file)))
  assert.deepEqual(wrong, [])
})

/** Beside these, the one query that each request of a protected host makes. */
const WITH_VIEWS = [...CHANGING_ACCOUNTS, 'use-cases/forward-auth']

test('reads across tables are in *.view.ts of account, administration and forward-auth only', () => {
  const wrong = FILES.filter((file) => roleOf(file) === 'view' && !WITH_VIEWS.includes(memberOf(file)))
  assert.deepEqual(wrong, [])
})

test('rules are pure: they import rules, the kernel and modules that only compute', () => {
  const isRule = (file: string) => FEATURES.includes(memberOf(file)) && roleOf(file) === 'rules'
  const wrong = IMPORTS.filter(({ from, to, typeOnly }) => {
    if (!isRule(from) || typeOnly) return false
    const pure = TEXTS.has(to)
      ? memberOf(to) === 'foundation/kernel' || isRule(to)
      : PURE_MODULES.includes(to) || to === 'uqr'
    // It only makes schemas, which are values.
    return !pure && to !== 'foundation/web/http/type.ts'
  })
  assert.deepEqual(wrong.map(at), [])
})

/** The paths of routes, and those of constants that routes use. */
const PATH_OF_ROUTE = /(?:\bapp\.(?:get|post|put|patch|delete)\(\s*|\bconst [A-Z_]+ = )['"`](\/[a-z-]+)/g

test('the foundation knows no URL of a feature: a page declares its entry in the navigation', () => {
  const paths = new Set(
    FILES.filter((file) => !file.startsWith('foundation/'))
      .flatMap((file) => [...(TEXTS.get(file) ?? '').matchAll(PATH_OF_ROUTE)])
      .map(([, path]) => path),
  )
  assert.ok(['/account', '/admin', '/sign-in', '/sign-out', '/users'].every((path) => paths.has(path)))
  // A path in backquotes inside a sentence is documentation.
  const any = [...paths].join('|')
  const known = new RegExp(`['"](?:${any})(?=['"/#?])|\`(?:${any})[^\`]*\\$\\{`)
  const wrong = FILES.filter((file) => file.startsWith('foundation/')).flatMap((file) => linesMatching(file, known))
  assert.deepEqual(wrong, [])
})

/** The first comment of a file of rules without a test beside it names the test that covers it. */
test('a file of rules has its test beside it, or its first comment says where it is tested', () => {
  const rules = FILES.filter((file) => FEATURES.includes(memberOf(file)) && roleOf(file) === 'rules')
  const alone = rules.filter((file) => !existsSync(join(SRC, file.replace(/\.ts$/, '.test.ts'))))
  assert.ok(alone.length > 10)
  const silent = alone.filter((file) => {
    const [, named = ''] = /^\/\/ [^]*?Tested in (\S+\.test\.ts)/.exec(firstComment(file)) ?? []
    return (!existsSync(join(ROOT, named)) && !existsSync(join(SRC, dirname(file), named))) || named === ''
  })
  assert.deepEqual(silent, [])
})

/** The lines of `//` at the head of a file, on one line. */
function firstComment(file: string): string {
  const [head = ''] = /^(?:\/\/[^\n]*\n)*/.exec(TEXTS.get(file) ?? '') ?? []
  return head.replaceAll('\n// ', ' ').trim()
}

test('the kernel imports only itself and modules that compute', () => {
  const wrong = IMPORTS.filter(
    ({ from, to }) =>
      memberOf(from) === 'foundation/kernel' && !to.startsWith('foundation/kernel/') && !PURE_MODULES.includes(to),
  )
  assert.deepEqual(wrong.map(at), [])
})

const CLOCK_CHANCE_ENVIRONMENT =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|Math\.random\(|\bprocess\.env\b|randomBytes\(|randomUUID\(/

test('time, randomness and the environment are read in the platform only', () => {
  const wrong = FILES.filter((file) => memberOf(file) !== 'foundation/platform').flatMap((file) =>
    linesMatching(file, CLOCK_CHANCE_ENVIRONMENT),
  )
  assert.deepEqual(wrong, [])
})

test('Fastify’s types are extended in web/ only', () => {
  const others = FILES.filter((file) => memberOf(file) !== 'foundation/web')
  const wrong = others.flatMap((file) => linesMatching(file, /\bdeclare module\b/))
  assert.deepEqual(wrong, [])
})

test('a session is started by finishSignIn and by nothing else', () => {
  const callers = FILES.filter((file) => /\bstartSession\(/.test(TEXTS.get(file) ?? ''))
  assert.deepEqual(callers.toSorted(), ['domain/attempts/attempt.service.ts', 'domain/sessions/session.service.ts'])
})

test('an approved request acts for the admin who asked in the decision about it, and nowhere else', () => {
  const makers = FILES.filter((file) => /\bkind: 'approved'/.test(TEXTS.get(file) ?? ''))
  const allowed = ['foundation/kernel/principal.ts', 'use-cases/administration/approvals/approval-decision.service.ts']
  assert.deepEqual(makers.toSorted(), allowed)
})

test('the settings of policies are read in policies/ only; every other layer gets a policy as an argument', () => {
  const wrong = FILES.filter((file) => !/^(?:domain\/policies|foundation\/platform\/config)\//.test(file)).flatMap(
    (file) => linesMatching(file, /\bpolicySettings\b|\bPolicySettings\b/),
  )
  assert.deepEqual(wrong, [])
})

test('account and administration open no transaction but by auditedChange', () => {
  const changing = FILES.filter((file) => CHANGING_ACCOUNTS.includes(memberOf(file)))
  const wrong = changing.flatMap((file) =>
    linesMatching(file, /\b(inTransaction|inAuthorizedTransaction|runInTransaction)\b/),
  )
  assert.deepEqual(wrong, [])
})

/** The body of the arrow function whose arrow ends at `start`: a block, or an expression, which ends with its line or its call. */
function bodyFrom(text: string, start: number): string {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character)) depth--
    const isOver =
      depth < 0 || (depth === 0 && (character === '}' || /^\n\s*[^\s.?:&|]/.test(text.slice(at, at + 200))))
    if (isOver && text.slice(start, at).trim() !== '') return text.slice(start, at)
  }
  return text.slice(start)
}

// On SQLite the writer waits for ever for a query of the outer handle, which waits for the writer; no type forbids it.
test('the work of a transaction names only its own context, tx', () => {
  const works = FILES.flatMap((file) => {
    const text = TEXTS.get(file) ?? ''
    return [...text.matchAll(/\(tx\b[^()]*\)(?:: [^=\n]+?)? =>/g)].map((found) => ({
      file,
      body: bodyFrom(text, found.index + found[0].length),
    }))
  })
  assert.ok(works.length > 100, `${works.length} works`)
  const wrong = works.filter(({ body }) => /\bctx\b(?!:|\.(?:now|config|principal)\b)/.test(body))
  assert.deepEqual(wrong, [])
})

test('only the type Database asks Kysely for its executor and for transactions, so that no other code bypasses it', () => {
  const others = FILES.filter((file) => file !== 'foundation/platform/database/database.ts')
  const wrong = others.flatMap((file) => linesMatching(file, /\.(?:getExecutor|transaction|startTransaction)\(\)/))
  assert.deepEqual(wrong, [])
})

test('HTML is made in web/html.ts only', () => {
  const wrong = IMPORTS.filter(({ from, to }) => to.startsWith('hono') && from !== 'foundation/web/html.ts')
  assert.deepEqual(wrong.map(at), [])
})

test('the library for passkeys is loaded by one file only, when it is first needed', () => {
  const loader = 'domain/factors/passkeys/webauthn.service.ts'
  const knowing = IMPORTS.filter(({ to }) => to.startsWith('@simplewebauthn'))
  const loading = knowing.filter(({ typeOnly }) => !typeOnly).map(({ from }) => from)
  assert.deepEqual([...new Set(loading)], [loader])
  const elsewhere = knowing.filter(({ from }) => !from.startsWith('domain/factors/passkeys/'))
  assert.deepEqual(elsewhere.map(at), [])
  assert.doesNotMatch(TEXTS.get(loader) ?? '', /^import (?!type)[^\n]*@simplewebauthn/m)
})

test('the library for OpenID Connect is loaded by one file only, when the first app needs it', () => {
  const importing = IMPORTS.filter(({ to, typeOnly }) => to === 'oidc-provider' && !typeOnly)
  assert.deepEqual([...new Set(importing.map(({ from }) => from))], ['use-cases/openid/library.service.ts'])
  const naming = IMPORTS.filter(({ to }) => to === 'oidc-provider').map(({ from }) => from)
  assert.ok(naming.every((from) => from.startsWith('use-cases/openid/')))
})

test('the library for TOML is imported by the reader of the configuration file only', () => {
  const importing = IMPORTS.filter(({ to }) => to === 'smol-toml').map(({ from }) => from)
  assert.deepEqual([...new Set(importing)], ['foundation/platform/config/settings-file.ts'])
})

/** Modules that connect to other machines or start programs; PostgreSQL's driver uses its own. */
const REACHING_OUT = /^(?:node:(?:http2?|https|tls|dns|dgram|child_process|net)|undici|nodemailer)(?:\/|$)/
/** The files that may import them, with the reason. */
const MAY_REACH_OUT: Readonly<Record<string, string>> = {
  'entry/cli/commands/healthcheck.ts': 'asks whether the server is well',
  'entry/http/server.ts': 'makes the servers that listen, and looks up which addresses localhost has',
  'foundation/platform/mailer/mailer.ts':
    'sends mails to the SMTP server that was configured; none is unless configured',
  'foundation/platform/network/fetch-json.ts':
    'fetches the document of an agent that an admin has listed, from a public address',
  'foundation/platform/network/post-form.ts':
    'tells an app, at the address that an admin has registered, that a session has ended',
  'foundation/platform/network/outbound.ts': 'resolves the host of such a document, and connects to it',
  'foundation/platform/passwords/breached-passwords.ts':
    'asks the range service that was configured, with five characters of a hash; none is unless configured',
  'foundation/platform/database/postgres/answer-deadline.ts':
    'asks the server of the database to end a statement that takes too long',
  'use-cases/openid/exchange.service.ts': 'makes an answer that collects what a library says, and is never sent',
  'use-cases/administration/dashboard/connect-examples.pages.ts': 'shows, as text, the call that an app makes',
}
/** `isIP` only parses a text and connects to nothing. */
const ONLY_LOOKS = /import \{ isIP \} from 'node:net'/

test('only the files of this list connect to other machines or start programs', () => {
  const callers = IMPORTS.filter(({ to, typeOnly }) => REACHING_OUT.test(to) && !typeOnly)
    .filter(({ from, to }) => to !== 'node:net' || !ONLY_LOOKS.test(TEXTS.get(from) ?? ''))
    .map(({ from }) => from)
  const fetching = FILES.filter((file) =>
    /(?<![\w.])fetch\(|\bnew (?:WebSocket|EventSource)\(|\bgetBuiltinModule\(/.test(TEXTS.get(file) ?? ''),
  )
  assert.deepEqual([...new Set([...callers, ...fetching])].toSorted(), Object.keys(MAY_REACH_OUT).toSorted())
})

test('no file of the program starts another program or a shell, so no input becomes part of a command', () => {
  const starting = IMPORTS.filter(({ to }) => /^(?:node:)?(?:child_process|cluster)$/.test(to)).map(({ from }) => from)
  assert.deepEqual(starting, [])
})

test('only one file sets cookies, so each has the prefix and the attributes that it gives', () => {
  const setting = FILES.filter((file) =>
    /\bheaders?\(\W*set-cookie|setHeader\(\W*set-cookie/i.test(TEXTS.get(file) ?? ''),
  )
  assert.deepEqual(setting, ['foundation/web/http/cookies.ts'])
})

test('each file that hashes a new password asks the rules first, which ask for breached ones', () => {
  const hashing = FILES.filter((file) => /(?<!function )\bnewPasswordHash\(/.test(TEXTS.get(file) ?? ''))
  const asking = hashing.filter((file) => /\bfieldErrorsInNewPassword\(/.test(TEXTS.get(file) ?? ''))
  assert.ok(asking.length > 5)
  // At a sign-in the password is not new: its hash of an earlier method is replaced.
  assert.deepEqual(
    hashing.filter((file) => !asking.includes(file)),
    ['use-cases/sign-in/credentials.service.ts'],
  )
})

test('no folder or file is called index, utils, helpers or common', () => {
  const nameless = FILES.filter((file) => /(?:^|\/)(?:index\.ts|utils?|helpers?|common)(?:\/|\.ts|$)/.test(file))
  assert.deepEqual(nameless, [])
})

test('no file imports itself through others, not even for a type', () => {
  assert.deepEqual(circlesIn(INSIDE.map(({ from, to }) => [from, to])), [])
})

test('the subfolders and files of one folder form no cycle, type imports included', () => {
  const folders = new Set(
    FILES.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index + 1))),
  )
  assert.ok(folders.size > 50)
  const circles = ['', ...folders].flatMap((folder) => {
    const inside = INSIDE.filter(({ from, to }) => from.startsWith(folder) && to.startsWith(folder))
    const nodeOf = (file: string) => folder + (file.slice(folder.length).split('/')[0] ?? '')
    const edges = inside.map(({ from, to }) => [nodeOf(from), nodeOf(to)] as const)
    return circlesIn(edges.filter(([from, to]) => from !== to))
  })
  assert.deepEqual(circles, [])
})

/** One path of each cycle that a depth-first search finds; empty where there is none. */
function circlesIn(edges: readonly (readonly [string, string])[]): string[][] {
  const graph = Map.groupBy(edges, ([from]) => from)
  const done = new Set<string>()
  const circleFrom = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return undefined
    for (const [, next] of graph.get(node) ?? []) {
      const circle = circleFrom(next, [...path, node])
      if (circle !== undefined) return circle
    }
    done.add(node)
    return undefined
  }
  return [...graph.keys()].map((node) => circleFrom(node, [])).filter((circle) => circle !== undefined)
}

const ARCHITECTURE = readPage('ARCHITECTURE.md')

test('docs/where.md lists every folder of src, and ARCHITECTURE.md the folders at its top; each that they list exists', () => {
  const where = readPage('docs/where.md')
  const [inSrc, inTest] = ['src', 'test'].map((top) => pathsIn(blockBelow(where, `Every folder of ${top}`)))
  const shown = pathsIn(blockBelow(ARCHITECTURE, 'The tree'))
  const lost = [...(inSrc ?? []), ...(inTest ?? []), ...shown].filter((path) => !existsSync(join(ROOT, path)))
  assert.deepEqual(lost, [])
  const folders = globSync('**/', { cwd: SRC }).map((path) => join('src', path, '/').split(sep).join('/'))
  const loose = ['entry', 'foundation'].flatMap((group) =>
    globSync(`${group}/*.{ts,js}`, { cwd: SRC }).map((path) => join('src', path).split(sep).join('/')),
  )
  const expected = [...folders, ...loose.filter((path) => !path.endsWith('.test.ts'))]
  assert.ok(expected.length > 50)
  const unlisted = expected.filter((path) => !inSrc?.includes(path))
  assert.deepEqual(unlisted, [])
})

/** The paths of an indented listing: one name per line, its description after two spaces. */
function pathsIn(listing: string): string[] {
  const parents: string[] = []
  return listing
    .trimEnd()
    .split('\n')
    .map((line) => {
      const depth = line.search(/\S/) / 2
      parents.splice(depth, Infinity, line.trim().split(/\s{2,}/)[0] ?? '')
      return parents.join('')
    })
}

test('ARCHITECTURE.md shows the layers that this test holds the imports to', () => {
  const shown = blockBelow(ARCHITECTURE, 'The layers')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  assert.deepEqual(
    shown.map((line) => line.split(/\s+/)),
    LAYERS,
  )
})

/** Every program of src/, those of threads too, without tests. */
const PROGRAMS = new Map(
  globSync('**/*.{ts,js}', { cwd: SRC })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => [`src/${file}`, readFileSync(join(SRC, file), 'utf8')]),
)

const RUN_TIME_TRICKS = /\bsetFlagsFromString\b|\bFunction\(|\beval\(|['"](?:node:)?vm['"]/

test('no program changes the flags of V8, and none generates code at run time', () => {
  const tricks = [...PROGRAMS].filter(([, text]) => RUN_TIME_TRICKS.test(text)).map(([file]) => file)
  assert.deepEqual(tricks, [])
})

/** What these build regular expressions from: constants and tables of a standard, never what was sent (ReDoS). */
const BUILDS_PATTERNS: Readonly<Record<string, string>> = {
  'src/domain/attributes/attribute-value.ts': 'a number of digits',
  'src/domain/attributes/attribute.ts': 'the length of a key',
  'src/domain/clients/client-fields.ts': 'the pattern of the name of a claim',
  'src/domain/users/mixed-scripts.ts': 'the names of Unicode scripts',
  'src/foundation/kernel/ip-address-range.ts': 'the pattern of a byte',
  'src/foundation/kernel/distinct-name.ts': 'ranges of characters',
  'src/foundation/kernel/network.ts': 'a number of digits',
  'src/foundation/platform/passwords/derived-hash.ts': 'the formats of hashes',
  'src/foundation/web/html.ts': 'the attributes of a drawing',
}

test('a pattern is made from constants only, in the files of this list', () => {
  const building = [...PROGRAMS].filter(([, text]) => /\bRegExp\(/.test(text)).map(([file]) => file)
  assert.deepEqual(building.toSorted(), Object.keys(BUILDS_PATTERNS).toSorted())
})

/** What keeps data in a browser, or takes messages from a window of any site. */
const KEEPS_OR_LISTENS =
  /\b(?:localStorage|sessionStorage|indexedDB|cookieStore|document\.cookie|caches\.|serviceWorker|innerHTML|outerHTML|insertAdjacentHTML|document\.write)|(?<!channel\.)addEventListener\(\s*['"]message|\bonmessage\s*=|\.postMessage\([^)]*,/

test('no script of a page stores anything in the browser, writes HTML or takes messages from other sites', () => {
  const modules = globSync('assets/modules/*.js', { cwd: ROOT })
  assert.ok(modules.length > 10)
  const faulty = modules.filter((file) => KEEPS_OR_LISTENS.test(readFileSync(join(ROOT, file), 'utf8')))
  assert.deepEqual(faulty, [])
})

const FORMATTER = 'a formatter of Intl, the same for the same language: making one takes far longer than using it'
const COMPILED = 'compiled schemas, the same for the same schema'
const LIBRARY = 'loaded once, when it is first needed'
const THREAD = 'the program of a thread, each of which has its own'
/** State at module level that is allowed, with the reason: it is the same for every application in the process. */
const SHARED_BY_ALL: Readonly<Record<string, string>> = {
  'src/entry/cli/terminal/list.ts exact': FORMATTER,
  'src/entry/http/app.ts serializers': COMPILED,
  'src/entry/http/methods.ts heads': 'requests that are being answered, which belong to one application each',
  'src/domain/factors/passkeys/webauthn.service.ts library': LIBRARY,
  'src/domain/users/mixed-scripts.ts patterns': 'patterns of a standard, compiled once, when they are first needed',
  'src/foundation/platform/passwords/known-passwords.ts loading': LIBRARY,
  'src/foundation/platform/database/sqlite/sqlite-reader.worker.js db': THREAD,
  'src/foundation/platform/database/sqlite/sqlite-reader.worker.js statements': THREAD,
  'src/foundation/platform/logging/log-output.ts standard':
    'the one standard output of the process, made when it is first written to',
  'src/foundation/platform/passwords/password-hasher.worker.js last': THREAD,
  'src/foundation/texts/day-and-time.ts calendars': FORMATTER,
  'src/foundation/web/components/moments.ts countdowns': FORMATTER,
  'src/foundation/web/http/schema.ts compilers': LIBRARY,
  'src/foundation/web/http/schema.ts compiled': COMPILED,
  'src/foundation/texts/spans.ts formats': FORMATTER,
}

test('nothing changes at module level, so that two applications in one process share nothing', () => {
  const changing = [...PROGRAMS].flatMap(([file, text]) => changingAtModuleLevel(text).map((name) => `${file} ${name}`))
  assert.deepEqual(changing.toSorted(), Object.keys(SHARED_BY_ALL).toSorted())
})

const CHANGES = 'set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin'

/** The variables, static fields, instances of classes and changed constants at module level, where a line is not indented. */
function changingAtModuleLevel(text: string): string[] {
  const variables = [...text.matchAll(/^(?:export )?(?:let|var) (\w+)/gm)].map(([, name = '']) => name)
  const fields = [...text.matchAll(/^ {2}(?:private )?static (?!readonly|async)(#?\w+)(?:: [^=(]+)? =/gm)].map(
    ([, name = '']) => name,
  )
  const instances = [
    ...text.matchAll(/^(?:export )?const (\w+)[^=\n]*= new (?!RegExp\b|URL\b|Intl\.|(?:Weak)?(?:Map|Set)\b)/gm),
  ].map(([, name = '']) => name)
  const constants = text.matchAll(/^(?:export const|const| {2}static readonly) (#?\w+)/gm)
  const written = [...constants]
    .map(([, name = '']) => name)
    .filter((name) =>
      new RegExp(`(?<![\\w#])${name}(?:\\.(?:${CHANGES})\\(|(?:\\.\\w+|\\[[^\\]]+\\]) [^=!<> ]{0,2}=(?!=|>) )`).test(
        text,
      ),
    )
  return [...variables, ...fields, ...instances, ...written]
}

function linesMatching(file: string, pattern: RegExp): string[] {
  const lines = (TEXTS.get(file) ?? '').split('\n')
  return lines.flatMap((line, index) => (pattern.test(line) ? [`src/${file}:${index + 1} ${line.trim()}`] : []))
}
