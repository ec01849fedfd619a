import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loadConfig } from './config/config.ts'
import { commandFor, commandOnPage } from './program-name.ts'

/** Tests run in a clone; test/stories/package.test.ts shows what an installed program says. */
const HERE = 'npm run -s doorward --'

const LOCATIONS: readonly [claim: string, flags: Record<string, string>, command: string, onPage: string][] = [
  ['nothing', {}, `${HERE} user list`, `${HERE} user list`],
  [
    'a folder whose name a shell would expand',
    { dataDir: "/srv/Ada's $data" },
    String.raw`${HERE} user list --data-dir '/srv/Ada'\''s $data'`,
    `${HERE} user list --data-dir …`,
  ],
  [
    'a file, a port, and a flag that locates nothing',
    { 'database-url': 'sqlite:x.db', port: '9000', 'log-level': 'warn' },
    `${HERE} user list --database-url sqlite:x.db --port 9000`,
    `${HERE} user list --database-url … --port …`,
  ],
  [
    'a server without a password',
    { databaseUrl: 'postgres://ada@db.internal/doorward' },
    `${HERE} user list --database-url postgres://ada@db.internal/doorward`,
    `${HERE} user list --database-url …`,
  ],
  [
    'a server with a password',
    { databaseUrl: 'postgres://ada:hush@db.internal/doorward', config: 'x.toml' },
    `DOORWARD_DATABASE_URL=… ${HERE} user list --config x.toml`,
    `${HERE} user list --config … --database-url …`,
  ],
  [
    'several hosts without a password',
    { databaseUrl: 'postgres://ada@a.internal,b.internal:6432/doorward' },
    `${HERE} user list --database-url postgres://ada@a.internal,b.internal:6432/doorward`,
    `${HERE} user list --database-url …`,
  ],
  [
    'several hosts with a password',
    { databaseUrl: 'postgres://ada:hush@a.internal,b.internal:6432/doorward' },
    `DOORWARD_DATABASE_URL=… ${HERE} user list`,
    `${HERE} user list --database-url …`,
  ],
  [
    'a server with a password in the query',
    { databaseUrl: 'postgres://db.internal/doorward?password=hush' },
    `DOORWARD_DATABASE_URL=… ${HERE} user list`,
    `${HERE} user list --database-url …`,
  ],
]

for (const [claim, flags, command, onPage] of LOCATIONS) {
  test(`after a start with ${claim} as flags, a command acts on the same database, and a page does not reveal which`, () => {
    const { config } = loadConfig({ flags, env: {}, readFile: () => '' })
    assert.equal(commandFor(config, 'user list'), command)
    assert.equal(commandOnPage(config, 'user list'), onPage)
  })
}

test('a command does not repeat settings from the environment', () => {
  const { config } = loadConfig({ env: { DOORWARD_DATA_DIR: '/srv/data' }, readFile: () => undefined })
  assert.equal(commandFor(config, 'user list'), `${HERE} user list`)
})
