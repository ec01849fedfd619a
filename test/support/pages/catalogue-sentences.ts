// Every sentence of a catalogue of texts, also those with parameters.

interface Sentence {
  /** The path of the sentence in the catalogue, such as `security.done.password`. */
  readonly path: string
  /** The number of parameters; 0 for a fixed sentence. */
  readonly arity: number
  readonly say: (fact: unknown) => string
}

/** The sentences of a catalogue, each with its path. */
export function sentencesOf(catalogue: object): Sentence[] {
  return Object.entries(catalogue).flatMap(([key, value]) => within(value, key))
}

/** Every sentence as text; a sentence with parameters once with a count of one and once with a count of three. */
export function everySentence(catalogue: object): { readonly path: string; readonly said: string }[] {
  return sentencesOf(catalogue).flatMap(({ path, arity, say }) => {
    const facts = arity === 0 ? [undefined] : [anything(1), anything(3)]
    return facts.map((fact) => ({ path, said: say(fact) }))
  })
}

function within(value: unknown, path: string): Sentence[] {
  if (typeof value === 'string') return path === 'language' ? [] : [{ path, arity: 0, say: () => value }]
  if (isSentence(value))
    return [
      { path, arity: value.length, say: (fact) => String(value(...Array.from({ length: value.length }, () => fact))) },
    ]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => within(part, `${path}.${key}`))
}

function isSentence(value: unknown): value is (...facts: unknown[]) => unknown {
  return typeof value === 'function'
}

/** A value for any parameter: as a number it is `count`, as text a name, and each property and call returns it again. */
function anything(count: number): unknown {
  const fact: unknown = new Proxy(() => undefined, {
    apply: () => fact,
    get: (_target, key) => {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'string' ? 'Ada' : count)
      if (key === Symbol.iterator) return () => Array.from({ length: count }, () => 'Ada').values()
      return fact
    },
  })
  return fact
}
