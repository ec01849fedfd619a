// What the scopes of a resource let an app do, as far as their names say it.

/** What an app may do with things, such as events. `others` are scopes whose names say neither reading nor changing. */
export type ScopeUse = 'both' | 'read' | 'write' | 'others'

/** `events:read`, `read:events`, `events.read` or `read` alone. */
const FORMS = [/^(?<thing>.+)[:./](?<verb>read|write)$/, /^(?<verb>read|write)(?:[:./](?<thing>.+))?$/]

/** Returns the things of each use, in the order of the scopes; an empty name for a scope that names no thing, such as `read`. */
export function usesOfScopes(scopes: readonly string[]): ReadonlyMap<ScopeUse, readonly string[]> {
  const read = scopes.map((scope) => ({ scope, ...partsOf(scope) }))
  const verbs = Map.groupBy(read, ({ thing }) => thing)
  const uses = read.map(({ scope, thing, verb }): readonly [ScopeUse, string] => {
    if (verb === undefined || thing === undefined) return ['others', scope]
    const isBoth = verbs.get(thing)?.some((other) => other.verb !== verb) === true
    return [isBoth ? 'both' : verb, thing]
  })
  const grouped = Map.groupBy(uses, ([use]) => use)
  return new Map([...grouped].map(([use, entries]) => [use, [...new Set(entries.map(([, thing]) => thing))]]))
}

function partsOf(scope: string): { readonly verb?: 'read' | 'write'; readonly thing?: string } {
  for (const form of FORMS) {
    const { verb, thing = '' } = form.exec(scope)?.groups ?? {}
    if (verb === 'read' || verb === 'write') return { verb, thing }
  }
  return {}
}
