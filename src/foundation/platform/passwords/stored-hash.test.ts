import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { readStoredHash } from './stored-hash.ts'

const argon2 = (facts: string, scheme = 'argon2id') => `$${scheme}$v=19$${facts}$${'A'.repeat(22)}$${'A'.repeat(43)}`
const bcrypt = (head: string) => `${head}$${'a'.repeat(53)}`

suite('a stored hash', () => {
  const readable: [string, ReturnType<typeof readStoredHash>][] = [
    [argon2('m=19456,t=2,p=1'), { scheme: 'argon2id', memory: 19_456, passes: 2, parallelism: 1, pepper: null }],
    [argon2('m=32,t=1,p=4', 'argon2i'), { scheme: 'argon2i', memory: 32, passes: 1, parallelism: 4, pepper: null }],
    [
      argon2('m=1048576,t=64,p=16'),
      { scheme: 'argon2id', memory: 1_048_576, passes: 64, parallelism: 16, pepper: null },
    ],
    [
      argon2('m=64,t=1,p=1,keyid=pepper-0f3a5b7c9d1e'),
      { scheme: 'argon2id', memory: 64, passes: 1, parallelism: 1, pepper: 'pepper-0f3a5b7c9d1e' },
    ],
    [bcrypt('$2a$04'), { scheme: 'bcrypt', cost: 4 }],
    [bcrypt('$2y$16'), { scheme: 'bcrypt', cost: 16 }],
  ]
  for (const [text, about] of readable) {
    test(`${text.slice(0, 30)}… is parsed into its scheme and costs`, () =>
      assert.deepEqual(readStoredHash(text), about))
  }

  const unreadable = [
    null,
    '',
    'secret',
    argon2('m=1048577,t=1,p=1'),
    argon2('m=64,t=65,p=1'),
    argon2('m=1024,t=1,p=17'),
    argon2('m=7,t=1,p=1'),
    argon2('m=64,t=0,p=1'),
    argon2('m=64,t=1,p=0'),
    argon2('m=64,t=1'),
    argon2('m=64,t=1,p=1,keyid='),
    argon2('m=64,t=1,p=1,keyid=a.b'),
    argon2('keyid=a,m=64,t=1,p=1'),
    `${argon2('m=64,t=1,p=1')}\n`,
    bcrypt('$2b$03'),
    bcrypt('$2b$17'),
    bcrypt('$2x$10'),
    `${bcrypt('$2b$10')}a`,
  ]
  for (const text of unreadable) {
    test(`${JSON.stringify(text)} is unreadable`, () => {
      assert.deepEqual(readStoredHash(text), { scheme: 'unreadable' })
    })
  }
})
