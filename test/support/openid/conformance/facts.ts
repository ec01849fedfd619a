// Reads which conditions the modules of the conformance suite evaluate (docs/data/oidc-conformance-conditions.tsv).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'data', 'oidc-conformance-conditions.tsv')

export interface ModuleFact {
  readonly plan: string
  readonly module: string
  /** The class of the module, and those that it is based on. */
  readonly classes: readonly string[]
}

export interface ConditionFact {
  readonly ofClass: string
  readonly condition: string
  /** `FAILURE`, `WARNING` or `INFO`: what it is for the suite where the condition does not hold. */
  readonly severity: string
  /** Such as `OIDCC-3.1.2.1`: the standard and its section. */
  readonly requirements: readonly string[]
}

/** The modules, in the order of their plans. */
export const MODULES: readonly ModuleFact[] = rowsBelow('## plan').map(([plan = '', module = '', classes = '']) => ({
  plan,
  module,
  classes: classes.split(' > '),
}))

/** The conditions of each class; some classes evaluate one of them in two ways. */
export const CONDITIONS: readonly ConditionFact[] = rowsBelow('## class').map(
  ([ofClass = '', condition = '', severity = '', requirements = '']) => ({
    ofClass,
    condition,
    severity,
    requirements: requirements.split(' ').filter(Boolean),
  }),
)

/** Returns the names of the conditions that a module evaluates, those of its base classes among them. */
export function conditionsOf(module: string): Set<string> {
  const { classes = [] } = MODULES.find((one) => one.module === module) ?? {}
  return new Set(CONDITIONS.filter(({ ofClass }) => classes.includes(ofClass)).map(({ condition }) => condition))
}

function rowsBelow(heading: string): string[][] {
  const [, section = ''] = readFileSync(FILE, 'utf8').split(new RegExp(`^${heading}.*\n`, 'm'))
  const [table = ''] = section.split('\n\n')
  return table
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
}
