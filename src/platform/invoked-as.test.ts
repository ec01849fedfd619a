import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loadConfig } from './config.ts'
import { commandFor, commandOnPage, invokedAs } from './invoked-as.ts'

const STARTS: readonly [claim: string, env: Record<string, string>, form: string][] = [
  ['by itself', {}, 'doorward'],
  ['by npm start', { npm_lifecycle_event: 'start' }, 'npm run -s doorward --'],
  ['by npm run doorward', { npm_lifecycle_event: 'doorward' }, 'npm run -s doorward --'],
  ['by a script of another project', { npm_lifecycle_event: 'deploy' }, 'doorward'],
]

for (const [claim, env, form] of STARTS) {
  test(`started ${claim}, commands are shown as ${form} …`, () => assert.equal(invokedAs(env), form))
}

const PLACES: readonly [claim: string, flags: Record<string, string>, command: string, onPage: string][] = [
  ['nothing', {}, 'doorward user list', 'doorward user list'],
  [
    'a folder whose name a shell would read otherwise',
    { dataDir: "/srv/Ada's $data" },
    String.raw`doorward user list --data-dir '/srv/Ada'\''s $data'`,
    'doorward user list --data-dir …',
  ],
  [
    'a file, an address, and what is no place',
    { 'database-url': 'sqlite:x.db', port: '9000', 'log-level': 'warn' },
    'doorward user list --database-url sqlite:x.db --port 9000',
    'doorward user list --database-url … --port …',
  ],
  [
    'a server without a password',
    { databaseUrl: 'postgres://ada@db.internal/doorward' },
    'doorward user list --database-url postgres://ada@db.internal/doorward',
    'doorward user list --database-url …',
  ],
  [
    'a server with a password',
    { databaseUrl: 'postgres://ada:hush@db.internal/doorward', config: 'x.toml' },
    'DOORWARD_DATABASE_URL=… doorward user list --config x.toml',
    'doorward user list --config … --database-url …',
  ],
  [
    'a server with a password in the query',
    { databaseUrl: 'postgres://db.internal/doorward?password=hush' },
    'DOORWARD_DATABASE_URL=… doorward user list',
    'doorward user list --database-url …',
  ],
]

for (const [claim, flags, command, onPage] of PLACES) {
  test(`started with ${claim} as flags, a command acts on the same database, and a page tells nobody which`, () => {
    const { config } = loadConfig({ flags, env: {}, readFile: () => '' })
    assert.equal(commandFor(config, 'user list', {}), command)
    assert.equal(commandOnPage(config, 'user list', {}), onPage)
  })
}

test('what comes from the environment is there at the next command too', () => {
  const { config } = loadConfig({ env: { DOORWARD_DATA_DIR: '/srv/data' }, readFile: () => undefined })
  assert.equal(commandFor(config, 'user list', {}), 'doorward user list')
})
