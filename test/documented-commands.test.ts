// Runs the commands of the pages: each block by the real shell and the real program, unless a reason below says why not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { walkApi, walkOrigin, walkReadme } from './support/documentation/app-guides.ts'
import {
  walkAppAccess,
  walkAppPresets,
  walkClaims,
  walkConnect,
  walkDevices,
  walkManageApps,
  walkResources,
} from './support/documentation/app-owner-guides.ts'
import { openTerminal, runShell, startShown } from './support/documentation/fresh-clone.ts'
import { walkStart } from './support/documentation/get-started.ts'
import { allPages, Blocks, readPage, ROOT, type Walk } from './support/documentation/markdown.ts'
import {
  walkAuditLog,
  walkBackup,
  walkPolicies,
  walkPostgres,
  walkRecovery,
  walkRun,
} from './support/documentation/operator-guides.ts'
import { ownCurl } from './support/documentation/shell-programs.ts'
import { claimed, exhaustive, type Tier } from './support/runner/scope.ts'

const WALKS: Readonly<Record<string, Walk>> = {
  'README.md': walkReadme,
  'docs/api.md': walkApi,
  'docs/app-access.md': walkAppAccess,
  'docs/app-presets.md': walkAppPresets,
  'docs/audit-log.md': walkAuditLog,
  'docs/backup.md': walkBackup,
  'docs/claims.md': walkClaims,
  'docs/connect.md': walkConnect,
  'docs/devices.md': walkDevices,
  'docs/manage-apps.md': walkManageApps,
  'docs/origin.md': walkOrigin,
  'docs/policies.md': walkPolicies,
  'docs/postgres.md': walkPostgres,
  'docs/recovery.md': walkRecovery,
  'docs/resources.md': walkResources,
  'docs/run.md': walkRun,
  'docs/start.md': walkStart,
}

/** The pages with blocks marked `sh foreign`, which need programs that npm cannot install; `npm run test:foreign` runs them. */
const FOREIGN: Readonly<Record<string, string>> = {
  'docs/backup.md': 'test/foreign/postgresql-backup.test.ts',
}

const RUNS_TESTS = 'a test cannot run the tests within itself; that the script exists is tested in test/docs.test.ts'
const PACKAGE = 'test/stories/package-installed.test.ts packs, installs, serves'
const BILL = 'test/stories/package.test.ts asks npm for both bills of materials'
const CONTAINER = 'test/foreign/containers.test.ts builds and runs it'
const SYSTEMD = 'needs root and systemd; test/recipes.test.ts checks the unit with systemd-analyze'

const REGISTRATION = 'needs a mail server and a person who waits; run from test/stories/registration.test.ts'
const CONFIRMS_EMAILS = 'needs a mail server and users to ask; run from test/stories/email-confirmations.test.ts'

const EXAMPLES = 'test/stories/examples.test.ts installs and starts it, and asks the same'
const TOKEN_BY_CURL = 'its user allows it in a browser; test/apps/frameworks.test.ts runs it'
const FRAMEWORKS = 'test/apps/frameworks.test.ts does the same, and asks'
const NODE_EXAMPLE = {
  'npm ci --prefix ../../clients/node': FRAMEWORKS,
  'npm run build --prefix ../../clients/node': FRAMEWORKS,
  'npm install': FRAMEWORKS,
  'CLIENT_ID=ID CLIENT_SECRET=SECRET npm start': FRAMEWORKS,
  'curl -i localhost:3000/me -H "Authorization: Bearer $TOKEN"': FRAMEWORKS,
}

/** Lines of blocks that no test runs, by page, each with the reason or with the test that covers it. */
const NOT_RUN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'git clone URL doorward': 'the tests run in a clone',
    'cd doorward': 'the tests run in a clone',
    'npm start': 'the block below is run against a server that this line started',
    'npm test': RUNS_TESTS,
  },
  'docs/start.md': {
    'git clone URL doorward': 'the tests run in a clone',
    'cd doorward': 'the tests run in a clone',
    'npm start': 'the blocks below are run against a server that this line started',
  },
  'examples/openid/README.md': {
    'npm run -s doorward -- app add Notes --redirect-uri http://localhost:3000/callback --logout-uri http://localhost:3000/':
      'run from docs/start.md',
    'npm install': EXAMPLES,
    'CLIENT_ID=ID CLIENT_SECRET=SECRET npm start': 'run from docs/start.md',
  },
  'docs/audit-log.md': {
    'npm run -s doorward -- refusal show REFERENCE':
      'the reference is made by a refusal; test/stories/refusal-reference.test.ts',
  },
  'docs/backup.md': {
    'git pull':
      'needs a newer version; src/foundation/platform/database/migrate.test.ts upgrades databases of earlier ones',
    'npm start': 'run from docs/run.md',
  },
  'docs/recovery.md': {
    'npm run -s doorward -- user reset-second-factor ada --reason "lost phone"':
      'asks for confirmation; run with --yes further below',
  },
  'docs/registration.md': {
    'npm run -s doorward -- user waiting': REGISTRATION,
    'npm run -s doorward -- user approve grace': REGISTRATION,
    'npm run -s doorward -- user approve heinz --group Members': REGISTRATION,
    'npm run -s doorward -- user decline grace --reason "Only for staff"': REGISTRATION,
  },
  'docs/notices.md': {
    'npm run -s doorward -- user lift-review ada': 'a report must come before; test/stories/not-me.test.ts runs it',
    'npm run -s doorward -- user confirm-emails --dry-run': CONFIRMS_EMAILS,
    'npm run -s doorward -- user confirm-emails --yes': CONFIRMS_EMAILS,
  },
  'docs/run.md': {
    'npm run package': PACKAGE,
    'npm install --global ./doorward-0.1.0.tgz': PACKAGE,
    'doorward serve': PACKAGE,
    'podman build --format docker --file deploy/Containerfile --tag doorward .': CONTAINER,
    'podman run --volume doorward:/data --publish 127.0.0.1:8000:8000 --env DOORWARD_PUBLIC_URL=https://id.example.org doorward':
      CONTAINER,
    'cd deploy': CONTAINER,
    'SITE=id.example.org docker compose up --detach --build': CONTAINER,
    'docker compose logs doorward': CONTAINER,
    'npm install --global --prefix /usr/local ./doorward-0.1.0.tgz': PACKAGE,
    'useradd --system --home-dir /var/lib/doorward --shell /usr/sbin/nologin doorward': SYSTEMD,
    'cp deploy/doorward.service /etc/systemd/system/': SYSTEMD,
    'systemctl enable --now doorward': SYSTEMD,
    'journalctl --unit doorward': SYSTEMD,
  },
  'docs/policies.md': {
    'npm run -s doorward -- policy create role:user --remember 30d':
      'test/stories/cli-policies.test.ts runs a command of the same form',
  },
  'docs/devices.md': {
    "oidc-gen mine --flow=device --iss=https://id.example.org/oidc --client-id=… --client-secret=… --redirect-uri=http://localhost:4242 --scope='openid profile offline_access'":
      'test/foreign/oidc-agent.test.ts starts it',
  },
  'docs/attributes.md': Object.fromEntries(
    [
      'attribute create cost_center --label "Cost centre"',
      'attribute create size --label "Shirt size" --type choice --choice S --choice M --changed-by user --at-joining optional',
      'attribute list',
      'user create grace --attribute cost_center=4711 --attribute size=M',
      'user update grace --attribute size=',
      'user show grace',
    ].map((command) => [
      `npm run -s doorward -- ${command}`,
      'test/stories/cli-attributes.test.ts runs commands of the same form',
    ]),
  ),
  'docs/groups.md': Object.fromEntries(
    [
      'group create Engineering --description "Everyone who builds the product"',
      'group add Engineering --file people.txt',
      'group members Engineering --plain',
      'user list --group Engineering',
      'group add-manager Engineering ada',
    ].map((command) => [
      `npm run -s doorward -- ${command}`,
      'needs a file of people; test/stories/cli-groups.test.ts runs commands of the same form',
    ]),
  ),
  'docs/joining.md': Object.fromEntries(
    [
      'user create grace --email grace@example.org --mail',
      'user invite grace --mail',
      'user invite --again --status invited --mail',
      'user invite-many people.csv --dry-run',
      'user invite-many people.csv --mail',
      'user update grace --expires-at 2027-06-30',
      'user update grace --expires-at none',
    ].map((words) => [
      `npm run -s doorward -- ${words}`,
      'needs mail or a file; test/stories/cli-invitations.test.ts runs the same',
    ]),
  ),
  'docs/mail.md': {
    'SITE=id.example.org docker compose --file compose.yaml --file compose.mail.yaml up --detach --build': CONTAINER,
    'npm run -s doorward -- mail test you@example.org': 'needs an SMTP server; test/stories/cli-mail.test.ts has one',
    'npm run -s doorward -- user create grace --email grace@example.org --mail':
      'needs an SMTP server; test/stories/cli-invitations.test.ts mails one',
    'npm run -s doorward -- doctor': 'needs an SMTP server to find; test/stories/cli-doctor.test.ts runs it',
    ...Object.fromEntries(
      ['list', 'show ID', 'retry ID', 'retry --all --state failed', 'drop ID'].map((words) => [
        `npm run -s doorward -- mail ${words}`,
        'needs a queued mail; test/stories/cli-mail.test.ts queues some',
      ]),
    ),
  },
  'docs/api.md': {
    ...Object.fromEntries(
      ['npm ci --prefix clients/node', 'npm pack ./clients/node'].map((line) => [
        line,
        'installs packages; test/apps/client.test.ts packs the client and installs it',
      ]),
    ),
    'npm run -s doorward -- app add Payments --kind native --auth-method client_secret_basic --with device --scope roles':
      'test/apps/frameworks.test.ts registers the same app',
    "curl -sw '\\n' $URL/oidc/device/auth -u ID:SECRET -d 'scope=openid roles'": TOKEN_BY_CURL,
    "curl -sw '\\n' $URL/oidc/token -u ID:SECRET -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d device_code=CODE":
      TOKEN_BY_CURL,
  },
  'docs/testing-your-app.md': Object.fromEntries(
    ['npm run package', 'npm ci --prefix clients/test', 'npm pack ./clients/test'].map((line) => [
      line,
      'installs packages; test/apps/test-kit.test.ts packs both and installs them',
    ]),
  ),
  'docs/postgres.md': {
    "DOORWARD_DATABASE_URL='postgres://doorward:PASSWORD@db.internal/doorward?sslmode=verify-full&sslrootcert=/etc/doorward/db.crt' npm start":
      'needs a server with a certificate; test/attacks/postgres-tls.test.ts has one',
    "DOORWARD_DATABASE_URL='postgres://doorward:PASSWORD@db-a.internal:5432,db-b.internal:5432/doorward' npm start":
      'needs two servers; src/foundation/platform/database/postgres/postgres-hosts.test.ts has them',
  },
  ...Object.fromEntries(
    ['express', 'fastify', 'hono', 'next'].map((name) => [`examples/${name}/README.md`, NODE_EXAMPLE]),
  ),
  'examples/resource/README.md': {
    'npm install': 'the tests have the package already',
    'npm start': 'test/stories/resource-examples.test.ts starts both forms',
  },
  'examples/fastapi/README.md': {
    'pip install -r requirements.txt': 'Debian brings the packages; test/foreign/fastapi.test.ts compares the versions',
    'PYTHONPATH=../../clients/python uvicorn app:app --port 3000': 'test/foreign/fastapi.test.ts starts it',
    "curl localhost:3000/token -d username=ada -d 'password=three calm words123456'":
      'test/foreign/fastapi.test.ts asks the same',
    'curl -i localhost:3000/users/me/ -H "Authorization: Bearer $TOKEN"': 'test/foreign/fastapi.test.ts asks the same',
  },
  'docs/releasing.md': {
    ...Object.fromEntries(
      [
        'git tag --sign v0.1.0 --message "Doorward 0.1.0"',
        'git verify-tag v0.1.0',
        'gpg --armor --detach-sign doorward-0.1.0.sha256',
      ].map((line) => [line, 'needs the key of a maintainer']),
    ),
    'npm run site': 'test/browser/documentation-site.test.ts builds it by the same program',
    'npm run package': PACKAGE,
    'tar --list --gzip --file doorward-0.1.0.tgz': 'test/stories/package.test.ts reads the list of its files',
    'npm install --global --prefix ./try ./doorward-0.1.0.tgz': PACKAGE,
    './try/bin/doorward version': PACKAGE,
    './try/bin/doorward serve': PACKAGE,
    'podman build --format docker --file deploy/Containerfile --tag doorward:0.1.0 .': CONTAINER,
    'podman run --rm doorward:0.1.0 version': CONTAINER,
    'npm sbom --sbom-format cyclonedx --package-lock-only > doorward-0.1.0.cdx.json': BILL,
    'cd scripts/build': BILL,
    'npm sbom --sbom-format cyclonedx --package-lock-only > ../../doorward-0.1.0.build.cdx.json': BILL,
    'cd ../..': BILL,
    'sha256sum doorward-0.1.0.tgz doorward-0.1.0.cdx.json doorward-0.1.0.build.cdx.json > doorward-0.1.0.sha256':
      'needs the files of the lines above',
    'node scripts/earlier.ts COMMIT':
      'replaces files of the clone; test/stories/previous-version.test.ts runs what it made',
  },
}

/** Pages made from the program: test/docs.test.ts parses each of their examples. */
const GENERATED = ['docs/cli.md']

/** An `example` is a file of examples/, which a test compares and runs. */
const KINDS = ['', 'sh', 'sh run', 'sh foreign', 'js run', 'js example', 'ts example', 'py example']

test('every block of commands on a page is run by a test, or each of its lines has a reason here', () => {
  const faults = allPages().flatMap(({ path, fences }) =>
    fences.flatMap(({ kind, code }) => faultsInBlock(path, kind, code).map((fault) => `${path}: ${fault}`)),
  )
  assert.deepEqual(faults, [])
})

function faultsInBlock(path: string, kind: string, code: string): string[] {
  if (!KINDS.includes(kind)) return [`a block is marked "${kind}"; commands are marked one of ${KINDS.join(', ')}`]
  if (kind === '') return linesOf(code).filter((line) => /^(\$ |npm |node |curl |doorward |sudo )/.test(line))
  if (kind.endsWith(' run')) return WALKS[path] === undefined ? [`no walk runs the block "${code}"`] : []
  if (kind === 'sh foreign') return FOREIGN[path] === undefined ? [`no test runs the block "${code}"`] : []
  if (GENERATED.includes(path) || kind.endsWith(' example')) return []
  return linesOf(code)
    .filter((line) => NOT_RUN[path]?.[line] === undefined)
    .map((line) => `no test knows "${line}"`)
}

function linesOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

// An interactive zsh, the shell of every Mac, passes `#` and the words behind it to the command (its option INTERACTIVE_COMMENTS is off).
test('no block of commands has a comment', () => {
  const commented = allPages().flatMap(({ path, fences }) =>
    fences
      .filter(({ kind }) => kind === '' || kind === 'sh' || kind.startsWith('sh '))
      .flatMap(({ code }) => linesOf(code).filter((line) => /(^|\s)#(\s|$)/.test(line)))
      .map((line) => `${path}: ${line}`),
  )
  assert.deepEqual(commented, [])
})

test('a command of curl ends its answer with a newline, unless another command reads the answer', () => {
  const unended = ['README.md', 'docs/api.md'].flatMap((path) =>
    readPage(path)
      .fences.flatMap(({ code }) => linesOf(code.replaceAll('\\\n', ' ')))
      .filter((line) => line.startsWith('curl ') && !/^curl -sw '[^']*\\n' /.test(line))
      .map((line) => `${path}: ${line}`),
  )
  assert.deepEqual(unended, [])
})

test('each reason for a line that is not run is about an existing line', () => {
  const stale = Object.entries(NOT_RUN).flatMap(([path, lines]) => {
    const blocks = readPage(path).fences.filter(({ kind }) => kind === 'sh')
    const written = new Set(blocks.flatMap(({ code }) => linesOf(code)))
    return Object.keys(lines).filter((line) => !written.has(line))
  })
  assert.deepEqual(stale, [])
  for (const [page, file] of Object.entries(FOREIGN)) {
    assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(`'${page}'`), `${file} does not read ${page}`)
  }
})

/** `npm test` follows the first session, `npm run test:all` the first steps and the restore of a backup too, and `npm run test:exhaustive` the others. */
const TIERS: Readonly<Record<string, Tier>> = {
  'README.md': 'quick',
  'docs/api.md': 'quick',
  'docs/backup.md': 'all',
  'docs/start.md': 'all',
}

for (const [path, walk] of Object.entries(WALKS)) {
  const follow = async (t: TestContext): Promise<void> => {
    const page = new Blocks(path)
    await walk(t, page)
    assert.equal(page.left, 0, `${page.left} blocks of ${path} were not run`)
  }
  claimed(`the commands of ${path} do what the page says`, follow, { tier: TIERS[path] ?? 'exhaustive' })
}

test('no line of a pasted block is read as the input of a line before it', () => {
  const blocks = readPage('docs/api.md').fences.map(({ code }) => code.trimEnd().split('\n'))
  const asking = blocks.filter((lines) => lines.some((line) => /^\s*read\b/.test(line)))
  assert.ok(asking.length > 1)
  // A shell reads a group to its end before it runs the first line, so a pasted line is not read as input; nothing may follow the group.
  for (const lines of asking) {
    const begun = lines.indexOf('{')
    assert.ok(begun >= 0, lines.join('\n'))
    assert.equal(lines.indexOf('}', begun), lines.length - 1, lines.join('\n'))
    assert.ok(lines.findIndex((line) => /^\s*read\b/.test(line)) > begun, lines.join('\n'))
  }
})

exhaustive('our replacement of curl sends what curl sends', async (t) => {
  const { url } = await startShown(t, 'npm start', await openTerminal(t))
  const sent =
    "curl -s $URL/token -d username=nobody --data-urlencode 'password=a b&c+d'; curl -s -X DELETE $URL/session -H 'Authorization: Bearer dwa_none'"
  const terminal = await openTerminal(t, { programs: [await ownCurl(t)] })
  const printed = await runShell(`URL=${url}\n${sent}`, terminal)
  assert.match(printed, /"code":"sign_in\.incorrect".*"code":"access\.invalid_token"/)
})
