// Every sentence of a catalogue of texts, also those with parameters.

export interface Sentence {
  /** The path of the sentence in the catalogue, such as `security.done.password`. */
  readonly path: string
  /** The number of parameters; 0 for a fixed sentence. */
  readonly arity: number
  readonly say: (fact: unknown) => string
  /** The same with a fact for each parameter. */
  readonly sayWith: (facts: readonly unknown[]) => string
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
  if (typeof value === 'string')
    return path === 'language' ? [] : [{ path, arity: 0, say: () => value, sayWith: () => value }]
  if (isSentence(value))
    return [
      {
        path,
        arity: value.length,
        say: (fact) => String(value(...Array.from({ length: value.length }, () => fact))),
        sayWith: (facts) => String(value(...facts)),
      },
    ]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => within(part, `${path}.${key}`))
}

function isSentence(value: unknown): value is (...facts: unknown[]) => unknown {
  return typeof value === 'function'
}

/**
 * A value for any parameter: as a number it is `count`, as text `name`, and as a list two names. A property is what `property` returns, the value
 * again by default, and so is the result of a call.
 */
export function anything(count: number, name = 'Ada', property?: (key: string) => unknown): unknown {
  const fact: unknown = new Proxy(() => undefined, {
    apply: () => fact,
    get: (_target, key) => {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'string' ? name : count)
      if (key === Symbol.iterator) return () => [name, name].values()
      return typeof key === 'string' && property ? property(key) : fact
    },
  })
  return fact
}
