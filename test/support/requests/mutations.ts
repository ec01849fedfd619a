// Bodies that are almost valid: one field of a valid body replaced, removed or added.

/** What the documentation promises for such a body: it cannot be parsed, it is too large, or the schema decides. */
type Expectation = 'unreadable' | 'too-large' | 'by-shape'

export interface MutatedBody {
  readonly text: string | Buffer
  readonly expectation: Expectation
  /** The value of the text, where it can be parsed. */
  readonly value?: unknown
}

export type Mutation = (body: Readonly<Record<string, unknown>>, field: string) => MutatedBody

/** The value as it is read from the text: a field without a value is not in it. */
function shaped(value: unknown): MutatedBody {
  const text = JSON.stringify(value)
  return { text, expectation: 'by-shape', value: JSON.parse(text) as unknown }
}

function replaced(by: (value: unknown) => unknown): Mutation {
  return (body, field) => shaped({ ...body, [field]: by(body[field]) })
}

/** The body with the field's value written as this JSON text. */
function spelled(json: string, expectation: Expectation = 'by-shape'): Mutation {
  return (body, field) => {
    const { [field]: _, ...rest } = body
    const others = JSON.stringify(rest).slice(1, -1)
    const text = `{${others}${others === '' ? '' : ','}${JSON.stringify(field)}:${json}}`
    return expectation === 'by-shape'
      ? { text, expectation, value: JSON.parse(text) as unknown }
      : { text, expectation }
  }
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'as it should be': (body) => shaped(body),
  missing: (body, field) => shaped(Object.fromEntries(Object.entries(body).filter(([name]) => name !== field))),
  null: replaced(() => null),
  'a number': replaced(() => 7),
  'a negative number': replaced(() => -1),
  'a number beyond 2^53': spelled('9007199254740993'),
  'a number beyond all numbers': spelled('1e999'),
  true: replaced(() => true),
  'an empty list': replaced(() => []),
  'a list of it': replaced((value) => [value]),
  'an object of it': replaced((value) => ({ value })),
  'an object that pretends to be text': replaced(() => ({ toString: 'text', length: 1 })),
  'the empty text': replaced(() => ''),
  blank: replaced(() => ' \t '),
  'a long text': replaced(() => 'long '.repeat(1000)),
  'a text of a MiB': (body, field) => ({
    text: JSON.stringify({ ...body, [field]: 'x'.repeat(1024 * 1024) }),
    expectation: 'too-large',
  }),
  'with a NUL': replaced((value) => `${String(value)}\0`),
  'with half a surrogate pair': replaced((value) => `${String(value)}\ud800`),
  'with letters that run backwards': replaced((value) => `\u202e${String(value)}\u2066`),
  'with combining marks': replaced(() => `e${'\u0301'.repeat(60)}`),
  'given twice': (body, field) => {
    const value = JSON.stringify(body[field])
    return { text: `{${JSON.stringify(field)}:${value},${JSON.stringify(body).slice(1)}`, expectation: 'unreadable' }
  },
  'nested a hundred deep': spelled(nested(100), 'unreadable'),
  'nested fifteen deep': spelled(nested(15)),
  'with a field that is not known': (body) => shaped({ ...body, not_a_field: 'x' }),
  'with __proto__': (body) => ({
    text: `{"__proto__":{"role":"admin"},${JSON.stringify(body).slice(1)}`,
    expectation: 'unreadable',
  }),
  'with constructor': (body) => shaped({ ...body, constructor: { prototype: { role: 'admin' } } }),
  'not in UTF-8': (body, field) => {
    const [before = '', after = ''] = JSON.stringify({ ...body, [field]: '%' }).split('%')
    return {
      text: Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(after)]),
      expectation: 'unreadable',
    }
  },
  'cut off': (body) => ({ text: JSON.stringify(body).slice(0, -1), expectation: 'unreadable' }),
  'with a trailing comma': (body) => ({ text: `${JSON.stringify(body).slice(0, -1)},}`, expectation: 'unreadable' }),
  'in single quotes': (_, field) => ({ text: `{'${field}': 1}`, expectation: 'unreadable' }),
}

/** Whether a pointer is that of the field or of a value inside it. */
export function isAbout(pointer: string, field: string): boolean {
  return pointer === `/${field}` || pointer.startsWith(`/${field}/`)
}
