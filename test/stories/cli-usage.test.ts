// Arguments, configuration and standard input of the command line.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { jsonIn, problemIn, programRunner, runner, SECRET_WORDS, withAdmin } from '../support/server/command-line.ts'
import { type Installation, runCommand } from '../support/server/processes.ts'

leaveToTestAll()

test('an invalid command line is exit code 2 with a hint', async (t) => {
  const installation = {
    databaseUrl: `sqlite:${join(await temporaryFolder(t), 'none.db')}`,
    dataDir: await temporaryFolder(t),
  }
  const run = runner(t, installation)
  const wrong = [
    { args: ['user', 'lsit'], said: /Did you mean list\?\nAll commands: npm run -s doorward -- --help\n/ },
    { args: ['bogus'], said: /Unknown command "bogus"\.\nAll commands: npm run -s doorward -- --help\n/ },
    { args: ['bogus', '--help'], said: /Unknown command "bogus"\.\n/ },
    { args: ['--help', 'bogus'], said: /Unknown command "bogus"\.\n/ },
    { args: ['user', 'lsit', '--help'], said: /Unknown command "lsit"\. Did you mean list\?\n/ },
    { args: ['help', 'bogus'], said: /Unknown command "bogus"\.\n/ },
    { args: ['help', 'user', 'lsit'], said: /Did you mean list\?\n/ },
    { args: ['completion', 'tcsh'], said: /Use bash, zsh or fish\./ },
    { args: ['user', 'create', 'ada', '--emial', 'a@b.example'], said: /Did you mean --email\?/ },
    { args: ['user', 'list', '--limit', '0'], said: /whole number from 1 to 200/ },
    { args: ['user', 'list', '--prot', '1'], said: /Did you mean --port\?/ },
  ]
  for (const { args, said } of wrong) {
    await t.test(args.join(' '), async () => {
      const { code, stdout, stderr } = await run(...args)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, said)
    })
  }

  await t.test('help for an existing command exits with 0, and does nothing else', async () => {
    for (const args of [['help'], ['help', 'user'], ['help', 'user', 'delete', 'ada'], ['user', '--help']]) {
      const { code, stdout, stderr } = await run(...args)
      assert.deepEqual([code, stderr], [0, ''], args.join(' '))
      assert.match(stdout, /^Usage: [^]*\nMore: npm run -s doorward -- help flags, help exit-codes[^]*\n$/)
      assert.doesNotMatch(stdout, /interrupted/)
    }
    assert.match((await run('help', 'user', 'create')).stdout, /Usage: npm run -s doorward -- user create/)
    assert.match(
      (await run('help', 'flags')).stdout,
      /^Flags of every command:\n[^]*--version[^]*--no-input[^]*\nSettings [^]*--database-url/,
    )
    assert.match((await run('help', 'exit-codes')).stdout, /^Exit codes:\n {2}0 {4}done\n[\s\S]*130 {2}interrupted\n$/)
  })

  await t.test('a password has no flag, and is not repeated', async () => {
    const refused = await run('user', 'create', 'ada', '--password', SECRET_WORDS, '--json')
    assert.equal(refused.code, 2)
    assert.equal(problemIn(refused)['code'], 'cli.usage')
    assert.doesNotMatch(refused.stderr, /walnut/)
    const joined = await run('user', 'set-password', 'ada', `--password=${SECRET_WORDS}`)
    assert.equal(joined.code, 2)
    assert.doesNotMatch(joined.stderr, /walnut/)
  })

  await t.test('so is a file that is no database, and it is not changed', async () => {
    const letter = join(installation.dataDir, 'letter.db')
    await writeFile(letter, 'Dear Ada, this is no database.\n')
    for (const command of [['serve'], ['user', 'list'], ['db', 'status']]) {
      const refused = await runCommand(t, [...command, '--json'], { ...installation, databaseUrl: `sqlite:${letter}` })
      assert.equal(refused.code, 2)
      assert.equal(problemIn(refused)['code'], 'database.unusable')
      assert.equal(problemIn(refused)['detail'], `The database ${letter} cannot be opened: file is not a database.`)
    }
    assert.equal(await readFile(letter, 'utf8'), 'Dear Ada, this is no database.\n')
  })

  await t.test('a PostgreSQL that does not answer is named without its password, and may answer later', async () => {
    const silent = { ...installation, databaseUrl: `postgres://ada:hush@127.0.0.1:${await freePort()}/doorward` }
    for (const command of [['serve'], ['user', 'list']]) {
      const { code, stderr } = await runCommand(t, command, silent)
      assert.equal(code, 8)
      assert.match(stderr, /^Error: PostgreSQL at 127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\. Is it running/)
      assert.doesNotMatch(stderr, /hush/)
    }
  })

  await t.test('every invalid setting is reported at once', async () => {
    const refused = await run('user', 'list', '--json', '--port', 'many', '--session-idle', 'long')
    assert.equal(refused.code, 2)
    const pointers = (problemIn(refused)['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
    assert.deepEqual(pointers, ['/port', '/session_idle'])
  })
})

test('config show --origin names the source of each value, and shows no secret', async (t) => {
  const installation = {
    databaseUrl: 'postgres://ada:hush@db.invalid/doorward',
    dataDir: await temporaryFolder(t),
    settings: { session_idle: '2h' },
  }
  await writeFile(join(installation.dataDir, 'doorward.toml'), 'instance_name = "Example Club"\n')
  const { code, stdout } = await runner(t, installation)('config', 'show', '--origin', '--json', '--port', '8443')
  assert.equal(code, 0)
  assert.doesNotMatch(stdout, /hush/)
  const items = jsonIn(stdout)['items'] as { key: string; value: string; source: string; detail: string }[]
  const shown = new Map(items.map(({ key, value, source }) => [key, [value, source]]))
  assert.deepEqual(shown.get('port'), ['8443', 'flag'])
  assert.deepEqual(shown.get('session_idle'), ['2h', 'environment'])
  assert.deepEqual(shown.get('instance_name'), ['Example Club', 'file'])
  assert.deepEqual(shown.get('docs'), ['true', 'default'])
})

test('a command that runs after others in one process prints and ends as the program does', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  await withAdmin(installation)
  await writeFile(join(installation.dataDir, 'doorward.toml'), 'instance_name = "Example Club"\n')
  const [inOneProcess, alone] = [runner(t, installation), programRunner(t, installation)]
  for (const args of [
    ['user', 'show', 'nobody', '--json'],
    ['user', 'list'],
    ['user', 'list', '--limit', '0'],
    ['audit', 'list', '--json'],
    ['user', 'delete', 'ada'],
    ['config', 'show', '--origin'],
    ['help', 'exit-codes'],
    ['bogus'],
  ])
    assert.deepEqual(await inOneProcess(...args), await alone(...args), args.join(' '))
})

test('a password can come from standard input', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  assert.equal((await run('db', 'migrate')).code, 0)
  const code = await runWithInput(['user', 'create', 'ada', '--password-stdin'], installation, `${SECRET_WORDS}\n`)
  assert.equal(code, 0)
  assert.match((await run('user', 'list', '--status', 'no-factor', '--plain')).stdout, /^ada\t/)
})

async function runWithInput(
  args: string[],
  { dataDir, databaseUrl }: Installation,
  input: string,
): Promise<number | null> {
  const program = join(import.meta.dirname, '..', '..', 'dist', 'doorward.js')
  const child = spawn(process.execPath, [program, ...args, '--data-dir', dataDir, '--database-url', databaseUrl], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}
