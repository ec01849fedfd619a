import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

import { Gathered } from './gathered.ts'

function gatheredFor(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const said: string[] = []
  const server = { hasBacklog: true }
  const gathered = new Gathered(() => server.hasBacklog)
  return { said, server, gathered, say: (text: string) => gathered.tell(() => said.push(text)) }
}

suite('gathered', () => {
  test('with nobody waiting, all is done at once', (t) => {
    const { said, server, say } = gatheredFor(t)
    server.hasBacklog = false
    say('a')
    assert.deepEqual(said, ['a'])
  })

  test('in a crowd all is done together, in order, when the first has waited long enough', (t) => {
    const { said, say } = gatheredFor(t)
    say('a')
    t.mock.timers.tick(39)
    say('b')
    assert.deepEqual(said, [])
    t.mock.timers.tick(1)
    assert.deepEqual(said, ['a', 'b'])
    say('c')
    t.mock.timers.tick(39)
    assert.deepEqual(said, ['a', 'b'])
    t.mock.timers.tick(1)
    assert.deepEqual(said, ['a', 'b', 'c'])
  })

  test('eight are enough: whoever comes next begins another company', (t) => {
    const { said, say } = gatheredFor(t)
    for (const text of 'abcdefg') say(text)
    assert.deepEqual(said, [])
    say('h')
    assert.equal(said.join(''), 'abcdefgh')
    say('i')
    t.mock.timers.tick(39)
    assert.equal(said.length, 8)
    t.mock.timers.tick(1)
    assert.equal(said.length, 9)
  })

  test('once the crowd has gone nobody is held, and the order stays', (t) => {
    const { said, server, say } = gatheredFor(t)
    say('a')
    server.hasBacklog = false
    say('b')
    assert.deepEqual(said, ['a', 'b'])
    t.mock.timers.tick(100)
    assert.deepEqual(said, ['a', 'b'])
  })

  test('what is told while others are done is done too', (t) => {
    const { said, gathered, say } = gatheredFor(t)
    gathered.tell(() => say('second'))
    gathered.release()
    gathered.release()
    assert.deepEqual(said, ['second'])
  })
})
