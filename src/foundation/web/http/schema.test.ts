import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { choice, nullable, parse } from './schema.ts'
import { Type } from './type.ts'

const Account = Type.Object({
  name: Type.String({ minLength: 2, maxLength: 5 }),
  role: Type.Optional(choice(['admin', 'user'])),
  kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
  email: Type.Optional(nullable(Type.String({ format: 'email' }))),
  either: Type.Optional(Type.Union([Type.String({ maxLength: 3 }), Type.Null()])),
  tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
})

function fieldErrorLines(value: unknown): string[] {
  const parsed = parse(Account, value)
  return 'fieldErrors' in parsed
    ? parsed.fieldErrors.map(({ pointer, code, facts = {} }) => [pointer, code, ...Object.values(facts)].join(' '))
    : []
}

const CASES: [value: unknown, fieldErrors: string[]][] = [
  [{ name: 'ada', role: 'admin', kind: 'a', email: null, either: null, tags: [], labels: { any: 'thing' } }, []],
  [undefined, [' field.missing']],
  [{ name: 'a' }, ['/name field.too_short 2']],
  [{ name: 'ada', role: 'root' }, ['/role field.choice admin, user']],
  [{ name: 'ada', kind: 'c' }, ['/kind field.choice a, b']],
  [{ name: 'ada', email: 'nonsense' }, ['/email field.format email']],
  [{ name: 'ada', email: 7 }, ['/email field.type string']],
  [{ name: 'ada', either: 'long' }, ['/either field.too_long 3']],
  [{ name: 'ada', either: 7 }, ['/either field.type string']],
  [{ name: 'ada', tags: ['a', 'b', 'c'] }, ['/tags field.too_many 2']],
  [{ name: 'ada', tags: ['a', 7] }, ['/tags/1 field.type string']],
  [{ name: 'ada', tags: ['\0'] }, ['/tags/0 field.characters']],
  [{ name: 'ada', labels: { any: '\udc00' } }, ['/labels/any field.characters']],
  [{ name: 'ada', Name: 'x' }, ['/Name field.unknown']],
  [{ name: 'ada', 'my password is x': 'x' }, [' field.unknown']],
]

test('a schema names each invalid field and its violated limit', () => {
  for (const [value, fieldErrors] of CASES) assert.deepEqual(fieldErrorLines(value), fieldErrors, JSON.stringify(value))
})

test('the number of reported errors is limited', () => {
  const value = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, index]))
  assert.ok(fieldErrorLines(value).length <= 20)
})

test('parsing never throws, never changes the value and never repeats the input', () =>
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom('name', 'role', 'email', 'tags', '__proto__', 'x'), maxDepth: 3 }),
      (value) => {
        const before = structuredClone(value)
        const parsed = parse(Account, value)
        assert.deepEqual(value, before)
        const { name } = value
        if ('fieldErrors' in parsed && typeof name === 'string' && name.length > 12) {
          assert.ok(!JSON.stringify(parsed.fieldErrors).includes(name))
        }
      },
    ),
  ))
