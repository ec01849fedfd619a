import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { newLogger } from './logger.ts'

const CANARY = 'canary-51c0'

/** The lines that `work` logs, as text and parsed. */
function logged(work: (log: ReturnType<typeof newLogger>) => void): { text: string; lines: Record<string, unknown>[] } {
  const written: string[] = []
  work(newLogger({ logLevel: 'trace' }, { write: (line) => written.push(line) }))
  return { text: written.join(''), lines: written.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

/** The value nested in that many objects and lists. */
function buried(value: object, depth: number): object {
  return { outer: Array.from({ length: depth }).reduce<object>((whole) => ({ list: [whole] }), value) }
}

suite('the log', () => {
  const names = [
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'password',
    'new_password',
    'currentPassword',
    'hashed_password',
    'passwd',
    'totp',
    'otp_secret',
    'otpauthUri',
    'qr_svg',
    'code',
    'codes',
    'token',
    'access_token',
    'refreshToken',
    'x-csrf-token',
    'secret',
    'client_secret',
    'attempt',
    'proof',
    'link',
    'key',
    'keyring',
    'databaseUrl',
    'database_url',
    'credentials',
  ]
  for (const name of names) {
    test(`never contains the value of ${name}, at any depth`, () => {
      for (const depth of [0, 1, 2]) {
        const { text } = logged((log) => {
          log.info({ [name]: CANARY, ...buried({ [name]: CANARY }, depth) }, 'something happened')
          log.info(buried({ [name]: [CANARY, { inner: CANARY }] }, depth))
          log.info(buried(new Map([[name, CANARY]]), depth))
        })
        assert.ok(!text.includes(CANARY), `at depth ${depth}: ${text}`)
      }
    })
  }

  test('keeps fields whose names only resemble secret ones', () => {
    const fields = { status: 200, key_id: 'seal-1', nested: { retryAfter: 3 } }
    const { lines } = logged((log) => log.info(fields, 'done'))
    assert.partialDeepStrictEqual(lines, [{ ...fields, level: 'info', msg: 'done' }])
  })

  const texts: [string, string][] = [
    ['a link', `/invitation/dwl_${CANARY}`],
    ['a token', `Bearer dws_${CANARY}`],
    ['a query', `GET /users?search=${CANARY}&x=1`],
    ['an otpauth URI', `otpauth://totp/x?secret=${CANARY}`],
    ['the password of a URL', `connect postgres://me:${CANARY}@host/db`],
  ]
  for (const [what, line] of texts) {
    test(`removes ${what} from texts, messages and errors`, () => {
      const { text } = logged((log) => {
        log.info({ field: line }, line)
        log.info({ deep: [{ line }] }, 'for %s', line)
        log.error(new Error(line, { cause: new Error(line) }))
        log.error({ err: new Error(line), nested: { error: new Error(line) } })
      })
      assert.ok(!text.includes(CANARY), text)
    })
  }

  test('contains type, message, code and cause of an error, and no other fields of a driver', () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: `Key (email)=(${CANARY})` })
    const { text, lines } = logged((log) => log.error({ err: new TypeError('no luck', { cause }) }, 'failed'))
    assert.partialDeepStrictEqual(lines, [{ err: { type: 'TypeError', message: 'no luck', cause: { code: '23505' } } }])
    assert.ok(!text.includes(CANARY))
  })

  test('contains each error of an AggregateError', () => {
    const { lines } = logged((log) => log.error(new AggregateError([new Error('refused by ::1'), new Error('gone')])))
    assert.partialDeepStrictEqual(lines, [{ err: { errors: [{ message: 'refused by ::1' }, { message: 'gone' }] } }])
  })

  test('contains the route of a request, not its URL or headers', () => {
    const routeOptions = { url: '/setup/:token' }
    const req = { method: 'GET', url: `/setup/${CANARY}`, ip: '127.0.0.1', headers: { cookie: CANARY }, routeOptions }
    const { text, lines } = logged((log) => log.info({ req, res: { statusCode: 200, getHeader: CANARY } }))
    assert.deepEqual(lines[0]?.['req'], { method: 'GET', route: '/setup/:token', address: '127.0.0.1' })
    assert.deepEqual(lines[0]?.['res'], { status: 200 })
    assert.ok(!text.includes(CANARY))
  })

  test('hides a Secret under any name and handles a circular reference', () => {
    const loop: Record<string, unknown> = { value: Secret.of(CANARY) }
    loop['self'] = loop
    const { text } = logged((log) => log.info({ loop, at: new Date(0), bytes: Buffer.from(CANARY), big: 1n }))
    assert.ok(!text.includes(CANARY) && !text.includes(Buffer.from(CANARY).toString('base64')))
    assert.match(text, /1970-01-01T00:00:00\.000Z/)
  })

  test('contains only the class name of an object of a class', () => {
    const connection = new (class Connection {
      readonly handshake = CANARY
    })()
    const row: object = Object.assign(Object.create(null), { id: 1 })
    const { lines, text } = logged((log) => log.info({ connection, row }))
    assert.deepEqual([lines[0]?.['connection'], lines[0]?.['row']], ['[Connection]', { id: 1 }])
    assert.ok(!text.includes(CANARY))
  })

  test('contains no secret from the bindings of a child logger', () => {
    const { text } = logged((log) => log.child({ token: CANARY, request: 'r-1' }).info('hello'))
    assert.ok(!text.includes(CANARY) && text.includes('r-1'))
  })

  test('contains no line below its level', () => {
    const written: string[] = []
    const log = newLogger({ logLevel: 'warn' }, { write: (line) => written.push(line) })
    log.info('a')
    log.warn('b')
    assert.equal(written.length, 1)
  })

  test('has short lines on a terminal, without control characters from texts', () => {
    const written: string[] = []
    const log = newLogger({ logLevel: 'info' }, { isTTY: true, write: (line) => written.push(line) })
    log.info({ route: '/users/me', agent: 'curl \u001b[2J', password: CANARY, at: { x: 1 } }, 'served\u001b[31m')
    log.error(new Error('broke'))
    const [line = '', error = ''] = written
    assert.match(
      line,
      /^\d\d:\d\d:\d\d info  served \[31m route=\/users\/me agent="curl \\u001b\[2J" password=\[secret\] at\.x=1\n$/,
    )
    assert.match(error, /^\d\d:\d\d:\d\d error broke\n {4}Error: broke\n {8}at /)
  })
})
